/**
 * Written by generateWinograd.mjs; change that. The one-dimensional maps of Winograd's algorithm: input (Bᵀ), output (Aᵀ), grad (A), weight (G)
 * and gradWeight (Gᵀ), with the number of outputs or weights in the name, on eight tiles side by side in two vectors, or on four rows
 * of weights in one. …Rows reads rows of tiles, or of channels; …Across reads neighbouring tiles from a row of pixels, or writes them there.
 */
import { madd, nmadd } from './simd';

const CONSTANTS = memory.data<f32>([2.25, 0.390625, 2.640625, 0.87890625, 0.625, 1.5, 3.375, 0.244140625, 1.1377778053283691, -0.6884033679962158, 0.11951447278261185, 5.0625, 0.152587890625]);

export function inputRows(x0: usize, x1: usize, x2: usize, x3: usize, x4: usize, x5: usize, to: usize, toStep: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k2 = v128.load32_splat(CONSTANTS, 8);
  const k3 = v128.load32_splat(CONSTANTS, 12);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const x0_0 = v128.load(x0 + at, 0);
    const x0_1 = v128.load(x0 + at, 16);
    const x1_0 = v128.load(x1 + at, 0);
    const x1_1 = v128.load(x1 + at, 16);
    const x2_0 = v128.load(x2 + at, 0);
    const x2_1 = v128.load(x2 + at, 16);
    const x3_0 = v128.load(x3 + at, 0);
    const x3_1 = v128.load(x3 + at, 16);
    const x4_0 = v128.load(x4 + at, 0);
    const x4_1 = v128.load(x4 + at, 16);
    const x5_0 = v128.load(x5 + at, 0);
    const x5_1 = v128.load(x5 + at, 16);
    let y = to + at;
    const ea_0 = nmadd(x2_0, k0, x4_0);
    const ea_1 = nmadd(x2_1, k0, x4_1);
    const oa_0 = nmadd(x1_0, k0, x3_0);
    const oa_1 = nmadd(x1_1, k0, x3_1);
    const eb_0 = nmadd(x2_0, k1, x4_0);
    const eb_1 = nmadd(x2_1, k1, x4_1);
    const ob_0 = nmadd(x1_0, k1, x3_0);
    const ob_1 = nmadd(x1_1, k1, x3_1);
    v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)), 0);
    v128.store(y, madd(x0_1, k3, nmadd(x2_1, k2, x4_1)), 16);
    y += toStep;
    v128.store(y, madd(oa_0, k4, ea_0), 0);
    v128.store(y, madd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, nmadd(oa_0, k4, ea_0), 0);
    v128.store(y, nmadd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, madd(ob_0, k5, eb_0), 0);
    v128.store(y, madd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, nmadd(ob_0, k5, eb_0), 0);
    v128.store(y, nmadd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)), 0);
    v128.store(y, madd(x1_1, k3, nmadd(x3_1, k2, x5_1)), 16);
    y += toStep;
  }
}

