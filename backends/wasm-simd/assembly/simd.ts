/** The arithmetic that the variants differ in. AssemblyScript evaluates the feature at compile time: no branch is left. */

/** a · b + c, in one rounding with relaxed SIMD where the processor can, else in two. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b, likewise. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}
