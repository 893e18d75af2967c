/**
 * CONVOY_VALIDATE: every op is run a second time on a reference kernel set, over copies of its outputs, and compared.
 * Turns "training diverges on the pool" into one line. Slow by design.
 */
import { BYTES, OPS, type Args, type Backend, type Determinism, type DType, type Executor, type LoadedKernel, type OpName, type Placement } from '../backend/index.js';
import { BackendError } from '../errors.js';
import type { Heap } from '../memory/index.js';
import type { LoadedSet } from './host.js';

/** Allowed distance: rtol of the value plus atol of the output's root mean square, or of the terms' size. Sums in another order stay far below. */
const TOLERANCE: Record<DType, { rtol: number; atol: number }> = {
  float32: { rtol: 1e-4, atol: 1e-5 }, float64: { rtol: 1e-10, atol: 1e-12 }, int32: { rtol: 0, atol: 0 }, bool: { rtol: 0, atol: 0 },
};

/**
 * Ops whose terms can cancel: how far rounding takes the result depends on the size of the terms, not on that of the result. Of those
 * that only add up products, the same op over the inputs' absolute values tells it; of the gradients of normalisations, the upstream
 * gradient's root mean square, at argument `gradient`.
 */
const CANCELS: { readonly [O in OpName]?: 'products' | { readonly gradient: number } } = {
  sum: 'products', channelSum: 'products', matmul: 'products', scatterAdd: 'products', scatterAddElements: 'products', sparseMatmul: 'products',
  conv: 'products', convRelu: 'products', convRelu6: 'products', convGradInput: 'products', convGradWeight: 'products', maxPoolGrad: 'products', avgPool: 'products', avgPoolGrad: 'products',
  softmaxGrad: { gradient: 1 }, logSoftmaxGrad: { gradient: 1 }, batchNormGrad: { gradient: 1 },
};

/** Root mean square of the finite ones. */
function rootMeanSquare(values: ArrayLike<number>): number {
  let squares = 0;
  let finite = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) [squares, finite] = [squares + values[i] ** 2, finite + 1];
  return finite > 0 ? Math.sqrt(squares / finite) : 0;
}

export class ValidatingBackend implements Backend {
  readonly name: string;
  readonly threads: number;
  readonly determinism: Determinism;

  constructor(private readonly inner: Backend, readonly memory: Heap, private readonly reference: LoadedSet, private readonly executor: Executor) {
    this.name = inner.name;
    this.threads = inner.threads;
    this.determinism = inner.determinism;
  }

  run(op: OpName, dtype: DType, args: Args): void {
    const outputs = OPS[op].buffers(args, dtype).filter(({ write, elems }) => write && elems > 0);
    // The copies begin as the outputs are, so that parts which an op must leave alone are compared too.
    const copies = outputs.map(({ arg, dtype: type, elems }) => {
      const copy = this.memory.alloc(BYTES[type] * elems);
      this.memory.write(copy, this.memory.read(args[arg], type, elems));
      return copy;
    });
    try {
      this.inner.run(op, dtype, args);
      const kernel = this.reference.table[op]?.[dtype];
      if (kernel === undefined) return;
      const shadow = [...args];
      outputs.forEach(({ arg }, i) => (shadow[arg] = copies[i]));
      const repeat = (again: Args, as: OpName = op): void =>
        this.executor.run({ op: as, dtype, kernel: (this.reference.table[as]?.[dtype] ?? kernel) as LoadedKernel['kernel'], set: this.reference.index, setName: this.reference.name }, [...again]);
      repeat(shadow);
      outputs.forEach(({ arg, dtype: type, elems }, i) => {
        const [actual, expected] = [this.memory.read(args[arg], type, elems), this.memory.read(copies[i], type, elems)];
        const spread = rootMeanSquare(expected);
        const wrong = firstDifference(actual, expected, type, () => spread);
        if (wrong < 0) return;
        const terms = this.sizeOfTerms(op, dtype, args, arg, elems, repeat);
        const still = terms === null ? wrong : firstDifference(actual, expected, type, (at) => Math.max(spread, terms(at)));
        if (still < 0) return;
        throw new BackendError('CVY_BACKEND_DIVERGED', `${op}: element ${still} of output ${arg} is ${actual[still]} on '${this.inner.name}' but ${expected[still]} on '${this.reference.name}' (dtype ${dtype}, arguments [${args.join(', ')}])`);
      });
    } finally {
      for (const copy of copies) this.memory.free(copy);
    }
  }

  /** How large the terms are that each element of an output was added up from; null where nothing cancels. */
  private sizeOfTerms(op: OpName, dtype: DType, args: Args, output: number, elems: number, repeat: (args: Args, as?: OpName) => void): ((at: number) => number) | null {
    const cancels = CANCELS[op];
    if (cancels === undefined) return null;
    const buffers = OPS[op].buffers(args, dtype);
    if (cancels !== 'products') {
      const { elems: count } = buffers.find(({ arg }) => arg === cancels.gradient)!;
      const size = rootMeanSquare(this.memory.read(args[cancels.gradient], dtype, count));
      return () => size;
    }
    const shadow = [...args];
    const copies = buffers.filter((use) => use.elems > 0 && (use.write || use.dtype === dtype)).map(({ arg, dtype: type, elems: count, write }) => {
      const copy = this.memory.alloc(BYTES[type] * count);
      if (!write) this.memory.write(copy, this.memory.read(args[arg], type, count).map(Math.abs));
      shadow[arg] = copy;
      return copy;
    });
    try {
      // Limited to 6, sums would not tell how large their terms are.
      repeat(shadow, op === 'convRelu6' ? 'conv' : op);
      const sizes = this.memory.read(shadow[output], dtype, elems);
      return (at) => sizes[at];
    } finally {
      for (const copy of copies) this.memory.free(copy);
    }
  }

  has(op: OpName, dtype: DType): boolean {
    return this.inner.has(op, dtype);
  }

  placement(): Placement[] {
    return this.inner.placement();
  }
}

/** The first element that is further off than allowed, where `scale` is what the absolute tolerance refers to; −1 when there is none. */
function firstDifference(actual: ArrayLike<number>, expected: ArrayLike<number>, dtype: DType, scale: (at: number) => number): number {
  const { rtol, atol } = TOLERANCE[dtype];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= atol * scale(i) + rtol * Math.abs(b)) continue;
    return i;
  }
  return -1;
}