export function inputAcross2(x: usize, to: usize, toStep: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k2 = v128.load32_splat(CONSTANTS, 8);
  const k3 = v128.load32_splat(CONSTANTS, 12);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const from = x + 2 * at;
    const p0_0 = v128.load(from, 0);
    const q0_0 = v128.load(from, 16);
    const p1_0 = v128.load(from, 8);
    const q1_0 = v128.load(from, 24);
    const p2_0 = v128.load(from, 16);
    const q2_0 = v128.load(from, 32);
    const x0_0 = v128.shuffle<f32>(p0_0, q0_0, 0, 2, 4, 6);
    const x1_0 = v128.shuffle<f32>(p0_0, q0_0, 1, 3, 5, 7);
    const x2_0 = v128.shuffle<f32>(p1_0, q1_0, 0, 2, 4, 6);
    const x3_0 = v128.shuffle<f32>(p1_0, q1_0, 1, 3, 5, 7);
    const x4_0 = v128.shuffle<f32>(p2_0, q2_0, 0, 2, 4, 6);
    const x5_0 = v128.shuffle<f32>(p2_0, q2_0, 1, 3, 5, 7);
    const p0_1 = v128.load(from, 32);
    const q0_1 = v128.load(from, 48);
    const p1_1 = v128.load(from, 40);
    const q1_1 = v128.load(from, 56);
    const p2_1 = v128.load(from, 48);
    const q2_1 = v128.load(from, 64);
    const x0_1 = v128.shuffle<f32>(p0_1, q0_1, 0, 2, 4, 6);
    const x1_1 = v128.shuffle<f32>(p0_1, q0_1, 1, 3, 5, 7);
    const x2_1 = v128.shuffle<f32>(p1_1, q1_1, 0, 2, 4, 6);
    const x3_1 = v128.shuffle<f32>(p1_1, q1_1, 1, 3, 5, 7);
    const x4_1 = v128.shuffle<f32>(p2_1, q2_1, 0, 2, 4, 6);
    const x5_1 = v128.shuffle<f32>(p2_1, q2_1, 1, 3, 5, 7);
    let y = to + at;
    const ea_0 = nmadd(x2_0, k0, x4_0);
    const ea_1 = nmadd(x2_1, k0, x4_1);
    const oa_0 = nmadd(x1_0, k0, x3_0);
    const oa_1 = nmadd(x1_1, k0, x3_1);
    const eb_0 = nmadd(x2_0, k1, x4_0);
    const eb_1 = nmadd(x2_1, k1, x4_1);
    const ob_0 = nmadd(x1_0, k1, x3_0);
    const ob_1 = nmadd(x1_1, k1, x3_1);
    v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)), 0);
    v128.store(y, madd(x0_1, k3, nmadd(x2_1, k2, x4_1)), 16);
    y += toStep;
    v128.store(y, madd(oa_0, k4, ea_0), 0);
    v128.store(y, madd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, nmadd(oa_0, k4, ea_0), 0);
    v128.store(y, nmadd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, madd(ob_0, k5, eb_0), 0);
    v128.store(y, madd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, nmadd(ob_0, k5, eb_0), 0);
    v128.store(y, nmadd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)), 0);
    v128.store(y, madd(x1_1, k3, nmadd(x3_1, k2, x5_1)), 16);
    y += toStep;
  }
}

export function inputAcross4(x: usize, to: usize, toStep: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k2 = v128.load32_splat(CONSTANTS, 8);
  const k3 = v128.load32_splat(CONSTANTS, 12);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const from = x + 4 * at;
    const p0_0 = v128.load(from, 0);
    const p1_0 = v128.load(from, 16);
    const p2_0 = v128.load(from, 32);
    const p3_0 = v128.load(from, 48);
    const p4_0 = v128.load(from, 64);
    const l0_0 = v128.shuffle<f32>(p0_0, p1_0, 0, 4, 1, 5);
    const r0_0 = v128.shuffle<f32>(p2_0, p3_0, 0, 4, 1, 5);
    const x0_0 = v128.shuffle<f32>(l0_0, r0_0, 0, 1, 4, 5);
    const x1_0 = v128.shuffle<f32>(l0_0, r0_0, 2, 3, 6, 7);
    const s0 = v128.shuffle<f32>(p0_0, p1_0, 2, 6, 3, 7);
    const t0 = v128.shuffle<f32>(p2_0, p3_0, 2, 6, 3, 7);
    const x2_0 = v128.shuffle<f32>(s0, t0, 0, 1, 4, 5);
    const x3_0 = v128.shuffle<f32>(s0, t0, 2, 3, 6, 7);
    const l1_0 = v128.shuffle<f32>(p1_0, p2_0, 0, 4, 1, 5);
    const r1_0 = v128.shuffle<f32>(p3_0, p4_0, 0, 4, 1, 5);
    const x4_0 = v128.shuffle<f32>(l1_0, r1_0, 0, 1, 4, 5);
    const x5_0 = v128.shuffle<f32>(l1_0, r1_0, 2, 3, 6, 7);
    const p0_1 = v128.load(from, 64);
    const p1_1 = v128.load(from, 80);
    const p2_1 = v128.load(from, 96);
    const p3_1 = v128.load(from, 112);
    const p4_1 = v128.load(from, 128);
    const l0_1 = v128.shuffle<f32>(p0_1, p1_1, 0, 4, 1, 5);
    const r0_1 = v128.shuffle<f32>(p2_1, p3_1, 0, 4, 1, 5);
    const x0_1 = v128.shuffle<f32>(l0_1, r0_1, 0, 1, 4, 5);
    const x1_1 = v128.shuffle<f32>(l0_1, r0_1, 2, 3, 6, 7);
    const s1 = v128.shuffle<f32>(p0_1, p1_1, 2, 6, 3, 7);
    const t1 = v128.shuffle<f32>(p2_1, p3_1, 2, 6, 3, 7);
    const x2_1 = v128.shuffle<f32>(s1, t1, 0, 1, 4, 5);
    const x3_1 = v128.shuffle<f32>(s1, t1, 2, 3, 6, 7);
    const l1_1 = v128.shuffle<f32>(p1_1, p2_1, 0, 4, 1, 5);
    const r1_1 = v128.shuffle<f32>(p3_1, p4_1, 0, 4, 1, 5);
    const x4_1 = v128.shuffle<f32>(l1_1, r1_1, 0, 1, 4, 5);
    const x5_1 = v128.shuffle<f32>(l1_1, r1_1, 2, 3, 6, 7);
    let y = to + at;
    const ea_0 = nmadd(x2_0, k0, x4_0);
    const ea_1 = nmadd(x2_1, k0, x4_1);
    const oa_0 = nmadd(x1_0, k0, x3_0);
    const oa_1 = nmadd(x1_1, k0, x3_1);
    const eb_0 = nmadd(x2_0, k1, x4_0);
    const eb_1 = nmadd(x2_1, k1, x4_1);
    const ob_0 = nmadd(x1_0, k1, x3_0);
    const ob_1 = nmadd(x1_1, k1, x3_1);
    v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)), 0);
    v128.store(y, madd(x0_1, k3, nmadd(x2_1, k2, x4_1)), 16);
    y += toStep;
    v128.store(y, madd(oa_0, k4, ea_0), 0);
    v128.store(y, madd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, nmadd(oa_0, k4, ea_0), 0);
    v128.store(y, nmadd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, madd(ob_0, k5, eb_0), 0);
    v128.store(y, madd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, nmadd(ob_0, k5, eb_0), 0);
    v128.store(y, nmadd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)), 0);
    v128.store(y, madd(x1_1, k3, nmadd(x3_1, k2, x5_1)), 16);
    y += toStep;
  }
}

