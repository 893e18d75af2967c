/**
 * Einstein summation, two operands at a time: diagonals first, then axes only one of them has are summed, then one matrix product
 * over those that go, with the shared ones as batches. All of it recorded operations.
 */
import { ArgumentError } from '../../errors.js';
import { checkEinsum, product, stridesOf } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';
import { asFloat, checkTogether, promote } from './common.js';
import { gemm } from './matmul.js';
import { windowOf } from './shape.js';

/** A tensor and the label of each of its axes. */
interface Term {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/**
 * Products of operands, summed over the labels that are not in the output: `einsum('bij,bjk->bik', a, b)`. Without '->' the output is
 * the labels that occur once, sorted; '...' stands for any further axes; a label that repeats in one operand takes the diagonal.
 * Operands are contracted from left to right.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE for a malformed equation; {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_MISMATCH, CVY_SHAPE_BROADCAST
 * @source torch.einsum
 */
export function einsum(equation: string, ...operands: readonly (Tensor | readonly Tensor[])[]): Tensor {
  const given = operands.flat() as Tensor[];
  if (given.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'einsum: no operands are given but at least one is required');
  checkTogether('einsum', ...given);
  const dtype = given.map((x) => x.dtype).reduce(promote);
  const { operands: labels, output, sizes } = checkEinsum(equation, given.map(({ shape }) => shape));
  const terms = given.map((x, i) => distinct({ x: asFloat(x.to(dtype)), labels: labels[i] }, sizes));
  let result = terms[0];
  for (let i = 1; i < terms.length; i++) {
    const later = new Set([...output, ...terms.slice(i + 1).flatMap((term) => term.labels)]);
    result = multiply(result, terms[i], later);
  }
  const summed = sumOut(result, new Set(output));
  return ordered(summed, output).x.reshape(output.map((label) => sizes.get(label) ?? 1));
}

/** Each label once: the diagonal of repeated ones; axes of 1 that other operands repeat go. */
function distinct({ x, labels }: Term, sizes: ReadonlyMap<string, number>): Term {
  const kept = labels.filter((label, axis) => labels.indexOf(label) === axis && (x.shape[axis] !== 1 || sizes.get(label) === 1));
  const sizeOf = (label: string): number => x.shape[labels.indexOf(label)];
  if (new Set(labels).size === labels.length) return { x: kept.length === labels.length ? x : x.reshape(kept.map(sizeOf)), labels: kept };
  const own = stridesOf(x.shape);
  const strides = kept.map((label) => labels.reduce((sum, other, axis) => (other === label ? sum + own[axis] : sum), 0));
  return { x: windowOf('diagonal', x, { shape: kept.map(sizeOf), offset: 0, strides }), labels: kept };
}

/** Sums the axes whose labels nobody needs. */
function sumOut(term: Term, needed: ReadonlySet<string>): Term {
  const axes = term.labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  return axes.length === 0 ? term : { x: term.x.sum(axes), labels: term.labels.filter((label) => needed.has(label)) };
}

/** Axes in the order of `labels`, moved only where they are not. */
function ordered(term: Term, labels: readonly string[]): Term {
  return same(term.labels, labels) ? term : { x: term.x.permute(labels.map((label) => term.labels.indexOf(label))), labels };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((label, i) => label === b[i]);

function multiply(left: Term, right: Term, later: ReadonlySet<string>): Term {
  const a = sumOut(left, new Set([...later, ...right.labels]));
  const b = sumOut(right, new Set([...later, ...left.labels]));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const [batch, inner] = [shared.filter((label) => later.has(label)), shared.filter((label) => !later.has(label))];
  const [rows, columns] = [a.labels.filter((label) => !shared.includes(label)), b.labels.filter((label) => !shared.includes(label))];
  const [m, n] = [sizesOf(a, rows), sizesOf(b, columns)];
  const labels = [...batch, ...rows, ...columns];
  const [batches, shape] = [sizesOf(a, batch), [...sizesOf(a, batch), ...m, ...n]];
  if (inner.length === 0) {
    const x = ordered(a, [...batch, ...rows]).x.reshape([...batches, ...m, ...n.map(() => 1)]);
    const y = ordered(b, [...batch, ...columns]).x.reshape([...batches, ...m.map(() => 1), ...n]);
    return { x: x.mul(y), labels };
  }
  // Either side may come transposed, so that most products move nothing.
  const ta = same(a.labels, [...batch, ...inner, ...rows]);
  const tb = same(b.labels, [...batch, ...columns, ...inner]);
  const matrices = (term: Term, first: readonly string[], second: readonly string[]): Tensor =>
    ordered(term, [...batch, ...first, ...second]).x.reshape([...(batch.length > 0 ? [count(batches)] : []), count(sizesOf(term, first)), count(sizesOf(term, second))]);
  const x = ta ? matrices(a, inner, rows) : matrices(a, rows, inner);
  const y = tb ? matrices(b, columns, inner) : matrices(b, inner, columns);
  return { x: gemm(x, y, ta, tb).reshape(shape), labels };
}

const sizesOf = ({ x, labels }: Term, wanted: readonly string[]): number[] => wanted.map((label) => x.shape[labels.indexOf(label)]);
const count = (sizes: readonly number[]): number => product(sizes, 0, sizes.length);
