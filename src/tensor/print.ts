/**
 * Prints tensors the way PyTorch does: nested brackets, four digits, long axes shortened to their ends.
 */
import type { DType } from '../backend/index.js';

/** What printing needs of a tensor. */
interface Printable {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly gradFn: { readonly name: string } | null;
  readonly requiresGrad: boolean;
  dataSync(): ArrayLike<number>;
}

const EDGE = 3;
const FULL = 1000;

/** `tensor([[19., 25.], [37., 43.]])`, with dtype and requiresGrad where they differ from the default. */
export function printTensor(tensor: Printable): string {
  const flat = tensor.dataSync();
  const shorten = flat.length > FULL;
  const write = format(tensor.dtype, flat);
  const strides: number[] = [];
  tensor.shape.reduceRight((step, size, axis) => ((strides[axis] = step), step * size), 1);

  const print = (axis: number, offset: number): string => {
    if (axis === tensor.shape.length) return write(flat[offset]);
    const size = tensor.shape[axis];
    const parts: string[] = [];
    for (let i = 0; i < size; i++) {
      if (shorten && size > 2 * EDGE && i === EDGE) {
        parts.push('...');
        i = size - EDGE;
      }
      parts.push(print(axis + 1, offset + i * strides[axis]));
    }
    const last = axis === tensor.shape.length - 1;
    const gap = last ? ', ' : `,${'\n'.repeat(tensor.shape.length - 1 - axis)}${' '.repeat('tensor('.length + axis + 1)}`;
    return `[${parts.join(gap)}]`;
  };

  const extras = [
    tensor.shape.includes(0) ? `shape=[${tensor.shape.join(', ')}]` : '',
    tensor.dtype === 'float32' ? '' : `dtype=${tensor.dtype}`,
    tensor.gradFn ? `gradFn=<${tensor.gradFn.name}>` : tensor.requiresGrad ? 'requiresGrad=true' : '',
  ].filter(Boolean);
  return `tensor(${[print(0, 0), ...extras].join(', ')})`;
}

function format(dtype: string, flat: ArrayLike<number>): (value: number) => string {
  if (dtype === 'bool') return (value) => (value ? 'true' : 'false').padStart(5);
  const finite = Array.from(flat).filter(Number.isFinite);
  const largest = finite.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const least = finite.reduce((min, value) => (value === 0 ? min : Math.min(min, Math.abs(value))), Infinity);
  const whole = largest < 1e8 && finite.every(Number.isInteger);
  const scientific = !whole && (largest > 1e8 || least < 1e-4 || largest / least > 1000);
  const one = (value: number): string => {
    if (!Number.isFinite(value)) return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
    if (dtype === 'int32') return String(value);
    if (whole) return `${value}.`;
    return scientific ? value.toExponential(4) : value.toFixed(4);
  };
  const width = Array.from(flat).reduce<number>((max, value) => Math.max(max, one(value).length), 0);
  return (value) => one(value).padStart(width);
}