export function grad2Rows(x0: usize, x1: usize, to: usize, toStep: usize, tiles: i32): void {
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const x0_0 = v128.load(x0 + at, 0);
    const x0_1 = v128.load(x0 + at, 16);
    const x1_0 = v128.load(x1 + at, 0);
    const x1_1 = v128.load(x1 + at, 16);
    let y = to + at;
    v128.store(y, x0_0, 0);
    v128.store(y, x0_1, 16);
    y += toStep;
    v128.store(y, madd(x1_0, k4, x0_0), 0);
    v128.store(y, madd(x1_1, k4, x0_1), 16);
    y += toStep;
    v128.store(y, nmadd(x1_0, k4, x0_0), 0);
    v128.store(y, nmadd(x1_1, k4, x0_1), 16);
    y += toStep;
    v128.store(y, madd(x1_0, k5, x0_0), 0);
    v128.store(y, madd(x1_1, k5, x0_1), 16);
    y += toStep;
    v128.store(y, nmadd(x1_0, k5, x0_0), 0);
    v128.store(y, nmadd(x1_1, k5, x0_1), 16);
    y += toStep;
    v128.store(y, x1_0, 0);
    v128.store(y, x1_1, 16);
    y += toStep;
  }
}

export function output2Rows(x: usize, step: usize, to: usize, toStep: usize, tiles: i32): void {
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    let from = x + at;
    const x0_0 = v128.load(from, 0);
    const x0_1 = v128.load(from, 16);
    from += step;
    const x1_0 = v128.load(from, 0);
    const x1_1 = v128.load(from, 16);
    from += step;
    const x2_0 = v128.load(from, 0);
    const x2_1 = v128.load(from, 16);
    from += step;
    const x3_0 = v128.load(from, 0);
    const x3_1 = v128.load(from, 16);
    from += step;
    const x4_0 = v128.load(from, 0);
    const x4_1 = v128.load(from, 16);
    from += step;
    const x5_0 = v128.load(from, 0);
    const x5_1 = v128.load(from, 16);
    from += step;
    let y = to + at;
    const sa_0 = f32x4.add(x1_0, x2_0);
    const sa_1 = f32x4.add(x1_1, x2_1);
    const da_0 = f32x4.sub(x1_0, x2_0);
    const da_1 = f32x4.sub(x1_1, x2_1);
    const sb_0 = f32x4.add(x3_0, x4_0);
    const sb_1 = f32x4.add(x3_1, x4_1);
    const db_0 = f32x4.sub(x3_0, x4_0);
    const db_1 = f32x4.sub(x3_1, x4_1);
    v128.store(y, f32x4.add(x0_0, f32x4.add(sa_0, sb_0)), 0);
    v128.store(y, f32x4.add(x0_1, f32x4.add(sa_1, sb_1)), 16);
    y += toStep;
    v128.store(y, madd(da_0, k4, madd(db_0, k5, x5_0)), 0);
    v128.store(y, madd(da_1, k4, madd(db_1, k5, x5_1)), 16);
    y += toStep;
  }
}

