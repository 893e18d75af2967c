/** The initialisers of torch.nn.init, exported as `init`. Those that draw take `rng`, such as `nn.rng`: the same seed, the same bits. Only re-exports. */
export { constant_, dirac_, eye_, ones_, zeros_ } from './fixed.js';
export { calculateFanInAndFanOut, calculateGain } from './gain.js';
export type { Nonlinearity } from './gain.js';
export { orthogonal_ } from './orthogonal.js';
export { kaimingNormal_, kaimingUniform_, normal_, sparse_, uniform_, xavierNormal_, xavierUniform_ } from './random.js';
export type { DrawOptions, KaimingOptions, NormalOptions, UniformOptions, XavierOptions } from './random.js';
export { truncNormal_ } from './truncNormal.js';
export type { TruncNormalOptions } from './truncNormal.js';
