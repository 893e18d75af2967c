/** Vectors of length one, and classes as vectors. */
import { checkNumber, checkOptions, ArgumentError, DtypeError, fmt } from '../../errors.js';
import { fromData, type Tensor } from '../../tensor/index.js';
import { checkTogether, clampMin, vectorNorm, type Dim } from '../../autograd/index.js';

export interface NormalizeOptions {
  /** Of the norm; default 2. */
  p?: number;
  /** The axis, or axes, along which a vector lies; default 1. */
  dim?: Dim;
  /** The least that is divided by; default 1e-12. */
  eps?: number;
}

/** x divided by its p-norm along `dim`, which counts as `eps` at least. @source torch.nn.functional.normalize */
export function normalize(x: Tensor, options: NormalizeOptions = {}): Tensor {
  checkTogether('normalize', x);
  checkOptions('normalize', options, ['p', 'dim', 'eps']);
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  return x.div(clampMin(vectorNorm(x, p, dim, true), checkNumber('normalize', 'eps', eps, 0)));
}

/**
 * Labels as vectors of `numClasses` zeros with a one at the label, int32; without `numClasses` one more than the largest label.
 * @shape labels [...] of int32; returns [..., numClasses]
 * @throws {DtypeError} CVY_DTYPE unless labels are int32; {ArgumentError} CVY_ARG_VALUE for a label outside of 0 … numClasses − 1
 * @source torch.nn.functional.one_hot
 */
export function oneHot(labels: Tensor, numClasses?: number): Tensor {
  checkTogether('oneHot', labels);
  if (labels.dtype !== 'int32') throw new DtypeError('CVY_DTYPE', `oneHot: labels are ${labels.dtype} but int32 is required (labels ${fmt(labels.shape)})`);
  const values = Array.from(labels.dataSync());
  const largest = values.reduce((a, b) => Math.max(a, b), -1);
  const classes = numClasses ?? largest + 1;
  if (!Number.isInteger(classes) || classes < 1) throw new ArgumentError('CVY_ARG_VALUE', `oneHot: the number of classes is ${classes} but must be an integer ≥ 1 (labels ${fmt(labels.shape)})`);
  if (largest >= classes || values.some((v) => v < 0)) throw new ArgumentError('CVY_ARG_VALUE', `oneHot: a label is ${largest >= classes ? largest : values.find((v) => v < 0)} but must be from 0 to ${classes - 1} (labels ${fmt(labels.shape)})`);
  const each = fromData(labels.backend, Int32Array.from({ length: classes }, (_, i) => i));
  return labels.unsqueeze(-1).eq(each).to('int32');
}