export function output2Across(x: usize, step: usize, bias: v128, relu: v128, to: usize, tiles: i32): void {
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    let from = x + at;
    const x0_0 = v128.load(from, 0);
    const x0_1 = v128.load(from, 16);
    from += step;
    const x1_0 = v128.load(from, 0);
    const x1_1 = v128.load(from, 16);
    from += step;
    const x2_0 = v128.load(from, 0);
    const x2_1 = v128.load(from, 16);
    from += step;
    const x3_0 = v128.load(from, 0);
    const x3_1 = v128.load(from, 16);
    from += step;
    const x4_0 = v128.load(from, 0);
    const x4_1 = v128.load(from, 16);
    from += step;
    const x5_0 = v128.load(from, 0);
    const x5_1 = v128.load(from, 16);
    from += step;
    const sa_0 = f32x4.add(x1_0, x2_0);
    const sa_1 = f32x4.add(x1_1, x2_1);
    const da_0 = f32x4.sub(x1_0, x2_0);
    const da_1 = f32x4.sub(x1_1, x2_1);
    const sb_0 = f32x4.add(x3_0, x4_0);
    const sb_1 = f32x4.add(x3_1, x4_1);
    const db_0 = f32x4.sub(x3_0, x4_0);
    const db_1 = f32x4.sub(x3_1, x4_1);
    const z0_0 = f32x4.add(f32x4.add(x0_0, f32x4.add(sa_0, sb_0)), bias);
    const z0_1 = f32x4.add(f32x4.add(x0_1, f32x4.add(sa_1, sb_1)), bias);
    const z1_0 = f32x4.add(madd(da_0, k4, madd(db_0, k5, x5_0)), bias);
    const z1_1 = f32x4.add(madd(da_1, k4, madd(db_1, k5, x5_1)), bias);
    const y0_0 = v128.andnot(z0_0, v128.and(f32x4.le(z0_0, f32x4.splat(0)), relu));
    const y0_1 = v128.andnot(z0_1, v128.and(f32x4.le(z0_1, f32x4.splat(0)), relu));
    const y1_0 = v128.andnot(z1_0, v128.and(f32x4.le(z1_0, f32x4.splat(0)), relu));
    const y1_1 = v128.andnot(z1_1, v128.and(f32x4.le(z1_1, f32x4.splat(0)), relu));
    const y = to + 2 * at;
    v128.store(y, v128.shuffle<f32>(y0_0, y1_0, 0, 4, 1, 5), 0);
    v128.store(y, v128.shuffle<f32>(y0_0, y1_0, 2, 6, 3, 7), 16);
    v128.store(y, v128.shuffle<f32>(y0_1, y1_1, 0, 4, 1, 5), 32);
    v128.store(y, v128.shuffle<f32>(y0_1, y1_1, 2, 6, 3, 7), 48);
  }
}

