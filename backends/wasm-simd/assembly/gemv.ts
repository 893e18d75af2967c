/** A matrix times a vector: bound by reading the matrix once, which lies row by row or column by column. */
import { madd } from './simd';

/** y[i] = first[i·firstStep] + Σ over q < k of matrix[i, q] · v[q] for i < m, the rows contiguous and rowBytes apart. */
export function gemvRows(matrix: usize, rowBytes: usize, v: usize, first: usize, firstStep: usize, y: usize, m: i32, k: i32, sums: usize): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    rows4(matrix, matrix + rowBytes, matrix + 2 * rowBytes, matrix + 3 * rowBytes, v, first, firstStep, y, k);
    matrix += 4 * rowBytes;
    first += 4 * firstStep;
    y += 16;
  }
  for (; i < m; i++) {
    // A row by itself is summed four times over, as it would be among four; `sums` holds what it needs not.
    rows4(matrix, matrix, matrix, matrix, v, first, 0, sums, k);
    store<f32>(y, load<f32>(sums));
    matrix += rowBytes;
    first += firstStep;
    y += 4;
  }
}

function rows4(a: usize, b: usize, c: usize, d: usize, v: usize, first: usize, firstStep: usize, y: usize, k: i32): void {
  let a0 = f32x4.splat(0); let a1 = a0; let b0 = a0; let b1 = a0; let c0 = a0; let c1 = a0; let d0 = a0; let d1 = a0;
  const stop = v + (<usize>(k & ~7) << 2);
  while (v !== stop) {
    const v0 = v128.load(v);
    const v1 = v128.load(v, 16);
    a0 = madd(v0, v128.load(a), a0); a1 = madd(v1, v128.load(a, 16), a1);
    b0 = madd(v0, v128.load(b), b0); b1 = madd(v1, v128.load(b, 16), b1);
    c0 = madd(v0, v128.load(c), c0); c1 = madd(v1, v128.load(c, 16), c1);
    d0 = madd(v0, v128.load(d), d0); d1 = madd(v1, v128.load(d, 16), d1);
    a += 32;
    b += 32;
    c += 32;
    d += 32;
    v += 32;
  }
  a0 = f32x4.add(a0, a1);
  b0 = f32x4.add(b0, b1);
  c0 = f32x4.add(c0, c1);
  d0 = f32x4.add(d0, d1);
  // Lane i becomes the sum of row i.
  const low = f32x4.add(v128.shuffle<f32>(a0, b0, 0, 4, 1, 5), v128.shuffle<f32>(a0, b0, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(c0, d0, 0, 4, 1, 5), v128.shuffle<f32>(c0, d0, 2, 6, 3, 7));
  let sum = f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
  for (let q = k & 7; q > 0; q--) {
    let column = v128.load32_zero(a);
    column = v128.load32_lane(b, column, 1);
    column = v128.load32_lane(c, column, 2);
    column = v128.load32_lane(d, column, 3);
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(v), column));
    a += 4;
    b += 4;
    c += 4;
    d += 4;
    v += 4;
  }
  const begin = firstStep === 0 ? v128.load32_splat(first) : v128.load(first);
  v128.store(y, f32x4.add(sum, begin));
}

/**
 * y[j] = first[j·firstStep] + Σ over q < k of v[q] · matrix[q, j] for j < n, rows of the matrix contiguous and rowBytes apart: eight
 * rows are passed at a time, between which the sums wait at `sums`.
 */
export function gemvColumns(matrix: usize, rowBytes: usize, v: usize, first: usize, firstStep: usize, y: usize, n: i32, k: i32, sums: usize): void {
  let from = first;
  let step = firstStep;
  let q = 0;
  do {
    const left = k - q;
    const to = left <= 8 ? y : sums;
    if (left >= 8) axpy8(matrix, rowBytes, v, from, step, to, n);
    else axpy(matrix, rowBytes, v, left, from, step, to, n);
    matrix += 8 * rowBytes;
    v += 32;
    from = sums;
    step = 4;
    q += 8;
  } while (q < k);
}

function axpy8(m0: usize, rowBytes: usize, v: usize, from: usize, step: usize, to: usize, n: i32): void {
  const m1 = m0 + rowBytes; const m2 = m1 + rowBytes; const m3 = m2 + rowBytes; const m4 = m3 + rowBytes; const m5 = m4 + rowBytes;
  const m6 = m5 + rowBytes; const m7 = m6 + rowBytes;
  const v0 = v128.load32_splat(v, 0); const v1 = v128.load32_splat(v, 4); const v2 = v128.load32_splat(v, 8); const v3 = v128.load32_splat(v, 12);
  const v4 = v128.load32_splat(v, 16); const v5 = v128.load32_splat(v, 20); const v6 = v128.load32_splat(v, 24); const v7 = v128.load32_splat(v, 28);
  let j: usize = 0;
  const stop = <usize>(n & ~3) << 2;
  for (; j < stop; j += 16) {
    // Two chains, half as long.
    let x = step === 0 ? v128.load32_splat(from) : v128.load(from + j);
    let z = f32x4.mul(v1, v128.load(m1 + j));
    x = madd(v0, v128.load(m0 + j), x);
    z = madd(v3, v128.load(m3 + j), z);
    x = madd(v2, v128.load(m2 + j), x);
    z = madd(v5, v128.load(m5 + j), z);
    x = madd(v4, v128.load(m4 + j), x);
    z = madd(v7, v128.load(m7 + j), z);
    x = madd(v6, v128.load(m6 + j), x);
    v128.store(to + j, f32x4.add(x, z));
  }
  if (n & 3) scalars(m0, rowBytes, v, 8, from, step, to, n);
}

function axpy(matrix: usize, rowBytes: usize, v: usize, count: i32, from: usize, step: usize, to: usize, n: i32): void {
  const stop = <usize>(n & ~3) << 2;
  for (let j: usize = 0; j < stop; j += 16) {
    let x = step === 0 ? v128.load32_splat(from) : v128.load(from + j);
    let at = matrix + j;
    for (let q = 0; q < count; q++) {
      x = madd(v128.load32_splat(v + (<usize>q << 2)), v128.load(at), x);
      at += rowBytes;
    }
    v128.store(to + j, x);
  }
  if (n & 3) scalars(matrix, rowBytes, v, count, from, step, to, n);
}

/** The last columns, fewer than four. */
function scalars(matrix: usize, rowBytes: usize, v: usize, count: i32, from: usize, step: usize, to: usize, n: i32): void {
  for (let j = n & ~3; j < n; j++) {
    const column = <usize>j << 2;
    let x = load<f32>(from + (step === 0 ? 0 : column));
    let at = matrix + column;
    for (let q = 0; q < count; q++) {
      x += load<f32>(v + (<usize>q << 2)) * load<f32>(at);
      at += rowBytes;
    }
    store<f32>(to + column, x);
  }
}
