/** Shape arithmetic, one check per op family. Only re-exports. */
export * from './basic.js';
export * from './conv.js';
export * from './einsum.js';
export * from './matmul.js';
export * from './pool.js';
export * from './slice.js';