export function grad4Rows(x0: usize, x1: usize, x2: usize, x3: usize, to: usize, toStep: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const x0_0 = v128.load(x0 + at, 0);
    const x0_1 = v128.load(x0 + at, 16);
    const x1_0 = v128.load(x1 + at, 0);
    const x1_1 = v128.load(x1 + at, 16);
    const x2_0 = v128.load(x2 + at, 0);
    const x2_1 = v128.load(x2 + at, 16);
    const x3_0 = v128.load(x3 + at, 0);
    const x3_1 = v128.load(x3 + at, 16);
    let y = to + at;
    const ea_0 = madd(x2_0, k1, x0_0);
    const ea_1 = madd(x2_1, k1, x0_1);
    const oa_0 = madd(x3_0, k1, x1_0);
    const oa_1 = madd(x3_1, k1, x1_1);
    const eb_0 = madd(x2_0, k0, x0_0);
    const eb_1 = madd(x2_1, k0, x0_1);
    const ob_0 = madd(x3_0, k0, x1_0);
    const ob_1 = madd(x3_1, k0, x1_1);
    v128.store(y, x0_0, 0);
    v128.store(y, x0_1, 16);
    y += toStep;
    v128.store(y, madd(oa_0, k4, ea_0), 0);
    v128.store(y, madd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, nmadd(oa_0, k4, ea_0), 0);
    v128.store(y, nmadd(oa_1, k4, ea_1), 16);
    y += toStep;
    v128.store(y, madd(ob_0, k5, eb_0), 0);
    v128.store(y, madd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, nmadd(ob_0, k5, eb_0), 0);
    v128.store(y, nmadd(ob_1, k5, eb_1), 16);
    y += toStep;
    v128.store(y, x3_0, 0);
    v128.store(y, x3_1, 16);
    y += toStep;
  }
}

export function output4Rows(x: usize, step: usize, to: usize, toStep: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k6 = v128.load32_splat(CONSTANTS, 24);
  const k7 = v128.load32_splat(CONSTANTS, 28);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    let from = x + at;
    const x0_0 = v128.load(from, 0);
    const x0_1 = v128.load(from, 16);
    from += step;
    const x1_0 = v128.load(from, 0);
    const x1_1 = v128.load(from, 16);
    from += step;
    const x2_0 = v128.load(from, 0);
    const x2_1 = v128.load(from, 16);
    from += step;
    const x3_0 = v128.load(from, 0);
    const x3_1 = v128.load(from, 16);
    from += step;
    const x4_0 = v128.load(from, 0);
    const x4_1 = v128.load(from, 16);
    from += step;
    const x5_0 = v128.load(from, 0);
    const x5_1 = v128.load(from, 16);
    from += step;
    let y = to + at;
    const sa_0 = f32x4.add(x1_0, x2_0);
    const sa_1 = f32x4.add(x1_1, x2_1);
    const da_0 = f32x4.sub(x1_0, x2_0);
    const da_1 = f32x4.sub(x1_1, x2_1);
    const sb_0 = f32x4.add(x3_0, x4_0);
    const sb_1 = f32x4.add(x3_1, x4_1);
    const db_0 = f32x4.sub(x3_0, x4_0);
    const db_1 = f32x4.sub(x3_1, x4_1);
    v128.store(y, f32x4.add(x0_0, f32x4.add(sa_0, sb_0)), 0);
    v128.store(y, f32x4.add(x0_1, f32x4.add(sa_1, sb_1)), 16);
    y += toStep;
    v128.store(y, madd(da_0, k4, f32x4.mul(db_0, k5)), 0);
    v128.store(y, madd(da_1, k4, f32x4.mul(db_1, k5)), 16);
    y += toStep;
    v128.store(y, madd(sa_0, k1, f32x4.mul(sb_0, k0)), 0);
    v128.store(y, madd(sa_1, k1, f32x4.mul(sb_1, k0)), 16);
    y += toStep;
    v128.store(y, madd(da_0, k7, madd(db_0, k6, x5_0)), 0);
    v128.store(y, madd(da_1, k7, madd(db_1, k6, x5_1)), 16);
    y += toStep;
  }
}

