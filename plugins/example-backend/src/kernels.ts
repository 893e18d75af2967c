/**
 * The kernels, imported by the calling thread and by every worker of the pool. Only types come from convoy-nn, so this
 * module starts fast in a worker and never meets a second copy of the engine.
 */
import type { Kernel, KernelTable, OpArgs } from 'convoy-nn/backend';

/** The API number these kernels were written for: a literal, because an imported one would agree with every Convoy. */
export const api = 1;

/** Elements in one piece: 64 KiB of float32, so that a core's own cache holds it and handing it out costs nothing. */
const PIECE = 16384;

/** y = max(x, 0), float32. Reads x, overwrites y; a NaN passes, since every comparison with it is false. */
const relu: Kernel<OpArgs['relu']> = {
  name: 'f32_relu__js',
  pieces: ([, , n]) => Math.ceil(n / PIECE),
  run({ f32 }, [x, y, n], begin, end) {
    const [from, to] = [x >>> 2, y >>> 2];
    const last = Math.min(end * PIECE, n);
    for (let i = begin * PIECE; i < last; i++) {
      const value = f32[from + i];
      f32[to + i] = value <= 0 ? 0 : value;
    }
  },
};

export const kernels: KernelTable = { relu: { float32: relu } };
