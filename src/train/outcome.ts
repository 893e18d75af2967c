/**
 * What one batch amounted to: which class each example was taken for, whether numbers are still finite.
 */
import { isFloat } from '../backend/index.js';
import { DataError, fmt } from '../errors.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor/index.js';

/** A loss as training and evaluation take it: a function, or a module such as `nn.CrossEntropyLoss()`. */
export type Loss = ((output: Tensor, target: Tensor) => Tensor) | { forward(output: Tensor, target: Tensor): Tensor };

export const lossFunction = (loss: Loss): ((output: Tensor, target: Tensor) => Tensor) =>
  (typeof loss === 'function' ? loss : (output, target) => loss.forward(output, target));

/** Input and target of a batch. @throws {DataError} CVY_DATA_MISMATCH unless there are both, of as many examples. */
export function inputAndTarget(op: string, [input, target]: readonly Tensor[]): [input: Tensor, target: Tensor] {
  if (!input || !target) throw new DataError('CVY_DATA_MISMATCH', `${op}: a batch has ${input ? 1 : 0} tensors but input and target are required; build the dataset as new TensorDataset(inputs, targets)`);
  if (input.shape[0] !== target.shape[0]) {
    throw new DataError('CVY_DATA_MISMATCH', `${op}: a batch has ${String(input.shape[0])} inputs but ${String(target.shape[0])} targets (input ${fmt(input.shape)}, target ${fmt(target.shape)})`);
  }
  return [input, target];
}

/** Whether logits [n, c] and int32 labels [n] stand before us, so that classes can be compared. */
export const isClassification = (output: Tensor, target: Tensor): boolean =>
  output.ndim === 2 && target.dtype === 'int32' && target.ndim === 1 && target.shape[0] === output.shape[0];

/** The class with the largest value in each row, the first of equal ones. @shape output [n, c]; returns [n] */
export function classesOf(output: Tensor): Int32Array {
  const [n, c] = output.shape;
  const values = output.dataSync();
  const classes = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    let best = 0;
    for (let k = 1; k < c; k++) if (values[row * c + k] > values[row * c + best]) best = k;
    classes[row] = best;
  }
  return classes;
}

/** How many rows have their label's class, or NaN where there are no classes. */
export function countCorrect(output: Tensor, target: Tensor): number {
  if (!isClassification(output, target)) return NaN;
  const labels = target.dataSync();
  let correct = 0;
  classesOf(output).forEach((found, row) => (correct += Number(found === labels[row])));
  return correct;
}

/** The first parameter or buffer that holds NaN or an infinity, as `name holds value`, or undefined. */
export function nonFinite(model: Module): string | undefined {
  for (const [name, tensor] of Object.entries(model.stateDict())) {
    if (!isFloat(tensor.dtype)) continue;
    const values = tensor.dataSync();
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return `${name} holds ${values[i]}`;
  }
  return undefined;
}
