/** Every exported operation is in the list of operations, and every differentiable one has a case that proves its gradient. */
import { describe, expect, it } from 'vitest';
import * as autograd from '../../dist/src/autograd/index.js';
import { METHODS } from '../../dist/src/autograd/methods.js';
import * as library from '../../dist/src/index.js';
import * as functional from '../../dist/src/nn/functional/index.js';
import { ABOUT_THE_GRAPH, FORMS, operationOf, operations, WITHOUT_GRADIENT } from '../../dist/src/testkit/operations.js';
import { gradientCases } from '../../dist/src/testkit/index.js';

const isOperation = (value: unknown): boolean => typeof value === 'function' && !String(value).startsWith('class');
const functions = (module: object): string[] => Object.entries(module).filter(([, value]) => isOperation(value)).map(([name]) => name);
/** Methods, functions of nn, and those functions of the engine that the package exports. */
const exported = new Set([...functions(METHODS), ...functions(functional), ...functions(autograd).filter((name) => name in library)]);
const engine = new Set([...exported, ...functions(autograd)]);
const list = new Map(operations().map((operation) => [operation.name, operation]));
const aside = new Set(ABOUT_THE_GRAPH);
/** `add_` is proven with `add`, unless the form in place has cases of its own. */
const known = (name: string): boolean => list.has(name) || aside.has(name) || (name.endsWith('_') && list.get(name.slice(0, -1))?.gradient === true);

describe('the list of operations', () => {
  it('knows every exported operation: add a gradient case named after it, or a reason why it has no gradient', () => {
    expect([...exported].filter((name) => !known(name)).sort()).toEqual([]);
  });

  it('knows none that does not exist, and none twice', () => {
    expect([...list.keys(), ...aside, ...Object.values(FORMS)].filter((name) => !engine.has(name))).toEqual([]);
    expect(list.size).toBe(operations().length);
    expect(Object.keys(WITHOUT_GRADIENT).filter((name) => aside.has(name))).toEqual([]);
  });

  it('has cases that are named after an operation and say once each what they try', () => {
    expect(gradientCases.map(({ name }) => name).filter((name) => !engine.has(operationOf(name)))).toEqual([]);
    const names = gradientCases.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it('excuses from second gradients only what is constant between steps', () => {
    const excused = [...list.values()].filter(({ gradient, twice }) => gradient && !twice).map(({ name }) => name);
    expect(excused.sort()).toEqual(['ceil', 'floor', 'floorDivide', 'round', 'sign', 'trunc']);
  });
});