export function output4Across(x: usize, step: usize, bias: v128, relu: v128, to: usize, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k6 = v128.load32_splat(CONSTANTS, 24);
  const k7 = v128.load32_splat(CONSTANTS, 28);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    let from = x + at;
    const x0_0 = v128.load(from, 0);
    const x0_1 = v128.load(from, 16);
    from += step;
    const x1_0 = v128.load(from, 0);
    const x1_1 = v128.load(from, 16);
    from += step;
    const x2_0 = v128.load(from, 0);
    const x2_1 = v128.load(from, 16);
    from += step;
    const x3_0 = v128.load(from, 0);
    const x3_1 = v128.load(from, 16);
    from += step;
    const x4_0 = v128.load(from, 0);
    const x4_1 = v128.load(from, 16);
    from += step;
    const x5_0 = v128.load(from, 0);
    const x5_1 = v128.load(from, 16);
    from += step;
    const sa_0 = f32x4.add(x1_0, x2_0);
    const sa_1 = f32x4.add(x1_1, x2_1);
    const da_0 = f32x4.sub(x1_0, x2_0);
    const da_1 = f32x4.sub(x1_1, x2_1);
    const sb_0 = f32x4.add(x3_0, x4_0);
    const sb_1 = f32x4.add(x3_1, x4_1);
    const db_0 = f32x4.sub(x3_0, x4_0);
    const db_1 = f32x4.sub(x3_1, x4_1);
    const z0_0 = f32x4.add(f32x4.add(x0_0, f32x4.add(sa_0, sb_0)), bias);
    const z0_1 = f32x4.add(f32x4.add(x0_1, f32x4.add(sa_1, sb_1)), bias);
    const z1_0 = f32x4.add(madd(da_0, k4, f32x4.mul(db_0, k5)), bias);
    const z1_1 = f32x4.add(madd(da_1, k4, f32x4.mul(db_1, k5)), bias);
    const z2_0 = f32x4.add(madd(sa_0, k1, f32x4.mul(sb_0, k0)), bias);
    const z2_1 = f32x4.add(madd(sa_1, k1, f32x4.mul(sb_1, k0)), bias);
    const z3_0 = f32x4.add(madd(da_0, k7, madd(db_0, k6, x5_0)), bias);
    const z3_1 = f32x4.add(madd(da_1, k7, madd(db_1, k6, x5_1)), bias);
    const y0_0 = v128.andnot(z0_0, v128.and(f32x4.le(z0_0, f32x4.splat(0)), relu));
    const y0_1 = v128.andnot(z0_1, v128.and(f32x4.le(z0_1, f32x4.splat(0)), relu));
    const y1_0 = v128.andnot(z1_0, v128.and(f32x4.le(z1_0, f32x4.splat(0)), relu));
    const y1_1 = v128.andnot(z1_1, v128.and(f32x4.le(z1_1, f32x4.splat(0)), relu));
    const y2_0 = v128.andnot(z2_0, v128.and(f32x4.le(z2_0, f32x4.splat(0)), relu));
    const y2_1 = v128.andnot(z2_1, v128.and(f32x4.le(z2_1, f32x4.splat(0)), relu));
    const y3_0 = v128.andnot(z3_0, v128.and(f32x4.le(z3_0, f32x4.splat(0)), relu));
    const y3_1 = v128.andnot(z3_1, v128.and(f32x4.le(z3_1, f32x4.splat(0)), relu));
    const y = to + 4 * at;
    const l0_0 = v128.shuffle<f32>(y0_0, y1_0, 0, 4, 1, 5);
    const l1_0 = v128.shuffle<f32>(y2_0, y3_0, 0, 4, 1, 5);
    v128.store(y, v128.shuffle<f32>(l0_0, l1_0, 0, 1, 4, 5), 0);
    v128.store(y, v128.shuffle<f32>(l0_0, l1_0, 2, 3, 6, 7), 16);
    const h0_0 = v128.shuffle<f32>(y0_0, y1_0, 2, 6, 3, 7);
    const h1_0 = v128.shuffle<f32>(y2_0, y3_0, 2, 6, 3, 7);
    v128.store(y, v128.shuffle<f32>(h0_0, h1_0, 0, 1, 4, 5), 32);
    v128.store(y, v128.shuffle<f32>(h0_0, h1_0, 2, 3, 6, 7), 48);
    const l0_1 = v128.shuffle<f32>(y0_1, y1_1, 0, 4, 1, 5);
    const l1_1 = v128.shuffle<f32>(y2_1, y3_1, 0, 4, 1, 5);
    v128.store(y, v128.shuffle<f32>(l0_1, l1_1, 0, 1, 4, 5), 64);
    v128.store(y, v128.shuffle<f32>(l0_1, l1_1, 2, 3, 6, 7), 80);
    const h0_1 = v128.shuffle<f32>(y0_1, y1_1, 2, 6, 3, 7);
    const h1_1 = v128.shuffle<f32>(y2_1, y3_1, 2, 6, 3, 7);
    v128.store(y, v128.shuffle<f32>(h0_1, h1_1, 0, 1, 4, 5), 96);
    v128.store(y, v128.shuffle<f32>(h0_1, h1_1, 2, 3, 6, 7), 112);
  }
}

