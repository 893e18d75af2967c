/** PyTorch's reference cases, all of them, on all backends; `npm run test:reference` prints them as a table. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NN } from '../../dist/src/index.js';
import { runCase } from '../reference/cases.mjs';
import { difference, FOLDER, groupNames, present, readGroup } from '../reference/data.mjs';
import { BACKENDS, createConvoy } from '../reference/library.mjs';

const groups = present() ? groupNames().map(readGroup) : [];
const convoy = createConvoy();
const nns = new Map<string, NN>();

beforeAll(async () => {
  for (const [name, options] of Object.entries(BACKENDS)) nns.set(name, await convoy.nn({ ...options, seed: 0, fallback: 'allow' }));
});
afterAll(() => convoy.close());

describe('comparing', () => {
  const f32 = (...data: number[]) => ({ dtype: 'F32', shape: [data.length], data });
  const differs = (actual: number[], expected: number[], rtol = 0, atol = 0.5): boolean => difference(f32(...actual), f32(...expected), rtol, atol) !== null;

  it('has PyTorch’s rules', () => {
    expect(differs([1.5, -0, NaN, -Infinity], [1, 0, NaN, -Infinity])).toBe(false);
    expect(differs([1.6], [1])).toBe(true);
    expect(differs([110], [100], 0.1)).toBe(false);
    expect(differs([111], [100], 0.1)).toBe(true);
    for (const pair of [[NaN, 0], [0, NaN], [Infinity, 1], [1, Infinity], [-Infinity, Infinity]]) expect(differs([pair[0]], [pair[1]])).toBe(true);
    expect(difference({ shape: [1, 2], data: [0, 0] }, { shape: [2], data: [0, 0] }, 0, 1)).toMatch('shape');
    expect(difference({ shape: [1], data: [2] }, { dtype: 'I64', shape: [1], data: [1] }, 1, 9)).toMatch('2 but 1');
  });
});

it.runIf(groups.length === 0)(`reference cases: none at ${FOLDER}, so none are run; CONVOY_REFERENCE names another folder`, () => {
  expect(groups).toEqual([]);
});

describe.runIf(groups.length > 0)('the runner', () => {
  /** What it says about a case of conv2d whose expected tensor of that role is changed in one element. */
  const tampered = (role: 'y' | 'grad.weight', change: (data: Float32Array | Float64Array) => void): string => {
    const group = groups.find(({ name }) => name === 'conv2d')!;
    const testCase = group.cases[0];
    const name = `${testCase.name}.${role === 'y' ? 'out.y' : role}`;
    const original = group.tensors.get(name)!;
    const data = original.data.slice();
    change(data);
    return runCase(nns.get('cpu-tiled')!, { ...group, tensors: new Map([...group.tensors, [name, { ...original, data }]]) }, testCase).problems.join('; ');
  };

  it('sees one wrong element of an output or a gradient', () => {
    expect(tampered('y', () => undefined)).toBe('');
    expect(tampered('y', (data) => { data[5] += 0.001; })).toMatch(/^y: element 5 /);
    expect(tampered('y', (data) => { data[5] = NaN; })).toMatch(/^y: element 5 .* NaN is right/);
    expect(tampered('grad.weight', (data) => { data[1] -= 0.01; })).toMatch(/^grad.weight: element 1 /);
  });

  it('fails what is not built', () => {
    const group = groups.find(({ name }) => name === 'linear')!;
    const unknown = runCase(nns.get('cpu-naive')!, group, { ...group.cases[0], op: 'no_such_op' });
    expect(unknown).toEqual({ problems: ['NotBuilt: no adapter for no_such_op'], missing: true });
  });

  // What an adapter does not pass on would be lost, and a case with another value of it could pass.
  it.each(groups.flatMap((group) => [...new Map(group.cases.map((testCase) => [testCase.op, testCase])).values()].map((testCase) => ({ op: testCase.op, group, testCase }))))(
    'refuses an option of $op that does not exist', ({ group, testCase }) => {
      const { problems } = runCase(nns.get('cpu-naive')!, group, { ...testCase, args: { ...testCase.args, no_such_option: 1 } });
      expect(problems.join('; ')).toMatch(/no_?such_?option/i);
    });

  it('refuses a tensor that nothing takes, and an operand too many', () => {
    const group = groups.find(({ name }) => name === 'linear')!;
    const [testCase] = group.cases;
    const naive = nns.get('cpu-naive')!;
    const x = testCase.inputs!.x as string;
    expect(runCase(naive, group, { ...testCase, inputs: { x, target: x } }).problems).toEqual(['NotBuilt: linear takes no target']);
    const step = { out: 'y', op: 'relu', in: ['x', 'x'], args: {} };
    expect(runCase(naive, group, { ...testCase, op: 'program', args: { program: [step] }, params: {}, grads: {}, grad_output: {} }).problems).toEqual(['NotBuilt: relu takes no operand 1']);
  });

  it('gives a program the maxima’s places', () => {
    const group = groups.find(({ name }) => name === 'max_pool')!;
    const testCase = group.cases.find(({ name }) => name.startsWith('max_pool2d') && name.endsWith('return_indices=true'))!;
    const { program, returns } = {
      program: [{ out: 'p', op: 'max_pool2d', in: ['x'], args: testCase.args }], returns: ['p', 'p.indices'],
    };
    const { y, indices } = testCase.outputs as Record<string, string>;
    const found = runCase(nns.get('cpu-naive')!, group, { ...testCase, op: 'program', args: { program, returns }, outputs: { p: y, 'p.indices': indices }, grad_output: {}, grads: {} });
    expect(found.problems).toEqual([]);
  });
});

describe.runIf(groups.length > 0).each(Object.keys(BACKENDS))('reference cases on %s', (backend) => {
  for (const group of groups) {
    // The host draws initial values, and no kernel has a part in it: once is enough. `npm run test:reference` runs them everywhere.
    it.skipIf(group.name === 'init' && backend !== 'cpu-naive')(`${group.name}: ${group.cases.length} cases`, () => {
      const failed = group.cases.map((testCase) => ({ testCase, ...runCase(nns.get(backend)!, group, testCase) })).filter(({ problems }) => problems.length > 0);
      expect(failed.map(({ testCase, problems }) => `${testCase.name}: ${problems.join('; ')}`)).toEqual([]);
    });
  }
});
