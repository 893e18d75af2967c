/**
 * Einstein notation as NumPy and PyTorch write it: what an equation means for operands of given shapes. No tensors here.
 */
import { ArgumentError, fmt, ShapeError } from '../errors.js';
import type { Shape } from './basic.js';

/** The axes that `...` covers are labelled '.2', '.1' from the back, so that those of all operands line up at the end. */
export interface EinsumPlan {
  /** The label of every axis of every operand; a label may repeat within one (a diagonal). */
  readonly operands: string[][];
  readonly output: string[];
  /** The size of each label: where one operand has 1, it is repeated to what the others have. */
  readonly sizes: ReadonlyMap<string, number>;
}

const TERM = /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/;
const covered = (count: number): string[] => Array.from({ length: count }, (_, i) => `.${count - i}`);

/** @throws {ArgumentError} CVY_ARG_VALUE for a malformed equation; {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_BROADCAST where the shapes do not fit it. */
export function checkEinsum(equation: string, shapes: readonly Shape[]): EinsumPlan {
  if (typeof equation !== 'string') throw new ArgumentError('CVY_ARG_TYPE', `einsum: the equation is ${typeof equation} but must be a text such as 'ij,jk->ik'`);
  const given = shapes.map(fmt).join(', ');
  const malformed = (found: string): never => {
    throw new ArgumentError('CVY_ARG_VALUE', `einsum: ${found} in '${equation}' (operands ${given})`);
  };
  const sides = equation.replace(/\s+/g, '').split('->');
  if (sides.length > 2) malformed(`'->' occurs ${sides.length - 1} times but must at most once`);
  const terms = sides[0].split(',');
  for (const term of [...terms, sides[1] ?? '']) if (!TERM.test(term)) malformed(`'${term}' is a term but terms are letters and at most one '...'`);
  if (terms.length !== shapes.length) malformed(`${terms.length} terms are named but ${shapes.length} operands given`);

  const sizes = new Map<string, number>();
  let widest = 0;
  const operands = terms.map((term, i) => {
    const shape = shapes[i];
    const [before, behind] = term.split('...') as [string, string | undefined];
    const rest = shape.length - before.length - (behind?.length ?? 0);
    if (behind === undefined ? rest !== 0 : rest < 0) {
      throw new ShapeError('CVY_SHAPE_RANK', `einsum: term ${i} of '${equation}' names ${before.length + (behind?.length ?? 0)} axes but operand ${i} has ${shape.length} (operands ${given})`);
    }
    widest = Math.max(widest, rest);
    const labels = [...before, ...covered(behind === undefined ? 0 : rest), ...(behind ?? '')];
    const own = new Map<string, number>();
    labels.forEach((label, axis) => {
      const size = shape[axis];
      if ((own.get(label) ?? size) !== size) {
        throw new ShapeError('CVY_SHAPE_MISMATCH', `einsum: '${label}' names axes of ${own.get(label)} and of ${size} in operand ${i} but a diagonal needs equal ones (operands ${given}, '${equation}')`);
      }
      own.set(label, size);
    });
    for (const [label, size] of own) {
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && size !== 1 && known !== size) {
        throw new ShapeError('CVY_SHAPE_BROADCAST', `einsum: '${label}' is ${known} in one operand and ${size} in operand ${i} but sizes must be equal or 1 (operands ${given}, '${equation}')`);
      }
      sizes.set(label, known === 1 ? size : known);
    }
    return labels;
  });

  const [, right] = sides;
  if (right === undefined) {
    const all = terms.join('').replaceAll('.', '');
    const once = [...all].filter((letter) => all.split(letter).length === 2).sort();
    return { operands, output: [...covered(widest), ...once], sizes };
  }
  const [before, behind] = right.split('...') as [string, string | undefined];
  for (const letter of `${before}${behind ?? ''}`) {
    if (!sizes.has(letter)) malformed(`'${letter}' stands behind '->' but in no operand`);
    if (right.split(letter).length > 2) malformed(`'${letter}' stands behind '->' more than once`);
  }
  return { operands, output: [...before, ...covered(behind === undefined ? 0 : widest), ...(behind ?? '')], sizes };
}
