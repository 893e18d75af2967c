/** What this Node's WebAssembly can do. Apart from the kernels, because the package's index asks before anything of them is loaded. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

/** Modules of one function each, made of the feature's instruction alone: (func (result v128) …). */
const HEAD = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const PROBES = {
  // i32.const 0, f32x4-able i8x16.splat
  simd: [...HEAD, 10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b],
  // three splats, f32x4.relaxed_madd
  relaxed: [...HEAD, 10, 19, 1, 17, 0, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
};

/** Whether this Node compiles a feature's instruction. */
export const supports = (feature: keyof typeof PROBES): boolean =>
  typeof WebAssembly !== 'undefined' && WebAssembly.validate(Uint8Array.from(PROBES[feature]));
