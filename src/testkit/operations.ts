/**
 * What is known of every operation that is exported, as a method or a function: whether it has a gradient, and whether that one has another. Those
 * with one are named by the table of gradient cases, which proves them; the others stand here with their reason. The tests hold this against
 * the exports, and docs/support.md is made of it.
 */
import { gradientCases } from './gradientCases/index.js';

/** Why no gradient goes through an operation. */
export const WITHOUT_GRADIENT: Readonly<Record<string, string>> = {
  ...reason('answers true or false', [
    'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalNot', 'logicalXor', 'isnan', 'isinf', 'isfinite', 'isclose', 'any', 'all', 'equal', 'allclose',
  ]),
  ...reason('returns whole numbers', ['argmax', 'argmin', 'argsort', 'nonzero', 'countNonzero', 'oneHot']),
  ...reason('cuts the history off', ['detach']),
  ...reason('sets a constant', ['fill_', 'zero_']),
};

/** Other names and forms of an operation, whose cases prove them too. */
export const FORMS: Readonly<Record<string, string>> = {
  view: 'reshape', viewAs: 'reshape', reshapeAs: 'reshape', expandAs: 'expand', swapaxes: 'transpose', var: 'variance', norm: 'vectorNorm',
};

/** No operations on values: they look at the graph, walk it, or move a tensor, whose bytes stay the same. */
export const ABOUT_THE_GRAPH: readonly string[] = [
  'backward', 'grad', 'gradientOf', 'gradcheck', 'gradgradcheck', 'noGrad', 'enableGrad', 'isGradEnabled', 'registerHook', 'retainGrad', 'checkpoint',
  'defineFunction', 'detectAnomaly', 'isAnomalyEnabled', 'setDetectAnomaly', 'to',
];

export interface Operation {
  readonly name: string;
  readonly gradient: boolean;
  /** The gradient can be differentiated again; false where it is 0 by definition. */
  readonly twice: boolean;
  /** A kernel computes it, or its gradient, in one; the composition serves devices without it, and gradients of gradients. */
  readonly fused: boolean;
  /** Why there is no gradient, or what it is a form of. */
  readonly note: string;
}

function reason(why: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, why]));
}

/** The operation that a case is of: the first word of its name. */
export const operationOf = (caseName: string): string => /^\w+/.exec(caseName)![0];

/** Every operation, by name. In-place forms (`add_`) go with those without the underscore. */
export function operations(): readonly Operation[] {
  const proven = new Map<string, Operation>();
  for (const { name: caseName, twice = true, fused = false } of gradientCases) {
    const name = operationOf(caseName);
    const before = proven.get(name);
    proven.set(name, { name, gradient: true, twice: twice || before?.twice === true, fused: fused || before?.fused === true, note: twice || before?.twice === true ? '' : 'its gradient is 0 between steps' });
  }
  const forms = Object.entries(FORMS).map(([name, of]): Operation => ({ ...proven.get(of)!, name, note: `a form of \`${of}\`` }));
  const without = Object.entries(WITHOUT_GRADIENT).map(([name, note]): Operation => ({ name, gradient: false, twice: false, fused: false, note }));
  return [...proven.values(), ...forms, ...without].sort((a, b) => (a.name < b.name ? -1 : 1));
}
