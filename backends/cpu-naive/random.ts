/** Random numbers by element number, so that any piece may be made by any thread. The generator itself is src/backend/rng.ts. */
import { normalAt, uniformAt, type Kernel, type OpArgs } from '../../src/backend/index.js';
import { elementwise, type Store } from './loops.js';

/** Rounding to the dtype may reach `hi`, which is outside; `lo` stands in for it. */
export const uniform = (of: Store): Kernel<OpArgs['uniform']> =>
  elementwise((args) => args[1], (heap, [y, , seed, stream, lo, hi], first, end) => {
    const view = of.view(heap);
    for (let i = first; i < end; i++) {
      const value = of.round(lo + (hi - lo) * uniformAt(seed, stream, i));
      view[(y >>> of.log2) + i] = value < hi ? value : lo;
    }
  });

export const normal = (of: Store): Kernel<OpArgs['normal']> =>
  elementwise((args) => args[1], (heap, [y, , seed, stream, mean, std], first, end) => {
    const view = of.view(heap);
    for (let i = first; i < end; i++) view[(y >>> of.log2) + i] = mean + std * normalAt(seed, stream, i);
  });
