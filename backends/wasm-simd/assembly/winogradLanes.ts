/**
 * Written by generateWinograd.mjs; change that. The one-dimensional maps of Winograd's algorithm: input (Bᵀ), output (Aᵀ), grad (A), weight (G)
 * and gradWeight (Gᵀ), with the number of inputs and results in the name. …Rows reads rows of tiles, or of channels, eight at a time; …Across reads
 * neighbouring tiles from rows of pixels, or writes them there, and …Cells reads four channels of them; the others take four rows of weights.
 */
import { madd, nmadd } from './simd';

const CONSTANTS = memory.data<f32>([2.25, 0.390625, 2.640625, 0.87890625, 0.625, 1.5, 3.375, 0.244140625, 5, 4, 4.25, 1.25, 0.25, 5.25, 0.5, 2, 8, 0.125, 1.1377778053283691, -0.6884033679962158, 0.11951447278261185, 5.0625, 0.152587890625, -1, 0.7111111283302307, -0.2222222238779068, 0.011111111380159855, 16, 0.0625]);

export function input6Rows(x0: usize, x1: usize, x2: usize, x3: usize, x4: usize, x5: usize, to: usize, toStep: usize, tiles: i32): void {
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
    const e0_0 = nmadd(x2_0, k0, x4_0);
    const e0_1 = nmadd(x2_1, k0, x4_1);
    const o0_0 = nmadd(x1_0, k0, x3_0);
    const o0_1 = nmadd(x1_1, k0, x3_1);
    const e1_0 = nmadd(x2_0, k1, x4_0);
    const e1_1 = nmadd(x2_1, k1, x4_1);
    const o1_0 = nmadd(x1_0, k1, x3_0);
    const o1_1 = nmadd(x1_1, k1, x3_1);
    v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)), 0);
    v128.store(y, madd(x0_1, k3, nmadd(x2_1, k2, x4_1)), 16);
    y += toStep;
    v128.store(y, madd(o0_0, k4, e0_0), 0);
    v128.store(y, madd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, nmadd(o0_0, k4, e0_0), 0);
    v128.store(y, nmadd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, madd(o1_0, k5, e1_0), 0);
    v128.store(y, madd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, nmadd(o1_0, k5, e1_0), 0);
    v128.store(y, nmadd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)), 0);
    v128.store(y, madd(x1_1, k3, nmadd(x3_1, k2, x5_1)), 16);
  }
}

export function input6Across(x: usize, xRow: usize, to: usize, toRow: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k2 = v128.load32_splat(CONSTANTS, 8);
  const k3 = v128.load32_splat(CONSTANTS, 12);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    for (let t = 0; t < tiles; t += 4) {
      const p0 = v128.load(from, 0);
      const p1 = v128.load(from, 16);
      const p2 = v128.load(from, 32);
      const p3 = v128.load(from, 48);
      const p4 = v128.load(from, 64);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x0_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x1_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x2_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x3_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      const l0n = v128.shuffle<f32>(p1, p2, 0, 4, 1, 5);
      const l1n = v128.shuffle<f32>(p3, p4, 0, 4, 1, 5);
      const x4_0 = v128.shuffle<f32>(l0n, l1n, 0, 1, 4, 5);
      const x5_0 = v128.shuffle<f32>(l0n, l1n, 2, 3, 6, 7);
      let y = at;
      const e0_0 = nmadd(x2_0, k0, x4_0);
      const o0_0 = nmadd(x1_0, k0, x3_0);
      const e1_0 = nmadd(x2_0, k1, x4_0);
      const o1_0 = nmadd(x1_0, k1, x3_0);
      v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)));
      y += toStep;
      v128.store(y, madd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, madd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, nmadd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)));
      from += 64;
      at += 16;
    }
    x += xRow;
    to += toRow;
  }
}

