/** Random numbers by element number: Philox 2×32-10 as in src/backend/rng.ts, four counters side by side. */
import { logOf } from './lanes';

/** Philox's factor, and what its key grows by. In memory, since V8 builds a vector constant anew at each use. */
const CONSTANTS = memory.data<i32>([0xd256d193, 0x9e3779b9]);

/** The first words of the counters index … index + 3; the second words go to `second`, 0 for nowhere. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function words(index: i32, counter: i32, seed: i32, second: usize): v128 {
  const factor = v128.load32_splat(CONSTANTS);
  const grow = v128.load32_splat(CONSTANTS, 4);
  let c0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(counter);
  let key = i32x4.splat(seed);
  for (let round = 0; round < 10; round++) {
    const low = i64x2.extmul_low_i32x4_u(c0, factor);
    const high = i64x2.extmul_high_i32x4_u(c0, factor);
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(low, high, 1, 3, 5, 7), key), c1);
    c1 = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
    key = i32x4.add(key, grow);
  }
  if (second != 0) v128.store(second, c1);
  return c0;
}

/** The first words of eight counters, so that one product is under way while the other is waited for. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function eightWords(index: i32, counter: i32, seed: i32, to: usize): void {
  const factor = v128.load32_splat(CONSTANTS);
  const grow = v128.load32_splat(CONSTANTS, 4);
  let a0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let b0 = i32x4.add(a0, i32x4.splat(4));
  let a1 = i32x4.splat(counter);
  let b1 = a1;
  let key = i32x4.splat(seed);
  for (let round = 0; round < 10; round++) {
    const p = i64x2.extmul_low_i32x4_u(a0, factor);
    const q = i64x2.extmul_high_i32x4_u(a0, factor);
    const r = i64x2.extmul_low_i32x4_u(b0, factor);
    const s = i64x2.extmul_high_i32x4_u(b0, factor);
    a0 = v128.xor(v128.xor(v128.shuffle<i32>(p, q, 1, 3, 5, 7), key), a1);
    b0 = v128.xor(v128.xor(v128.shuffle<i32>(r, s, 1, 3, 5, 7), key), b1);
    a1 = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
    b1 = v128.shuffle<i32>(r, s, 0, 2, 4, 6);
    key = i32x4.add(key, grow);
  }
  v128.store(to, a0);
  v128.store(to, b0, 16);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
function between(bits: v128, low: v128, span: v128, high: v128): v128 {
  const value = f32x4.demote_f64x2_zero(f64x2.add(low, f64x2.mul(span, f64x2.mul(f64x2.convert_low_i32x4_u(bits), f64x2.splat(1.0 / 16777216)))));
  // Rounding may reach the upper bound, which is outside.
  return f32x4.demote_f64x2_zero(v128.bitselect(f64x2.promote_low_f32x4(value), low, f64x2.lt(f64x2.promote_low_f32x4(value), high)));
}

/** The numbers of four words. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function among(words: v128, low: v128, span: v128, high: v128): v128 {
  const bits = i32x4.shr_u(words, 8);
  return v128.shuffle<f64>(between(bits, low, span, high), between(v128.shuffle<f64>(bits, bits, 1, 0), low, span, high), 0, 2);
}

/** Elements index … index + n − 1, on [lo, hi). `aside` has room for eight words. */
export function f32_uniform(y: usize, index: i32, n: i32, seed: i32, counter: i32, lo: f64, hi: f64, aside: usize): void {
  const low = f64x2.splat(lo);
  const high = f64x2.splat(hi);
  const span = f64x2.splat(hi - lo);
  for (; n >= 8; n -= 8, index += 8, y += 32) {
    eightWords(index, counter, seed, aside);
    v128.store(y, among(v128.load(aside), low, span, high));
    v128.store(y, among(v128.load(aside, 16), low, span, high), 16);
  }
  for (; n > 0; n -= 4, index += 4, y += 16) {
    const v = among(words(index, counter, seed, 0), low, span, high);
    if (n >= 4) v128.store(y, v);
    else {
      v128.store(aside, v);
      memory.copy(y, aside, n << 2);
    }
  }
}

/** cos of 2π · turn, turn on [0, 1): a quarter's cosine or sine by their series, to ten digits. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
function cosOfTurn(turn: f64): f64 {
  const quarter = <i32>(4 * turn + 0.5);
  const r = (4 * turn - <f64>quarter) * 1.5707963267948966;
  const z = r * r;
  const cosine = 1 + z * (-1.0 / 2 + z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 - z * (1.0 / 3628800)))));
  const sine = r * (1 + z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 - z * (1.0 / 39916800))))));
  const value = quarter & 1 ? sine : cosine;
  return ((quarter + 1) & 2) != 0 ? -value : value;
}

/** Box and Muller 1958. `aside` has room for eight words. */
export function f32_normal(y: usize, index: i32, n: i32, seed: i32, counter: i32, mean: f64, std: f64, aside: usize): void {
  for (; n > 0; n -= 4, index += 4) {
    v128.store(aside, words(index, counter, seed, aside + 16));
    for (let k = 0; k < min(4, n); k++, y += 4) {
      const at = aside + (<usize>k << 2);
      const radius = sqrt(2 * logOf(4294967296 / (<f64>load<u32>(at) + 1)));
      store<f32>(y, <f32>(mean + std * radius * cosOfTurn(<f64>load<u32>(at, 16) / 4294967296)));
    }
  }
}
