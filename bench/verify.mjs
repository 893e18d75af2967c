/**
 * Lays a case's operands in memory, binds a backend to them, and holds each strategy's result to the reference's before anything is
 * timed. A strategy is `{ name, threads, backend, tolerance }` (see strategies.mjs); all of them share one convoy's memory, so the inputs are the same bytes.
 */
import { PlainError } from './harness.mjs';

const isInput = (operand) => ArrayBuffer.isView(operand);
const isOutput = (operand) => operand.dtype !== undefined;
const isComputed = (operand) => operand.op !== undefined;
const BYTES = { float32: 4, int32: 4 };

/** A strategy computed something else than the reference. */
export class Mismatch extends PlainError {}

/**
 * The first element that differs, in words, or null. By ===, so NaN differs from everything; or by more than `tolerance` times the
 * largest magnitude of the reference.
 */
export function difference(found, wanted, tolerance = 0) {
  if (found.length !== wanted.length) return `${found.length} elements but the reference has ${wanted.length}`;
  const most = tolerance && tolerance * wanted.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (let i = 0; i < wanted.length; i++) {
    if (found[i] !== wanted[i] && !(Math.abs(found[i] - wanted[i]) <= most)) return `element ${i} of ${wanted.length} is ${found[i]} but the reference has ${wanted[i]}`;
  }
  return null;
}

/** Inputs of a problem (one `at(batch)` of shapes.mjs) in memory. Those that are another op's output, the reference computes first. */
export function lay(reference, { operands }) {
  const { memory } = reference.backend;
  const held = [];
  const put = (data) => {
    const ptr = memory.alloc(data.byteLength);
    held.push(ptr);
    memory.write(ptr, data);
    return ptr;
  };
  const args = operands.map((operand) => {
    if (isInput(operand)) return put(operand);
    return isComputed(operand) ? put(computed(reference, operand)) : operand;
  });
  return { args, free: () => held.splice(0).forEach((ptr) => memory.free(ptr)) };
}

function computed(reference, { op, operands, take }) {
  const laid = lay(reference, { operands });
  const bound = bind(reference, op, laid);
  const result = bound.read()[take];
  bound.free();
  laid.free();
  return result;
}

/** The op on one strategy, with outputs of its own over the shared inputs. */
export function bind({ name, backend }, op, { args }) {
  const { memory } = backend;
  const outputs = [];
  const own = args.map((arg) => {
    if (!isOutput(arg)) return arg;
    const ptr = memory.alloc(arg.length * BYTES[arg.dtype]);
    outputs.push({ ptr, ...arg });
    return ptr;
  });
  const run = () => backend.run(op, 'float32', own);
  const receipt = () => backend.placement().filter((row) => row.op === op && row.dtype === 'float32');
  return {
    name, backend, run,
    /** Which kernel serves it, by the receipt of one run. */
    servedBy() {
      const before = new Map(receipt().map(({ kernel, calls }) => [kernel, calls]));
      run();
      const ran = receipt().filter(({ kernel, calls }) => calls !== before.get(kernel));
      const [{ servedBy: set, fallback }] = ran;
      return { set, kernel: ran.map(({ kernel }) => kernel).join(' + '), fallback };
    },
    /** Results of one run, over garbage: an element that is not written is NaN, or an index that no input has. */
    read() {
      for (const { ptr, dtype, length } of outputs) memory.write(ptr, dtype === 'int32' ? new Int32Array(length).fill(-77) : new Float32Array(length).fill(NaN));
      run();
      return outputs.map(({ ptr, dtype, length }) => memory.read(ptr, dtype, length));
    },
    free() {
      outputs.forEach(({ ptr }) => memory.free(ptr));
      backend.release?.();
    },
  };
}

/**
 * Runs each strategy on the problem and compares all of its outputs with the first one's.
 * @throws {Mismatch} naming the strategy and the element.
 */
export function checkAgree(strategies, op, laid, what) {
  let wanted;
  for (const strategy of strategies) {
    const bound = bind(strategy, op, laid);
    const found = bound.read();
    bound.free();
    wanted ??= found;
    found.forEach((values, index) => {
      const differs = difference(values, wanted[index], strategy.tolerance);
      if (differs) throw new Mismatch(`${what}: ${strategy.name} on ${strategy.threads} is wrong, nothing was timed: ${differs} (${strategies[0].name}, output ${index})`);
    });
  }
}