export function input6Cells(x: usize, xRow: usize, xChannel: usize, to: usize, toRow: usize, toTile: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k2 = v128.load32_splat(CONSTANTS, 8);
  const k3 = v128.load32_splat(CONSTANTS, 12);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    const p0b = v128.load(from);
    const p1b = v128.load(from + xChannel);
    const p2b = v128.load(from + 2 * xChannel);
    const p3b = v128.load(from + 3 * xChannel);
    const l0b = v128.shuffle<f32>(p0b, p1b, 0, 4, 1, 5);
    const l1b = v128.shuffle<f32>(p2b, p3b, 0, 4, 1, 5);
    const b0 = v128.shuffle<f32>(l0b, l1b, 0, 1, 4, 5);
    const b1 = v128.shuffle<f32>(l0b, l1b, 2, 3, 6, 7);
    const h0b = v128.shuffle<f32>(p0b, p1b, 2, 6, 3, 7);
    const h1b = v128.shuffle<f32>(p2b, p3b, 2, 6, 3, 7);
    const b2 = v128.shuffle<f32>(h0b, h1b, 0, 1, 4, 5);
    const b3 = v128.shuffle<f32>(h0b, h1b, 2, 3, 6, 7);
    let c0 = b0;
    let c1 = b1;
    let c2 = b2;
    let c3 = b3;
    from += 16;
    for (let t = 0; t < tiles; t++) {
      const x0_0 = c0;
      const x1_0 = c1;
      const x2_0 = c2;
      const x3_0 = c3;
      const p0 = v128.load(from);
      const p1 = v128.load(from + xChannel);
      const p2 = v128.load(from + 2 * xChannel);
      const p3 = v128.load(from + 3 * xChannel);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x4_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x5_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x6_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x7_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      let y = at;
      const e0_0 = nmadd(x2_0, k0, x4_0);
      const o0_0 = nmadd(x1_0, k0, x3_0);
      const e1_0 = nmadd(x2_0, k1, x4_0);
      const o1_0 = nmadd(x1_0, k1, x3_0);
      v128.store(y, madd(x0_0, k3, nmadd(x2_0, k2, x4_0)));
      y += toStep;
      v128.store(y, madd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, madd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, nmadd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, madd(x1_0, k3, nmadd(x3_0, k2, x5_0)));
      c0 = x4_0;
      c1 = x5_0;
      c2 = x6_0;
      c3 = x7_0;
      from += 16;
      at += toTile;
    }
    x += xRow;
    to += toRow;
  }
}

export function grad4to6Cells(x: usize, xRow: usize, xChannel: usize, to: usize, toRow: usize, toTile: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    for (let t = 0; t < tiles; t++) {
      const p0 = v128.load(from);
      const p1 = v128.load(from + xChannel);
      const p2 = v128.load(from + 2 * xChannel);
      const p3 = v128.load(from + 3 * xChannel);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x0_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x1_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x2_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x3_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      let y = at;
      const e0_0 = madd(x2_0, k1, x0_0);
      const o0_0 = madd(x3_0, k1, x1_0);
      const e1_0 = madd(x2_0, k0, x0_0);
      const o1_0 = madd(x3_0, k0, x1_0);
      v128.store(y, x0_0);
      y += toStep;
      v128.store(y, madd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k4, e0_0));
      y += toStep;
      v128.store(y, madd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, nmadd(o1_0, k5, e1_0));
      y += toStep;
      v128.store(y, x3_0);
      from += 16;
      at += toTile;
    }
    x += xRow;
    to += toRow;
  }
}

export function output6to4Across(x: usize, step: usize, bias: v128, positive: v128, to: usize, tiles: i32): void {
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
    const s0_0 = f32x4.add(x1_0, x2_0);
    const s0_1 = f32x4.add(x1_1, x2_1);
    const d0_0 = f32x4.sub(x1_0, x2_0);
    const d0_1 = f32x4.sub(x1_1, x2_1);
    const s1_0 = f32x4.add(x3_0, x4_0);
    const s1_1 = f32x4.add(x3_1, x4_1);
    const d1_0 = f32x4.sub(x3_0, x4_0);
    const d1_1 = f32x4.sub(x3_1, x4_1);
    const z0_0 = f32x4.add(f32x4.add(f32x4.add(x0_0, s1_0), s0_0), bias);
    const z0_1 = f32x4.add(f32x4.add(f32x4.add(x0_1, s1_1), s0_1), bias);
    const z1_0 = f32x4.add(madd(d0_0, k4, f32x4.mul(d1_0, k5)), bias);
    const z1_1 = f32x4.add(madd(d0_1, k4, f32x4.mul(d1_1, k5)), bias);
    const z2_0 = f32x4.add(madd(s0_0, k1, f32x4.mul(s1_0, k0)), bias);
    const z2_1 = f32x4.add(madd(s0_1, k1, f32x4.mul(s1_1, k0)), bias);
    const z3_0 = f32x4.add(madd(d0_0, k7, madd(d1_0, k6, x5_0)), bias);
    const z3_1 = f32x4.add(madd(d0_1, k7, madd(d1_1, k6, x5_1)), bias);
    const y0_0 = v128.andnot(z0_0, v128.and(f32x4.le(z0_0, f32x4.splat(0)), positive));
    const y0_1 = v128.andnot(z0_1, v128.and(f32x4.le(z0_1, f32x4.splat(0)), positive));
    const y1_0 = v128.andnot(z1_0, v128.and(f32x4.le(z1_0, f32x4.splat(0)), positive));
    const y1_1 = v128.andnot(z1_1, v128.and(f32x4.le(z1_1, f32x4.splat(0)), positive));
    const y2_0 = v128.andnot(z2_0, v128.and(f32x4.le(z2_0, f32x4.splat(0)), positive));
    const y2_1 = v128.andnot(z2_1, v128.and(f32x4.le(z2_1, f32x4.splat(0)), positive));
    const y3_0 = v128.andnot(z3_0, v128.and(f32x4.le(z3_0, f32x4.splat(0)), positive));
    const y3_1 = v128.andnot(z3_1, v128.and(f32x4.le(z3_1, f32x4.splat(0)), positive));
    const y = to + 4 * at;
    const l0_0 = v128.shuffle<f32>(y0_0, y1_0, 0, 4, 1, 5);
    const l1_0 = v128.shuffle<f32>(y2_0, y3_0, 0, 4, 1, 5);
    const t0_0 = v128.shuffle<f32>(l0_0, l1_0, 0, 1, 4, 5);
    const t1_0 = v128.shuffle<f32>(l0_0, l1_0, 2, 3, 6, 7);
    const h0_0 = v128.shuffle<f32>(y0_0, y1_0, 2, 6, 3, 7);
    const h1_0 = v128.shuffle<f32>(y2_0, y3_0, 2, 6, 3, 7);
    const t2_0 = v128.shuffle<f32>(h0_0, h1_0, 0, 1, 4, 5);
    const t3_0 = v128.shuffle<f32>(h0_0, h1_0, 2, 3, 6, 7);
    v128.store(y, t0_0, 0);
    v128.store(y, t1_0, 16);
    v128.store(y, t2_0, 32);
    v128.store(y, t3_0, 48);
    const l0_1 = v128.shuffle<f32>(y0_1, y1_1, 0, 4, 1, 5);
    const l1_1 = v128.shuffle<f32>(y2_1, y3_1, 0, 4, 1, 5);
    const t0_1 = v128.shuffle<f32>(l0_1, l1_1, 0, 1, 4, 5);
    const t1_1 = v128.shuffle<f32>(l0_1, l1_1, 2, 3, 6, 7);
    const h0_1 = v128.shuffle<f32>(y0_1, y1_1, 2, 6, 3, 7);
    const h1_1 = v128.shuffle<f32>(y2_1, y3_1, 2, 6, 3, 7);
    const t2_1 = v128.shuffle<f32>(h0_1, h1_1, 0, 1, 4, 5);
    const t3_1 = v128.shuffle<f32>(h0_1, h1_1, 2, 3, 6, 7);
    v128.store(y, t0_1, 64);
    v128.store(y, t1_1, 80);
    v128.store(y, t2_1, 96);
    v128.store(y, t3_1, 112);
  }
}

