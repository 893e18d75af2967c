/** Tensors and how they are made. Only re-exports. */
export * from './create.js';
export { AutogradMeta, Tensor } from './tensor.js';
export type { GradFn, GradHook } from './tensor.js';
