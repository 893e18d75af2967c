/** A kernel set of one op, deliberately recognisable: its relu doubles. */
export const api = 1;
export const kernels = {
  relu: {
    float32: {
      name: 'relu_that_doubles',
      pieces: () => 1,
      run(heap, [x, y, n]) {
        for (let i = 0; i < n; i++) heap.f32[(y >>> 2) + i] = 2 * Math.max(0, heap.f32[(x >>> 2) + i]);
      },
    },
  },
};