export function input8Across(x: usize, xRow: usize, to: usize, toRow: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k11 = v128.load32_splat(CONSTANTS, 44);
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k13 = v128.load32_splat(CONSTANTS, 52);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    for (let t = 0; t < tiles; t += 4) {
      const p0 = v128.load(from, 0);
      const p1 = v128.load(from, 16);
      const p2 = v128.load(from, 32);
      const p3 = v128.load(from, 48);
      const p4 = v128.load(from, 64);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x0_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x1_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x2_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x3_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      const l0n = v128.shuffle<f32>(p1, p2, 0, 4, 1, 5);
      const l1n = v128.shuffle<f32>(p3, p4, 0, 4, 1, 5);
      const x4_0 = v128.shuffle<f32>(l0n, l1n, 0, 1, 4, 5);
      const x5_0 = v128.shuffle<f32>(l0n, l1n, 2, 3, 6, 7);
      const h0n = v128.shuffle<f32>(p1, p2, 2, 6, 3, 7);
      const h1n = v128.shuffle<f32>(p3, p4, 2, 6, 3, 7);
      const x6_0 = v128.shuffle<f32>(h0n, h1n, 0, 1, 4, 5);
      const x7_0 = v128.shuffle<f32>(h0n, h1n, 2, 3, 6, 7);
      let y = at;
      const e0_0 = madd(x2_0, k9, nmadd(x4_0, k8, x6_0));
      const o0_0 = madd(x1_0, k9, nmadd(x3_0, k8, x5_0));
      const e1_0 = f32x4.add(nmadd(x4_0, k10, x6_0), x2_0);
      const o1_0 = f32x4.add(nmadd(x3_0, k10, x5_0), x1_0);
      const e2_0 = madd(x2_0, k12, nmadd(x4_0, k11, x6_0));
      const o2_0 = madd(x1_0, k12, nmadd(x3_0, k11, x5_0));
      v128.store(y, f32x4.sub(madd(x2_0, k13, nmadd(x4_0, k13, x6_0)), x0_0));
      y += toStep;
      v128.store(y, madd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, f32x4.add(e1_0, o1_0));
      y += toStep;
      v128.store(y, f32x4.sub(e1_0, o1_0));
      y += toStep;
      v128.store(y, madd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, nmadd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, f32x4.sub(madd(x3_0, k13, nmadd(x5_0, k13, x7_0)), x1_0));
      from += 64;
      at += 16;
    }
    x += xRow;
    to += toRow;
  }
}

