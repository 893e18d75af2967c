/** A kernel set of one op: its sum of everything is off by a millionth. */
export const api = 1;
export const kernels = {
  sum: {
    float32: {
      pieces: () => 1,
      run(heap, [x, y, outer, n, inner]) {
        for (let row = 0; row < outer * inner; row++) {
          let sum = 1e-6;
          for (let j = 0; j < n; j++) sum += heap.f32[(x >>> 2) + (Math.floor(row / inner) * n + j) * inner + (row % inner)];
          heap.f32[(y >>> 2) + row] = sum;
        }
      },
    },
  },
};
