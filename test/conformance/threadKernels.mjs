/** A broken kernel set for the kit's own tests: its results depend on the thread that computes them. */
import { isMainThread } from 'node:worker_threads';

export const api = 1;
export const kernels = {
  fill: {
    float32: {
      pieces: ([, n]) => n,
      run({ f32 }, [y, , value], begin, end) {
        // Slow enough that other threads come and take pieces.
        const until = performance.now() + 0.2 * (end - begin);
        while (performance.now() < until);
        for (let i = begin; i < end; i++) f32[(y >>> 2) + i] = isMainThread ? value : value + 1;
      },
    },
  },
};
