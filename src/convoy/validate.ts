/**
 * CONVOY_VALIDATE: every op is run a second time on a reference kernel set, over copies of its outputs, and compared.
 * Turns "training diverges on the pool" into one line. Slow by design.
 */
import { BYTES, OPS, type Args, type Backend, type Determinism, type DType, type Executor, type LoadedKernel, type OpName, type Placement } from '../backend/index.js';
import { BackendError } from '../errors.js';
import type { Heap } from '../memory/index.js';
import type { LoadedSet } from './host.js';

/** Allowed distance: rtol of the value plus atol of the output's root mean square. Sums in another order stay far below. */
const TOLERANCE: Record<DType, { rtol: number; atol: number }> = {
  float32: { rtol: 1e-4, atol: 1e-5 }, float64: { rtol: 1e-10, atol: 1e-12 }, int32: { rtol: 0, atol: 0 }, bool: { rtol: 0, atol: 0 },
};

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
      this.executor.run({ op, dtype, kernel: kernel as LoadedKernel['kernel'], set: this.reference.index, setName: this.reference.name }, shadow);
      outputs.forEach(({ arg, dtype: type, elems }, i) => this.compare(op, args, arg, this.memory.read(args[arg], type, elems), this.memory.read(copies[i], type, elems), type));
    } finally {
      for (const copy of copies) this.memory.free(copy);
    }
  }

  private compare(op: OpName, args: Args, arg: number, actual: ArrayLike<number>, expected: ArrayLike<number>, dtype: DType): void {
    const { rtol, atol } = TOLERANCE[dtype];
    let squares = 0;
    let finite = 0;
    for (let i = 0; i < expected.length; i++) if (Number.isFinite(expected[i])) [squares, finite] = [squares + expected[i] ** 2, finite + 1];
    const scale = finite > 0 ? Math.sqrt(squares / finite) : 0;
    for (let i = 0; i < expected.length; i++) {
      const [a, b] = [actual[i], expected[i]];
      if (a === b || (Number.isNaN(a) && Number.isNaN(b)) || Math.abs(a - b) <= atol * scale + rtol * Math.abs(b)) continue;
      throw new BackendError('CVY_BACKEND_DIVERGED', `${op}: element ${i} of output ${arg} is ${a} on '${this.inner.name}' but ${b} on '${this.reference.name}' (dtype ${dtype}, arguments [${args.join(', ')}])`);
    }
  }

  has(op: OpName, dtype: DType): boolean {
    return this.inner.has(op, dtype);
  }

  placement(): Placement[] {
    return this.inner.placement();
  }
}