export function input8Cells(x: usize, xRow: usize, xChannel: usize, to: usize, toRow: usize, toTile: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k10 = v128.load32_splat(CONSTANTS, 40);
  const k11 = v128.load32_splat(CONSTANTS, 44);
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k13 = v128.load32_splat(CONSTANTS, 52);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k8 = v128.load32_splat(CONSTANTS, 32);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    const p0b = v128.load(from);
    const p1b = v128.load(from + xChannel);
    const p2b = v128.load(from + 2 * xChannel);
    const p3b = v128.load(from + 3 * xChannel);
    const l0b = v128.shuffle<f32>(p0b, p1b, 0, 4, 1, 5);
    const l1b = v128.shuffle<f32>(p2b, p3b, 0, 4, 1, 5);
    const b0 = v128.shuffle<f32>(l0b, l1b, 0, 1, 4, 5);
    const b1 = v128.shuffle<f32>(l0b, l1b, 2, 3, 6, 7);
    const h0b = v128.shuffle<f32>(p0b, p1b, 2, 6, 3, 7);
    const h1b = v128.shuffle<f32>(p2b, p3b, 2, 6, 3, 7);
    const b2 = v128.shuffle<f32>(h0b, h1b, 0, 1, 4, 5);
    const b3 = v128.shuffle<f32>(h0b, h1b, 2, 3, 6, 7);
    let c0 = b0;
    let c1 = b1;
    let c2 = b2;
    let c3 = b3;
    from += 16;
    for (let t = 0; t < tiles; t++) {
      const x0_0 = c0;
      const x1_0 = c1;
      const x2_0 = c2;
      const x3_0 = c3;
      const p0 = v128.load(from);
      const p1 = v128.load(from + xChannel);
      const p2 = v128.load(from + 2 * xChannel);
      const p3 = v128.load(from + 3 * xChannel);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x4_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x5_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x6_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x7_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      let y = at;
      const e0_0 = madd(x2_0, k9, nmadd(x4_0, k8, x6_0));
      const o0_0 = madd(x1_0, k9, nmadd(x3_0, k8, x5_0));
      const e1_0 = f32x4.add(nmadd(x4_0, k10, x6_0), x2_0);
      const o1_0 = f32x4.add(nmadd(x3_0, k10, x5_0), x1_0);
      const e2_0 = madd(x2_0, k12, nmadd(x4_0, k11, x6_0));
      const o2_0 = madd(x1_0, k12, nmadd(x3_0, k11, x5_0));
      v128.store(y, f32x4.sub(madd(x2_0, k13, nmadd(x4_0, k13, x6_0)), x0_0));
      y += toStep;
      v128.store(y, madd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, f32x4.add(e1_0, o1_0));
      y += toStep;
      v128.store(y, f32x4.sub(e1_0, o1_0));
      y += toStep;
      v128.store(y, madd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, nmadd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, f32x4.sub(madd(x3_0, k13, nmadd(x5_0, k13, x7_0)), x1_0));
      c0 = x4_0;
      c1 = x5_0;
      c2 = x6_0;
      c3 = x7_0;
      from += 16;
      at += toTile;
    }
    x += xRow;
    to += toRow;
  }
}

export function grad4to8Cells(x: usize, xRow: usize, xChannel: usize, to: usize, toRow: usize, toTile: usize, toStep: usize, rows: i32, tiles: i32): void {
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k9 = v128.load32_splat(CONSTANTS, 36);
  for (let r = 0; r < rows; r++) {
    let from = x;
    let at = to;
    for (let t = 0; t < tiles; t++) {
      const p0 = v128.load(from);
      const p1 = v128.load(from + xChannel);
      const p2 = v128.load(from + 2 * xChannel);
      const p3 = v128.load(from + 3 * xChannel);
      const l0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const l1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const x0_0 = v128.shuffle<f32>(l0, l1, 0, 1, 4, 5);
      const x1_0 = v128.shuffle<f32>(l0, l1, 2, 3, 6, 7);
      const h0 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const h1 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      const x2_0 = v128.shuffle<f32>(h0, h1, 0, 1, 4, 5);
      const x3_0 = v128.shuffle<f32>(h0, h1, 2, 3, 6, 7);
      let y = at;
      const e0_0 = madd(x2_0, k12, x0_0);
      const o0_0 = madd(x3_0, k12, x1_0);
      const e1_0 = f32x4.add(x0_0, x2_0);
      const o1_0 = f32x4.add(x1_0, x3_0);
      const e2_0 = madd(x2_0, k9, x0_0);
      const o2_0 = madd(x3_0, k9, x1_0);
      v128.store(y, x0_0);
      y += toStep;
      v128.store(y, madd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, nmadd(o0_0, k14, e0_0));
      y += toStep;
      v128.store(y, f32x4.add(e1_0, o1_0));
      y += toStep;
      v128.store(y, f32x4.sub(e1_0, o1_0));
      y += toStep;
      v128.store(y, madd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, nmadd(o2_0, k15, e2_0));
      y += toStep;
      v128.store(y, x3_0);
      from += 16;
      at += toTile;
    }
    x += xRow;
    to += toRow;
  }
}

