/** featureMaps and influence: what a layer puts out, and which inputs had a say in it. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, featureMaps, influence, Module, receptiveField, scope, type NN, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const code = (expected: string, message = /./): unknown => expect.objectContaining({ code: expected, message: expect.stringMatching(message) });

describe('featureMaps and influence', () => {
  const model = nn.Sequential(nn.Conv2d(1, 2, 3, { bias: false }), nn.ReLU(), nn.Sequential(nn.Dropout(0.5), nn.Conv2d(2, 1, 2)));

  it('give any layer’s output, in evaluation mode and unrecorded', () => {
    const x = nn.rand(3, 1, 6, 6);
    const own = nn.Sequential(nn.Identity());
    const first = model.at(0).forward(x);
    expect(featureMaps(model, x, '0').toArray()).toEqual(first.toArray());
    expect(featureMaps(model, x, model.at(0)).requiresGrad).toBe(false);
    expect(featureMaps(model, x, '1').toArray()).toEqual(first.relu().toArray());
    expect(featureMaps(model, x, '2.0').toArray()).toEqual(first.relu().toArray());
    expect(featureMaps(model, x, '').shape).toEqual([3, 1, 3, 3]);
    expect(model.training).toBe(true);
    class Scoped extends Module {
      readonly inner = nn.ReLU();
      forward(input: Tensor): Tensor {
        return scope(() => this.inner.forward(input).mul(2));
      }
    }
    expect(featureMaps(new Scoped(), x, 'inner').toArray()).toEqual(x.toArray());
    expect(influence(new Scoped(), x, 'inner', { at: [1, 2] }).toArray()).toEqual(influence(own, x, '0', { at: [1, 2] }).toArray());
    expect(featureMaps(own, x.requiresGrad_(), '0').storage).not.toBe(x.storage);
  });

  it('are not confused by a call that failed and was caught', () => {
    class Tries extends Module {
      readonly wrong = nn.Conv2d(3, 1, 1);
      readonly right = nn.Conv2d(1, 1, 3);
      forward(x: Tensor): Tensor {
        try {
          return this.wrong.forward(x);
        } catch {
          return this.right.forward(x);
        }
      }
    }
    const tries = new Tries();
    expect(featureMaps(tries, nn.ones(1, 1, 5, 5), '').shape).toEqual([1, 1, 3, 3]);
    expect(receptiveField(tries, [1, 5, 5]).map(({ name, size }) => [name, size[0]])).toEqual([['right', 3]]);
  });

  it('influence of a linear layer is its kernel', () => {
    const kernel = (model.at(0) as ReturnType<NN['Conv2d']>).weight;
    const map = influence(nn.Sequential(model.at(0)), nn.zeros(1, 1, 6, 6), '0', { at: [1, 2], channel: 1 });
    expect(map.shape).toEqual([6, 6]);
    expect(map.slice([1, 4], [2, 5]).toArray()).toEqual(kernel.detach().select(0, 1).select(0, 0).abs().toArray());
    expect(map.ne(0).sum().item()).toBe(9);
    const at = (options?: { at: number[] }): unknown => influence(nn.Sequential(model.at(0)), nn.zeros(1, 1, 6, 6), '0', options).toArray();
    expect(at()).toEqual(at({ at: [2, 2] }));
    expect(at()).not.toEqual(at({ at: [1, 2] }));
    // Behind a ReLU that is off everywhere nothing has a say; nor where no gradient comes back at all.
    expect(influence(model, nn.zeros(1, 1, 6, 6), '1').sum().item()).toBe(0);
  });

  it('say what is wrong', () => {
    const x = nn.rand(1, 1, 6, 6);
    expect(() => featureMaps(model, x, '2.2')).toThrow(code('CVY_ARG_VALUE', /no module '2.2' but only 0, 1, 2, 2.0, 2.1; did you mean '2.0'/));
    expect(() => featureMaps(model, x, nn.ReLU())).toThrow(code('CVY_ARG_VALUE', /no part of the model/));
    expect(() => featureMaps(model, x, null as never)).toThrow(code('CVY_ARG_TYPE'));
    class Unused extends Module {
      readonly spare = nn.ReLU();
      forward(input: Tensor): Tensor {
        return input;
      }
    }
    expect(() => featureMaps(new Unused(), x, 'spare')).toThrow(code('CVY_ARG_VALUE', /did not call its module 'spare'/));
    expect(() => influence(model, x, '0', { at: [1] })).toThrow(code('CVY_SHAPE_AXIS', /at has 1 indices but 2/));
    expect(() => influence(model, x, '0', { at: [9, 9] })).toThrow(code('CVY_SHAPE_AXIS'));
    expect(() => influence(model, x, '0', { place: [1] } as never)).toThrow(code('CVY_ARG_OPTION'));
  });
});
