/** One kernel out of several that compute the same: the shape says which of them serves a call, and so what it is called. */
import { kernelName, type Args, type Kernel } from '../../src/backend/index.js';

export interface Choice<A extends Args> {
  readonly applies: (args: A) => boolean;
  readonly kernel: Kernel<A>;
}

/** The kernel of the first choice that applies, else `otherwise`. */
export function choose<A extends Args>(choices: readonly Choice<A>[], otherwise: Kernel<A>): Kernel<A> {
  const of = (args: A): Kernel<A> => choices.find(({ applies }) => applies(args))?.kernel ?? otherwise;
  return {
    name: (args) => kernelName(of(args), args),
    phases: Math.max(...[otherwise, ...choices.map(({ kernel }) => kernel)].map(({ phases = 1 }) => phases)),
    pieces(args, phase) {
      const kernel = of(args);
      return phase < (kernel.phases ?? 1) ? kernel.pieces(args, phase) : 0;
    },
    workspace: (args) => of(args).workspace?.(args) ?? {},
    run: (heap, args, begin, end, work) => of(args).run(heap, args, begin, end, work),
  };
}