export function output8to4Across(x: usize, step: usize, bias: v128, positive: v128, to: usize, tiles: i32): void {
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k16 = v128.load32_splat(CONSTANTS, 64);
  const k17 = v128.load32_splat(CONSTANTS, 68);
  const k9 = v128.load32_splat(CONSTANTS, 36);
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
    const x6_0 = v128.load(from, 0);
    const x6_1 = v128.load(from, 16);
    from += step;
    const x7_0 = v128.load(from, 0);
    const x7_1 = v128.load(from, 16);
    const s0_0 = f32x4.add(x1_0, x2_0);
    const s0_1 = f32x4.add(x1_1, x2_1);
    const d0_0 = f32x4.sub(x1_0, x2_0);
    const d0_1 = f32x4.sub(x1_1, x2_1);
    const s1_0 = f32x4.add(x3_0, x4_0);
    const s1_1 = f32x4.add(x3_1, x4_1);
    const d1_0 = f32x4.sub(x3_0, x4_0);
    const d1_1 = f32x4.sub(x3_1, x4_1);
    const s2_0 = f32x4.add(x5_0, x6_0);
    const s2_1 = f32x4.add(x5_1, x6_1);
    const d2_0 = f32x4.sub(x5_0, x6_0);
    const d2_1 = f32x4.sub(x5_1, x6_1);
    const z0_0 = f32x4.add(f32x4.add(f32x4.add(f32x4.add(x0_0, s2_0), s1_0), s0_0), bias);
    const z0_1 = f32x4.add(f32x4.add(f32x4.add(f32x4.add(x0_1, s2_1), s1_1), s0_1), bias);
    const z1_0 = f32x4.add(madd(d0_0, k14, f32x4.add(f32x4.mul(d2_0, k15), d1_0)), bias);
    const z1_1 = f32x4.add(madd(d0_1, k14, f32x4.add(f32x4.mul(d2_1, k15), d1_1)), bias);
    const z2_0 = f32x4.add(madd(s0_0, k12, f32x4.add(f32x4.mul(s2_0, k9), s1_0)), bias);
    const z2_1 = f32x4.add(madd(s0_1, k12, f32x4.add(f32x4.mul(s2_1, k9), s1_1)), bias);
    const z3_0 = f32x4.add(madd(d0_0, k17, f32x4.add(madd(d2_0, k16, x7_0), d1_0)), bias);
    const z3_1 = f32x4.add(madd(d0_1, k17, f32x4.add(madd(d2_1, k16, x7_1), d1_1)), bias);
    const y0_0 = v128.andnot(z0_0, v128.and(f32x4.le(z0_0, f32x4.splat(0)), positive));
    const y0_1 = v128.andnot(z0_1, v128.and(f32x4.le(z0_1, f32x4.splat(0)), positive));
    const y1_0 = v128.andnot(z1_0, v128.and(f32x4.le(z1_0, f32x4.splat(0)), positive));
    const y1_1 = v128.andnot(z1_1, v128.and(f32x4.le(z1_1, f32x4.splat(0)), positive));
    const y2_0 = v128.andnot(z2_0, v128.and(f32x4.le(z2_0, f32x4.splat(0)), positive));
    const y2_1 = v128.andnot(z2_1, v128.and(f32x4.le(z2_1, f32x4.splat(0)), positive));
    const y3_0 = v128.andnot(z3_0, v128.and(f32x4.le(z3_0, f32x4.splat(0)), positive));
    const y3_1 = v128.andnot(z3_1, v128.and(f32x4.le(z3_1, f32x4.splat(0)), positive));
    const y = to + 4 * at;
    const l0_0 = v128.shuffle<f32>(y0_0, y1_0, 0, 4, 1, 5);
    const l1_0 = v128.shuffle<f32>(y2_0, y3_0, 0, 4, 1, 5);
    const t0_0 = v128.shuffle<f32>(l0_0, l1_0, 0, 1, 4, 5);
    const t1_0 = v128.shuffle<f32>(l0_0, l1_0, 2, 3, 6, 7);
    const h0_0 = v128.shuffle<f32>(y0_0, y1_0, 2, 6, 3, 7);
    const h1_0 = v128.shuffle<f32>(y2_0, y3_0, 2, 6, 3, 7);
    const t2_0 = v128.shuffle<f32>(h0_0, h1_0, 0, 1, 4, 5);
    const t3_0 = v128.shuffle<f32>(h0_0, h1_0, 2, 3, 6, 7);
    v128.store(y, t0_0, 0);
    v128.store(y, t1_0, 16);
    v128.store(y, t2_0, 32);
    v128.store(y, t3_0, 48);
    const l0_1 = v128.shuffle<f32>(y0_1, y1_1, 0, 4, 1, 5);
    const l1_1 = v128.shuffle<f32>(y2_1, y3_1, 0, 4, 1, 5);
    const t0_1 = v128.shuffle<f32>(l0_1, l1_1, 0, 1, 4, 5);
    const t1_1 = v128.shuffle<f32>(l0_1, l1_1, 2, 3, 6, 7);
    const h0_1 = v128.shuffle<f32>(y0_1, y1_1, 2, 6, 3, 7);
    const h1_1 = v128.shuffle<f32>(y2_1, y3_1, 2, 6, 3, 7);
    const t2_1 = v128.shuffle<f32>(h0_1, h1_1, 0, 1, 4, 5);
    const t3_1 = v128.shuffle<f32>(h0_1, h1_1, 2, 3, 6, 7);
    v128.store(y, t0_1, 64);
    v128.store(y, t1_1, 80);
    v128.store(y, t2_1, 96);
    v128.store(y, t3_1, 112);
  }
}

