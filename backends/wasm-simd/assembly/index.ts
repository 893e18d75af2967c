/** What the module exports, one file of kernels after the other. */
export * from './elementwise';
export * from './gemm';
