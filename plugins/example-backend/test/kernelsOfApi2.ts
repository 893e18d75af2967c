/** A kernel module of another API number, as a plugin made for a later Convoy would have it. */
export const api = 2;
export const kernels = {};