export function grad2to6Rows(x0: usize, x1: usize, to: usize, toStep: usize, tiles: i32): void {
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  for (let at: usize = 0; at < <usize>tiles << 2; at += 32) {
    const x0_0 = v128.load(x0 + at, 0);
    const x0_1 = v128.load(x0 + at, 16);
    const x1_0 = v128.load(x1 + at, 0);
    const x1_1 = v128.load(x1 + at, 16);
    let y = to + at;
    const e0_0 = x0_0;
    const e0_1 = x0_1;
    const o0_0 = x1_0;
    const o0_1 = x1_1;
    const e1_0 = x0_0;
    const e1_1 = x0_1;
    const o1_0 = x1_0;
    const o1_1 = x1_1;
    v128.store(y, x0_0, 0);
    v128.store(y, x0_1, 16);
    y += toStep;
    v128.store(y, madd(o0_0, k4, e0_0), 0);
    v128.store(y, madd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, nmadd(o0_0, k4, e0_0), 0);
    v128.store(y, nmadd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, madd(o1_0, k5, e1_0), 0);
    v128.store(y, madd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, nmadd(o1_0, k5, e1_0), 0);
    v128.store(y, nmadd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, x1_0, 0);
    v128.store(y, x1_1, 16);
  }
}

export function output6to2Rows(x: usize, step: usize, to: usize, toStep: usize, tiles: i32): void {
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
    let y = to + at;
    const s0_0 = f32x4.add(x1_0, x2_0);
    const s0_1 = f32x4.add(x1_1, x2_1);
    const d0_0 = f32x4.sub(x1_0, x2_0);
    const d0_1 = f32x4.sub(x1_1, x2_1);
    const s1_0 = f32x4.add(x3_0, x4_0);
    const s1_1 = f32x4.add(x3_1, x4_1);
    const d1_0 = f32x4.sub(x3_0, x4_0);
    const d1_1 = f32x4.sub(x3_1, x4_1);
    v128.store(y, f32x4.add(f32x4.add(x0_0, s1_0), s0_0), 0);
    v128.store(y, f32x4.add(f32x4.add(x0_1, s1_1), s0_1), 16);
    y += toStep;
    v128.store(y, madd(d0_0, k4, madd(d1_0, k5, x5_0)), 0);
    v128.store(y, madd(d0_1, k4, madd(d1_1, k5, x5_1)), 16);
  }
}

export function grad4to6Rows(x0: usize, x1: usize, x2: usize, x3: usize, to: usize, toStep: usize, tiles: i32): void {
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
    const e0_0 = madd(x2_0, k1, x0_0);
    const e0_1 = madd(x2_1, k1, x0_1);
    const o0_0 = madd(x3_0, k1, x1_0);
    const o0_1 = madd(x3_1, k1, x1_1);
    const e1_0 = madd(x2_0, k0, x0_0);
    const e1_1 = madd(x2_1, k0, x0_1);
    const o1_0 = madd(x3_0, k0, x1_0);
    const o1_1 = madd(x3_1, k0, x1_1);
    v128.store(y, x0_0, 0);
    v128.store(y, x0_1, 16);
    y += toStep;
    v128.store(y, madd(o0_0, k4, e0_0), 0);
    v128.store(y, madd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, nmadd(o0_0, k4, e0_0), 0);
    v128.store(y, nmadd(o0_1, k4, e0_1), 16);
    y += toStep;
    v128.store(y, madd(o1_0, k5, e1_0), 0);
    v128.store(y, madd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, nmadd(o1_0, k5, e1_0), 0);
    v128.store(y, nmadd(o1_1, k5, e1_1), 16);
    y += toStep;
    v128.store(y, x3_0, 0);
    v128.store(y, x3_1, 16);
  }
}

