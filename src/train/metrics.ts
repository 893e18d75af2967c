/**
 * How good a model is: measured in evaluation mode, unrecorded, without a trace in the model or the loader.
 */
import { setImmediate } from 'node:timers/promises';
import { noGrad } from '../autograd/index.js';
import { DataLoader } from '../data/dataLoader.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { ArgumentError, checkOptions, DataError, fmt, ShapeError } from '../errors.js';
import { scope } from '../memory/index.js';
import { evaluationMode } from '../nn/evaluationMode.js';
import { crossEntropy } from '../nn/index.js';
import type { Module } from '../nn/module.js';
import type { Tensor } from '../tensor/index.js';
import { classesOf, inputAndTarget, isClassification, lossFunction, type Loss } from './outcome.js';

export interface Evaluation {
  /** Share of examples whose largest logit is their label's, 0 to 1. */
  readonly accuracy: number;
  /** Mean over the examples. */
  readonly loss: number;
  /** confusion[label][class] counts the examples of `label` that were taken for `class`. */
  readonly confusion: number[][];
  readonly examples: number;
}

/** Batches of a bare dataset: large enough for the threads, small enough for the cache. */
const BATCH = 250;

/**
 * Accuracy, loss and confusion over labelled examples. The event loop runs between batches.
 *
 * @param data a DataLoader, or a dataset, which is taken in batches of 250
 * @shape the model returns logits [n, c]; labels [n] int32 from 0 to c − 1
 * @throws {ShapeError} CVY_SHAPE_MISMATCH for other outputs; {DataError} CVY_DATA_MISMATCH for a label out of range
 */
export async function evaluate(model: Module, data: DataLoader | Dataset, options: { loss?: Loss } = {}): Promise<Evaluation> {
  checkOptions('evaluate', options, ['loss']);
  return measure('evaluate', model, data, lossFunction(options.loss ?? crossEntropy));
}

/** The share of examples that the model gets right, 0 to 1. Takes and throws what `evaluate` does. */
export const accuracy = async (model: Module, data: DataLoader | Dataset): Promise<number> => (await measure('accuracy', model, data, null)).accuracy;

async function measure(op: string, model: Module, data: DataLoader | Dataset, loss: ((output: Tensor, target: Tensor) => Tensor) | null): Promise<Evaluation> {
  if (!(data instanceof DataLoader)) checkDataset(op, data);
  const loader = data instanceof DataLoader ? data : new DataLoader(data, { batchSize: BATCH });
  if (loader.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the loader has 0 batches but at least one is required (${loader.dataset.length} examples, batchSize ${loader.batchSize}, dropLast ${loader.dropLast})`);
  const { epoch } = loader;
  const confusion: number[][] = [];
  let examples = 0;
  let correct = 0;
  let total = 0;
  const restoreMode = evaluationMode(model);
  try {
    for (const batch of loader) {
      const [input, target] = inputAndTarget(op, batch);
      noGrad(() => scope(() => {
        const output = model.forward(input);
        if (!isClassification(output, target)) {
          throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: the output is ${output.describe()} with targets ${target.describe()} but logits [n, c] and int32 labels [n] are required (input ${fmt(input.shape)})`);
        }
        if (loss) total += loss(output, target).item() * target.numel;
        correct += count(op, confusion, output, target);
      }));
      examples += target.numel;
      await setImmediate();
    }
  } finally {
    restoreMode();
    // A training that shuffles by the same loader shall not see that it was evaluated.
    loader.epoch = epoch;
  }
  return { accuracy: correct / examples, loss: loss ? total / examples : NaN, confusion, examples };
}

/** Enters a batch into the confusion matrix; how many were right. */
function count(op: string, confusion: number[][], output: Tensor, target: Tensor): number {
  const c = output.shape[1];
  while (confusion.length < c) confusion.push(new Array<number>(c).fill(0));
  const labels = target.dataSync();
  let correct = 0;
  classesOf(output).forEach((found, row) => {
    const label = labels[row];
    if (!(label >= 0 && label < c)) throw new DataError('CVY_DATA_MISMATCH', `${op}: label ${label} stands in a batch but 0 to ${c - 1} is required (output ${fmt(output.shape)})`);
    confusion[label][found]++;
    if (found === label) correct++;
  });
  return correct;
}
