/**
 * The inverse of maximum pooling that is left when all but the maxima are forgotten: elements go back to where they came from.
 */
import { ArgumentError, DtypeError, fmt, ShapeError } from '../../errors.js';
import { numel, sameShape } from '../../shape/index.js';
import { fromData, type Tensor } from '../../tensor/index.js';
import { record, recordingAs } from '../tape.js';
import { gatherAlong, scatterAlong } from './indexing.js';

/**
 * Zeros over the last axes `sizes`, with each element of x at its flat position in the plane. Of several at one position the last
 * stays, but each gets that position's gradient, as in PyTorch.
 * @throws {DtypeError} CVY_DTYPE; {ShapeError} CVY_SHAPE_MISMATCH; {ArgumentError} CVY_ARG_VALUE for a position outside the plane
 */
export function maxUnpool(op: string, x: Tensor, indices: Tensor, sizes: readonly number[]): Tensor {
  const shapes = `input ${fmt(x.shape)}, indices ${fmt(indices.shape)}, output size ${fmt(sizes)}`;
  if (indices.dtype !== 'int32') throw new DtypeError('CVY_DTYPE', `${op}: indices have dtype ${indices.dtype} but int32 is required (${shapes})`);
  if (!sameShape(x.shape, indices.shape)) throw new ShapeError('CVY_SHAPE_MISMATCH', `${op}: input and indices have different shapes but must agree (${shapes})`);
  const lead = x.shape.slice(0, x.ndim - sizes.length);
  const [places, plane] = [numel(x.shape.slice(lead.length)), numel(sizes)];
  const kept = lastOfEach(op, indices.dataSync() as Int32Array, places, plane, shapes);
  const y = recordingAs(false, () => {
    const at = kept === null ? indices : fromData(x.backend, kept, x.shape);
    return scatterAlong(x.reshape([-1, places]), 1, at.reshape([-1, places]), plane).reshape([...lead, ...sizes]);
  });
  const from = x.shape;
  return record('maxUnpool', y, [x], [indices], (g, [at]) => [gatherAlong(g.reshape([-1, plane]), 1, at.reshape([-1, places])).reshape(from)]);
}

/** The positions with −1 for those that a later element of the plane has too; null when there are none. */
function lastOfEach(op: string, positions: Int32Array, places: number, plane: number, shapes: string): Int32Array | null {
  const last = new Int32Array(plane);
  let kept: Int32Array | null = null;
  for (let start = 0; start < positions.length; start += places) {
    last.fill(-1);
    for (let i = start; i < start + places; i++) {
      const at = positions[i];
      if (at < 0 || at >= plane) throw new ArgumentError('CVY_ARG_VALUE', `${op}: index ${at} at position ${i} lies outside the output but must be from 0 to ${plane - 1} (${shapes}); pass outputSize`);
      if (last[at] >= 0) {
        kept ??= positions.slice();
        kept[last[at]] = -1;
      }
      last[at] = i;
    }
  }
  return kept;
}
