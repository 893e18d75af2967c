/** A kernel set of one op whose kernel says which of two algorithms served. */
export const api = 1;
export const kernels = {
  relu: {
    float32: {
      name: ([, , n]) => (n < 4 ? 'f32_relu_short__js' : 'f32_relu_long__js'),
      pieces: ([, , n]) => (n < 4 ? 1 : 2),
      run(heap, [x, y, n], begin, end) {
        const pieces = n < 4 ? 1 : 2;
        if (n === 13) throw new Error('unlucky');
        for (let i = Math.floor((begin * n) / pieces); i < Math.floor((end * n) / pieces); i++) heap.f32[(y >>> 2) + i] = Math.max(0, heap.f32[(x >>> 2) + i]);
      },
    },
  },
};