export function weight3(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  x += step;
  const ea_0 = madd(x2_0, k1, x0_0);
  const eb_0 = madd(x2_0, k0, x0_0);
  v128.store(to, f32x4.mul(x0_0, k8));
  to += toStep;
  v128.store(to, f32x4.mul(madd(x1_0, k4, ea_0), k9));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(x1_0, k4, ea_0), k9));
  to += toStep;
  v128.store(to, f32x4.mul(madd(x1_0, k5, eb_0), k10));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(x1_0, k5, eb_0), k10));
  to += toStep;
  v128.store(to, x2_0);
  to += toStep;
}

export function gradWeight3(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  x += step;
  const x3_0 = v128.load(x);
  x += step;
  const x4_0 = v128.load(x);
  x += step;
  const x5_0 = v128.load(x);
  x += step;
  const sa_0 = f32x4.mul(f32x4.add(x1_0, x2_0), k9);
  const da_0 = f32x4.mul(f32x4.sub(x1_0, x2_0), k9);
  const sb_0 = f32x4.mul(f32x4.add(x3_0, x4_0), k10);
  const db_0 = f32x4.mul(f32x4.sub(x3_0, x4_0), k10);
  v128.store(to, madd(x0_0, k8, f32x4.add(sa_0, sb_0)));
  to += toStep;
  v128.store(to, madd(da_0, k4, f32x4.mul(db_0, k5)));
  to += toStep;
  v128.store(to, madd(sa_0, k1, madd(sb_0, k0, x5_0)));
  to += toStep;
}

export function weight5(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  x += step;
  const x3_0 = v128.load(x);
  x += step;
  const x4_0 = v128.load(x);
  x += step;
  const ea_0 = madd(madd(x4_0, k1, x2_0), k1, x0_0);
  const oa_0 = madd(x3_0, k1, x1_0);
  const eb_0 = madd(madd(x4_0, k0, x2_0), k0, x0_0);
  const ob_0 = madd(x3_0, k0, x1_0);
  v128.store(to, f32x4.mul(x0_0, k8));
  to += toStep;
  v128.store(to, f32x4.mul(madd(oa_0, k4, ea_0), k9));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(oa_0, k4, ea_0), k9));
  to += toStep;
  v128.store(to, f32x4.mul(madd(ob_0, k5, eb_0), k10));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(ob_0, k5, eb_0), k10));
  to += toStep;
  v128.store(to, x4_0);
  to += toStep;
}

export function gradWeight5(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k11 = v128.load32_splat(CONSTANTS, 44);
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k6 = v128.load32_splat(CONSTANTS, 24);
  const k7 = v128.load32_splat(CONSTANTS, 28);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  x += step;
  const x3_0 = v128.load(x);
  x += step;
  const x4_0 = v128.load(x);
  x += step;
  const x5_0 = v128.load(x);
  x += step;
  const sa_0 = f32x4.mul(f32x4.add(x1_0, x2_0), k9);
  const da_0 = f32x4.mul(f32x4.sub(x1_0, x2_0), k9);
  const sb_0 = f32x4.mul(f32x4.add(x3_0, x4_0), k10);
  const db_0 = f32x4.mul(f32x4.sub(x3_0, x4_0), k10);
  v128.store(to, madd(x0_0, k8, f32x4.add(sa_0, sb_0)));
  to += toStep;
  v128.store(to, madd(da_0, k4, f32x4.mul(db_0, k5)));
  to += toStep;
  v128.store(to, madd(sa_0, k1, f32x4.mul(sb_0, k0)));
  to += toStep;
  v128.store(to, madd(da_0, k7, f32x4.mul(db_0, k6)));
  to += toStep;
  v128.store(to, madd(sa_0, k12, madd(sb_0, k11, x5_0)));
  to += toStep;
}
