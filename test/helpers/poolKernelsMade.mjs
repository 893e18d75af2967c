/** A kernel set that is made per thread by `create`, for the tests of the worker pool. */
export const api = 1;

export async function create(memory) {
  const made = new Float64Array(memory.buffer);
  await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    fill: {
      float64: {
        pieces: ([, pieces]) => pieces,
        run(_heap, [y, , value], begin, end) {
          for (let p = begin; p < end; p++) made[y / 8 + p] = value - p;
        },
      },
    },
  };
}