export function output6to4Rows(x: usize, step: usize, to: usize, toStep: usize, tiles: i32): void {
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
    let y = to + at;
    const s0_0 = f32x4.add(x1_0, x2_0);
    const s0_1 = f32x4.add(x1_1, x2_1);
    const d0_0 = f32x4.sub(x1_0, x2_0);
    const d0_1 = f32x4.sub(x1_1, x2_1);
    const s1_0 = f32x4.add(x3_0, x4_0);
    const s1_1 = f32x4.add(x3_1, x4_1);
    const d1_0 = f32x4.sub(x3_0, x4_0);
    const d1_1 = f32x4.sub(x3_1, x4_1);
    v128.store(y, f32x4.add(f32x4.add(x0_0, s1_0), s0_0), 0);
    v128.store(y, f32x4.add(f32x4.add(x0_1, s1_1), s0_1), 16);
    y += toStep;
    v128.store(y, madd(d0_0, k4, f32x4.mul(d1_0, k5)), 0);
    v128.store(y, madd(d0_1, k4, f32x4.mul(d1_1, k5)), 16);
    y += toStep;
    v128.store(y, madd(s0_0, k1, f32x4.mul(s1_0, k0)), 0);
    v128.store(y, madd(s0_1, k1, f32x4.mul(s1_1, k0)), 16);
    y += toStep;
    v128.store(y, madd(d0_0, k7, madd(d1_0, k6, x5_0)), 0);
    v128.store(y, madd(d0_1, k7, madd(d1_1, k6, x5_1)), 16);
  }
}

export function weight3to6(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k18 = v128.load32_splat(CONSTANTS, 72);
  const k19 = v128.load32_splat(CONSTANTS, 76);
  const k20 = v128.load32_splat(CONSTANTS, 80);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  const e0_0 = madd(x2_0, k1, x0_0);
  const o0_0 = x1_0;
  const e1_0 = madd(x2_0, k0, x0_0);
  const o1_0 = x1_0;
  v128.store(to, f32x4.mul(x0_0, k18));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o0_0, k4, e0_0), k19));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o0_0, k4, e0_0), k19));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o1_0, k5, e1_0), k20));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o1_0, k5, e1_0), k20));
  to += toStep;
  v128.store(to, x2_0);
}

export function gradWeight6to3(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k18 = v128.load32_splat(CONSTANTS, 72);
  const k19 = v128.load32_splat(CONSTANTS, 76);
  const k20 = v128.load32_splat(CONSTANTS, 80);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
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
  const s0_0 = f32x4.mul(f32x4.add(x1_0, x2_0), k19);
  const d0_0 = f32x4.mul(f32x4.sub(x1_0, x2_0), k19);
  const s1_0 = f32x4.mul(f32x4.add(x3_0, x4_0), k20);
  const d1_0 = f32x4.mul(f32x4.sub(x3_0, x4_0), k20);
  v128.store(to, f32x4.add(f32x4.add(f32x4.mul(x0_0, k18), s1_0), s0_0));
  to += toStep;
  v128.store(to, madd(d0_0, k4, f32x4.mul(d1_0, k5)));
  to += toStep;
  v128.store(to, madd(s0_0, k1, madd(s1_0, k0, x5_0)));
}

export function weight5to6(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k18 = v128.load32_splat(CONSTANTS, 72);
  const k19 = v128.load32_splat(CONSTANTS, 76);
  const k20 = v128.load32_splat(CONSTANTS, 80);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const x0_0 = v128.load(x);
  x += step;
  const x1_0 = v128.load(x);
  x += step;
  const x2_0 = v128.load(x);
  x += step;
  const x3_0 = v128.load(x);
  x += step;
  const x4_0 = v128.load(x);
  const e0_0 = madd(madd(x4_0, k1, x2_0), k1, x0_0);
  const o0_0 = madd(x3_0, k1, x1_0);
  const e1_0 = madd(madd(x4_0, k0, x2_0), k0, x0_0);
  const o1_0 = madd(x3_0, k0, x1_0);
  v128.store(to, f32x4.mul(x0_0, k18));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o0_0, k4, e0_0), k19));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o0_0, k4, e0_0), k19));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o1_0, k5, e1_0), k20));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o1_0, k5, e1_0), k20));
  to += toStep;
  v128.store(to, x4_0);
}

