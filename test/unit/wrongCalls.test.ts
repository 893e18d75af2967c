/**
 * Every wrong call that the library knows of, in one table: what is called, the code of the error, and its message. To add one, add a line
 * to its family in wrongCalls/.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { ConvoyError, createConvoy, ERROR_CODES } from '../../dist/src/index.js';
import { autograd } from './wrongCalls/autograd.js';
import { convolution } from './wrongCalls/convolution.js';
import { data } from './wrongCalls/data.js';
import { losses } from './wrongCalls/losses.js';
import { modules } from './wrongCalls/modules.js';
import { normalisation } from './wrongCalls/normalisation.js';
import { optimizers } from './wrongCalls/optimizers.js';
import { pooling } from './wrongCalls/pooling.js';
import { tensors } from './wrongCalls/tensors.js';
import { mistakes, type Place } from './wrongCalls/wrongCall.js';

const [convoy, stranger] = [createConvoy(), createConvoy()];
const place: Place = { nn: await convoy.nn({ backend: 'cpu-naive', seed: 0 }), other: await stranger.nn({ backend: 'cpu-naive', seed: 0 }) };
afterAll(() => Promise.all([convoy.close(), stranger.close()]));

describe.each([tensors, convolution, pooling, normalisation, losses, optimizers, data, modules, autograd].map((family) => family(place)))('$name', ({ kinds, cases, calls = [] }) => {
  const all = [...cases, ...calls.flatMap((right) => mistakes(place, right))];

  it.each(all)('$kind: $name', ({ run, code, message }) => {
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConvoyError);
    const { code: found, message: text } = error as ConvoyError;
    expect(`${found}: ${text}`).toMatch(new RegExp(`^${code}: `));
    expect(text).toMatch(message);
    expect(Object.keys(ERROR_CODES)).toContain(code);
    // `<op>: <found> but <required>`, without words that say nothing.
    expect(text).toMatch(/^[\w.() -]+: /);
    expect(text).not.toMatch(/undefined|NaN, NaN|\[object|Error:|!/);
  });

  it('names no case twice, and has all kinds of mistakes that it shall have', () => {
    const names = all.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
  });

  it.each(calls)('$name is right when called rightly', ({ operands, call, saved }) => {
    const y = call(...operands());
    expect(y.numel).toBeGreaterThan(0);
    if (saved !== undefined) (y.numel === 1 ? y : y.sum()).backward();
  });
});
