/**
 * What a wrong call is, and those that follow from a right one. Each family of the public API has a file beside this one that lists its own:
 * `cases` are written out, `calls` are right calls of which the same mistakes are made by machine.
 */
import type { ErrorCode, NN, Tensor } from '../../../dist/src/index.js';

/** Kinds of mistakes; the test expects of every family those that it says it has. */
export type Kind = 'shape' | 'dtype' | 'option' | 'value' | 'type' | 'mixed' | 'disposed' | 'twice' | 'inPlace';

export interface WrongCall {
  readonly kind: Kind;
  readonly name: string;
  readonly run: () => unknown;
  readonly code: ErrorCode;
  readonly message: RegExp;
}

/** A right call of a function. Operands are float64 leaves unless they say otherwise. */
export interface RightCall {
  readonly name: string;
  readonly operands: () => Tensor[];
  readonly call: (...operands: Tensor[]) => Tensor;
  /** Numbers of operands that the graph saves as they are: changing one in place must not pass unnoticed. */
  readonly saved?: readonly number[];
  /** Said of an operand of another convoy; by default the family's usual words. */
  readonly mixed?: RegExp;
}

export interface Family {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly cases: readonly WrongCall[];
  readonly calls?: readonly RightCall[];
}

/** Two convoys of one process. */
export interface Place {
  readonly nn: NN;
  readonly other: NN;
}

/** A shorter way to write a case: `wrong('shape', 'conv2d of …', () => …, 'CVY_SHAPE_CHANNELS', /…/)`. */
export const wrong = (kind: Kind, name: string, run: () => unknown, code: ErrorCode, message: RegExp): WrongCall => ({ kind, name, run, code, message });

const recorded = (x: Tensor): Tensor => (x.requiresGrad ? x.mul(1) : x);
const total = (y: Tensor): Tensor => (y.numel === 1 ? y : y.sum());

/** Of every operand: from another convoy, disposed, changed in place after it was saved; and the result differentiated twice. */
export function mistakes({ other }: Place, right: RightCall): WrongCall[] {
  const { name, operands, call, saved = [] } = right;
  const found: WrongCall[] = [];
  const count = operands().length;
  const withOperand = (at: number, change: (x: Tensor) => Tensor): unknown => call(...operands().map((x, i) => (i === at ? change(x) : x)));
  for (let at = 0; at < count; at++) {
    const which = count === 1 ? 'its operand' : `operand ${at}`;
    if (count > 1) {
      found.push(wrong('mixed', `${name} with ${which} of another convoy`, () => withOperand(at, ({ shape, dtype }) => other.ones(shape, { dtype })), 'CVY_BACKEND_MIXED',
        right.mixed ?? /: its tensors live in different convoys or devices \(.*\) but must share one; move one with tensor\.to\(nn\)/));
    }
    found.push(wrong('disposed', `${name} with ${which} disposed`, () => withOperand(at, (x) => {
      x.dispose();
      return x;
    }), 'CVY_MEMORY_DISPOSED', /^tensor: tensor \[.*\] \w+ was disposed but is used/));
  }
  if (saved.length === 0) return found;
  found.push(wrong('twice', `${name}, backward twice`, () => {
    const y = total(call(...operands().map(recorded)));
    y.backward();
    y.backward();
  }, 'CVY_GRAPH_TWICE', /^backward: \w+ was already differentiated and what it saved is gone .*; pass \{ retainGraph: true \}/));
  for (const at of saved) {
    found.push(wrong('inPlace', `${name} with operand ${at} changed in place`, () => {
      const given = operands().map(recorded);
      const y = total(call(...given));
      given[at].add_(1);
      y.backward();
    }, 'CVY_GRAPH_VERSION', /^backward: \w+ saved a tensor at version 0 but it was changed in place since and is at version 1 \(saved \d: .*\); use the out-of-place form/));
  }
  return found;
}