export function gradWeight6to5(x: usize, step: usize, to: usize, toStep: usize): void {
  const k0 = v128.load32_splat(CONSTANTS, 0);
  const k1 = v128.load32_splat(CONSTANTS, 4);
  const k18 = v128.load32_splat(CONSTANTS, 72);
  const k19 = v128.load32_splat(CONSTANTS, 76);
  const k20 = v128.load32_splat(CONSTANTS, 80);
  const k21 = v128.load32_splat(CONSTANTS, 84);
  const k22 = v128.load32_splat(CONSTANTS, 88);
  const k4 = v128.load32_splat(CONSTANTS, 16);
  const k5 = v128.load32_splat(CONSTANTS, 20);
  const k6 = v128.load32_splat(CONSTANTS, 24);
  const k7 = v128.load32_splat(CONSTANTS, 28);
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
  const s0_0 = f32x4.mul(f32x4.add(x1_0, x2_0), k19);
  const d0_0 = f32x4.mul(f32x4.sub(x1_0, x2_0), k19);
  const s1_0 = f32x4.mul(f32x4.add(x3_0, x4_0), k20);
  const d1_0 = f32x4.mul(f32x4.sub(x3_0, x4_0), k20);
  v128.store(to, f32x4.add(f32x4.add(f32x4.mul(x0_0, k18), s1_0), s0_0));
  to += toStep;
  v128.store(to, madd(d0_0, k4, f32x4.mul(d1_0, k5)));
  to += toStep;
  v128.store(to, madd(s0_0, k1, f32x4.mul(s1_0, k0)));
  to += toStep;
  v128.store(to, madd(d0_0, k7, f32x4.mul(d1_0, k6)));
  to += toStep;
  v128.store(to, madd(s0_0, k22, madd(s1_0, k21, x5_0)));
}

export function weight5to8(x: usize, step: usize, to: usize, toStep: usize): void {
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k23 = v128.load32_splat(CONSTANTS, 92);
  const k24 = v128.load32_splat(CONSTANTS, 96);
  const k25 = v128.load32_splat(CONSTANTS, 100);
  const k26 = v128.load32_splat(CONSTANTS, 104);
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
  const e0_0 = madd(madd(x4_0, k12, x2_0), k12, x0_0);
  const o0_0 = madd(x3_0, k12, x1_0);
  const e1_0 = f32x4.add(x0_0, f32x4.add(x2_0, x4_0));
  const o1_0 = f32x4.add(x1_0, x3_0);
  const e2_0 = madd(madd(x4_0, k9, x2_0), k9, x0_0);
  const o2_0 = madd(x3_0, k9, x1_0);
  v128.store(to, f32x4.mul(x0_0, k23));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o0_0, k14, e0_0), k24));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o0_0, k14, e0_0), k24));
  to += toStep;
  v128.store(to, f32x4.mul(f32x4.add(e1_0, o1_0), k25));
  to += toStep;
  v128.store(to, f32x4.mul(f32x4.sub(e1_0, o1_0), k25));
  to += toStep;
  v128.store(to, f32x4.mul(madd(o2_0, k15, e2_0), k26));
  to += toStep;
  v128.store(to, f32x4.mul(nmadd(o2_0, k15, e2_0), k26));
  to += toStep;
  v128.store(to, x4_0);
}

export function gradWeight8to5(x: usize, step: usize, to: usize, toStep: usize): void {
  const k12 = v128.load32_splat(CONSTANTS, 48);
  const k14 = v128.load32_splat(CONSTANTS, 56);
  const k15 = v128.load32_splat(CONSTANTS, 60);
  const k16 = v128.load32_splat(CONSTANTS, 64);
  const k17 = v128.load32_splat(CONSTANTS, 68);
  const k23 = v128.load32_splat(CONSTANTS, 92);
  const k24 = v128.load32_splat(CONSTANTS, 96);
  const k25 = v128.load32_splat(CONSTANTS, 100);
  const k26 = v128.load32_splat(CONSTANTS, 104);
  const k27 = v128.load32_splat(CONSTANTS, 108);
  const k28 = v128.load32_splat(CONSTANTS, 112);
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
  const x6_0 = v128.load(x);
  x += step;
  const x7_0 = v128.load(x);
  const s0_0 = f32x4.mul(f32x4.add(x1_0, x2_0), k24);
  const d0_0 = f32x4.mul(f32x4.sub(x1_0, x2_0), k24);
  const s1_0 = f32x4.mul(f32x4.add(x3_0, x4_0), k25);
  const d1_0 = f32x4.mul(f32x4.sub(x3_0, x4_0), k25);
  const s2_0 = f32x4.mul(f32x4.add(x5_0, x6_0), k26);
  const d2_0 = f32x4.mul(f32x4.sub(x5_0, x6_0), k26);
  v128.store(to, f32x4.add(f32x4.add(f32x4.add(f32x4.mul(x0_0, k23), s2_0), s1_0), s0_0));
  to += toStep;
  v128.store(to, madd(d0_0, k14, f32x4.add(f32x4.mul(d2_0, k15), d1_0)));
  to += toStep;
  v128.store(to, madd(s0_0, k12, f32x4.add(f32x4.mul(s2_0, k9), s1_0)));
  to += toStep;
  v128.store(to, madd(d0_0, k17, f32x4.add(f32x4.mul(d2_0, k16), d1_0)));
  to += toStep;
  v128.store(to, madd(s0_0, k28, f32x4.add(madd(s2_0, k27, x7_0), s1_0)));
}
