/**
 * Rows of a table by number. The gradient is dense: PyTorch's `sparse` is deliberately absent, no optimizer here takes such gradients.
 */
import { checkTogether, noGrad, pickRows, where } from '../../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, fmt, ShapeError } from '../../errors.js';
import { scope } from '../../memory/index.js';
import { fromData, type Tensor } from '../../tensor/index.js';

export interface EmbeddingOptions {
  /** A row that gets no gradient; negative numbers count from the end. Default null: none. */
  paddingIdx?: number | null;
  /** Rows that are looked up and longer than this are shortened to it first, in place. Default null: none. */
  maxNorm?: number | null;
  /** The p of the p-norm that maxNorm is about; default 2. */
  normType?: number;
  /** Whether a row's gradient is divided by how often the row is looked up; default false. */
  scaleGradByFreq?: boolean;
}

export type EmbeddingSpec = Required<EmbeddingOptions>;

/** Options checked and complete, paddingIdx counted from the start of `rows` rows. @throws {ArgumentError} CVY_ARG_VALUE, CVY_ARG_TYPE, CVY_ARG_OPTION. */
export function checkEmbedding(op: string, rows: number, options: EmbeddingOptions): EmbeddingSpec {
  checkOptions(op, options, ['paddingIdx', 'maxNorm', 'normType', 'scaleGradByFreq']);
  const { paddingIdx = null, maxNorm = null, normType = 2, scaleGradByFreq = false } = options;
  if (paddingIdx !== null && (!Number.isInteger(paddingIdx) || paddingIdx < -rows || paddingIdx >= rows)) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: paddingIdx is ${String(paddingIdx)} but must be null or an integer from ${-rows} to ${rows - 1}`);
  }
  if (normType !== Infinity && checkNumber(op, 'normType', normType, 0) === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: normType is 0 but must be above 0`);
  return {
    paddingIdx: paddingIdx !== null && paddingIdx < 0 ? rows + paddingIdx : paddingIdx,
    maxNorm: maxNorm === null ? null : checkNumber(op, 'maxNorm', maxNorm, 0),
    normType, scaleGradByFreq: checkFlag(op, 'scaleGradByFreq', scaleGradByFreq),
  };
}

/**
 * The rows of `weight` at `indices`.
 *
 * @shape indices [...] of int32; weight [rows, width]; returns [..., width]
 * @grad weight
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_AXIS; {DtypeError} CVY_DTYPE; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.embedding
 */
export function embedding(indices: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  checkTogether('embedding', indices, weight);
  if (weight.ndim !== 2) throw new ShapeError('CVY_SHAPE_RANK', `embedding: weight has ${weight.ndim} axes but 2 are required (indices ${fmt(indices.shape)}, weight ${fmt(weight.shape)})`);
  const [rows, width] = weight.shape;
  const { paddingIdx, maxNorm, normType, scaleGradByFreq } = checkEmbedding('embedding', rows, options);
  const index = indices.reshape([indices.numel]);
  const y = pickRows('embedding', weight, index, (positions) => {
    if (maxNorm !== null) shorten(weight, positions, maxNorm, normType);
    return shares(positions, rows, paddingIdx, scaleGradByFreq);
  });
  return y.reshape([...indices.shape, width]);
}

/** The share of each position's gradient that reaches its row, null where all of it does. */
function shares(positions: ArrayLike<number>, rows: number, paddingIdx: number | null, byFrequency: boolean): number[] | null {
  if (paddingIdx === null && !byFrequency) return null;
  const counts = new Int32Array(rows);
  for (let i = 0; i < positions.length; i++) counts[positions[i]]++;
  return Array.from(positions, (row) => (row === paddingIdx ? 0 : byFrequency ? 1 / counts[row] : 1));
}

/** Scales the rows at the positions whose norm is above maxNorm. */
function shorten(weight: Tensor, positions: ArrayLike<number>, maxNorm: number, p: number): void {
  const used = new Uint8Array(weight.shape[0]);
  for (let i = 0; i < positions.length; i++) used[positions[i]] = 1;
  noGrad(() => scope(() => {
    const size = weight.detach().abs();
    const norms = p === Infinity ? size.max(1, true).values : size.pow(p).sum(1, true).pow(1 / p);
    const looked = fromData(weight.backend, [...used], [used.length, 1], { dtype: 'bool' });
    const factor = norms.add(1e-7).reciprocal().mul(maxNorm);
    weight.mul_(where(looked.logicalAnd(norms.gt(maxNorm)), factor, factor.mul(0).add(1)));
  }));
}
