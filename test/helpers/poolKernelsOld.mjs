/** A kernel set of another API number, for the tests of the worker pool. */
export const api = 99;
export const kernels = {};
