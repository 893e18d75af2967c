/** fuse: the copy computes the same with fewer layers, the model stays as it was, and what cannot be fused is refused by name. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, fuse, noGrad } from '../../dist/src/index.js';
import { Identity, Module, Sequential, type BatchNorm1d, type BatchNorm2d, type NN } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 1 });
afterAll(() => convoy.close());

function close(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const want = list(expected);
  list(actual).forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo(want[i], 4));
}
function seasoned<N extends BatchNorm1d | BatchNorm2d>(norm: N): N {
  const { numFeatures } = norm.spec;
  noGrad(() => {
    norm.runningMean!.copy_(nn.randn(numFeatures));
    norm.runningVar!.copy_(nn.rand(numFeatures).add(0.3));
    norm.weight!.copy_(nn.rand(numFeatures).add(0.5));
    norm.bias!.copy_(nn.randn(numFeatures));
  });
  return norm;
}
const kinds = (model: Module): string[] => model.modules().map(({ constructor }) => constructor.name);
const refused = (code: string, message: RegExp): unknown => expect.objectContaining({ code, message: expect.stringMatching(message) as string });

describe('Sequentials', () => {
  const make = (): Sequential => nn.Sequential(
    nn.Sequential(nn.Conv2d(1, 4, 3, { bias: false }), seasoned(nn.BatchNorm2d(4)), nn.ReLU(), nn.MaxPool2d(2)),
    nn.Conv2d(4, 2, 2), nn.Identity(), seasoned(nn.BatchNorm2d(2)), nn.Tanh(), nn.Flatten(), nn.Linear(8, 5), seasoned(nn.BatchNorm1d(5)),
  ).eval() as Sequential;
  const x = nn.randn(3, 1, 8, 8);

  it('lose their batch norms and compute the same', () => {
    const model = make();
    const before = Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, list(tensor)]));
    const [text, fused] = [model.toString(), fuse(model)];
    expect(kinds(fused).filter((name) => name.startsWith('BatchNorm'))).toEqual([]);
    expect(fused).toBeInstanceOf(Sequential);
    noGrad(() => close(fused.forward(x), model.forward(x)));
    expect(Object.keys(fused.stateDict())).toEqual(['0.0.weight', '0.0.bias', '1.weight', '1.bias', '6.weight', '6.bias']);
    expect(fused.toString()).toContain('(0): Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1))\n');
    // The model and its weights are as they were, and the copy's are its own.
    expect([model.toString(), Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, list(tensor)]))]).toEqual([text, before]);
    noGrad(() => fused.parameters().forEach((parameter) => parameter.fill_(0)));
    expect(list(model.stateDict()['6.weight'])).toEqual(before['6.weight']);
  });

  it('can be fused again, saved and loaded, trained on', () => {
    const fused = fuse(make());
    const again = fuse(fused);
    expect(again.toString()).toBe(fused.toString());
    again.loadStateDict(fused.stateDict());
    expect(list(again.forward(x))).toEqual(list(fused.forward(x)));
    again.train().forward(x).sum().backward();
    expect(again.parameters().every(({ grad }) => grad !== null)).toBe(true);
    const frozen = fuse(make().requiresGrad_(false));
    expect(frozen.parameters().map(({ requiresGrad }) => requiresGrad)).toEqual([false, false, false, false, false, false]);
  });

  it('names the layer of the copy in errors', () => {
    expect(() => fuse(nn.Sequential(make()).eval()).forward(nn.rand(1, 2, 8, 8))).toThrow(/in layer '0\.0\.0' Conv2d/);
  });

  it('keep what cannot be folded', () => {
    const shared = nn.Conv2d(2, 2, 1);
    const model = nn.Sequential(
      nn.BatchNorm2d(2), shared, seasoned(nn.BatchNorm2d(2)), shared, seasoned(nn.BatchNorm2d(2)), nn.Conv2d(2, 2, 1), nn.ReLU(), nn.BatchNorm2d(2),
      nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2, { trackRunningStats: false }),
    ).eval();
    const fused = fuse(model);
    expect(kinds(fused)).toEqual(kinds(model));
    const input = nn.randn(2, 2, 3, 3);
    noGrad(() => close(fused.forward(input), model.forward(input)));
    expect((fused as Sequential).at(1)).toBe((fused as Sequential).at(3));
  });
});

/** A user's module, with things that modules have beside layers. */
class Own extends Module {
  conv1;
  readonly bn1;
  readonly relu1;
  readonly body;
  readonly head;
  readonly scale: Tensor;
  readonly history: Tensor[] = [];

  constructor(of: NN) {
    super();
    this.conv1 = of.Conv2d(1, 3, 3);
    this.bn1 = seasoned(of.BatchNorm2d(3));
    this.relu1 = of.ReLU();
    this.body = of.Sequential(of.Conv2d(3, 2, 3), seasoned(of.BatchNorm2d(2)));
    this.head = of.Linear(8, 2);
    this.scale = of.full([1], 2);
    this.registerBuffer('offset', of.ones(2));
  }

  forward(x: Tensor): Tensor {
    const y = this.body.forward(this.relu1.forward(this.bn1.forward(this.conv1.forward(x))));
    this.history.push(y);
    return this.head.forward(y.reshape([y.shape[0], -1])).mul(this.scale).add(this.buffer('offset'));
  }
}

describe('named groups', () => {
  const model = new Own(nn).eval() as Own;
  const x = nn.randn(2, 1, 6, 6);

  it('of a user’s module', () => {
    const fused = fuse(model, [['conv1', 'bn1', 'relu1']]);
    noGrad(() => close(fused.forward(x), model.forward(x)));
    expect(fused).toBeInstanceOf(Own);
    expect([fused.bn1, fused.relu1, fused.body.at(1)].every((layer) => (layer as Module) instanceof Identity)).toBe(true);
    expect(Object.keys(fused.stateDict())).toEqual(['offset', 'conv1.0.weight', 'conv1.0.bias', 'body.0.weight', 'body.0.bias', 'head.weight', 'head.bias']);
    expect([model.history.length, fused.history.length]).toEqual([1, 1]);
    const calls = (): number => nn.backend.placement().find(({ op }) => op === 'convRelu')!.calls;
    const before = calls();
    noGrad(() => fused.forward(x));
    expect(calls() - before).toBe(1);
  });

  it('with a ReLU6, and of a transposed convolution', () => {
    class Mobile extends Module {
      readonly conv = nn.Conv2d(1, 3, 3, { groups: 1 });
      readonly norm = seasoned(nn.BatchNorm2d(3));
      readonly act = nn.ReLU6();
      readonly up = nn.ConvTranspose2d(3, 2, 2, { stride: 2 });
      readonly upNorm = seasoned(nn.BatchNorm2d(2));
      forward(input: Tensor): Tensor {
        return this.upNorm.forward(this.up.forward(this.act.forward(this.norm.forward(this.conv.forward(input)))));
      }
    }
    const mobile = new Mobile().eval() as Mobile;
    const input = nn.randn(2, 1, 6, 6).mul(5);
    const fused = fuse(mobile, [['conv', 'norm', 'act'], ['up', 'upNorm']]);
    noGrad(() => close(fused.forward(input), mobile.forward(input)));
    expect(kinds(fused)).toEqual(['Mobile', 'Sequential', 'Conv2d', 'ReLU6', 'Identity', 'Identity', 'ConvTranspose2d', 'Identity']);
    expect(nn.backend.placement().map(({ op }) => op)).toContain('convRelu6');
  });

  it('of two', () => {
    const pair = fuse(model, [['conv1', 'bn1']]);
    expect(Object.keys(pair.stateDict())).toContain('conv1.weight');
    noGrad(() => close(pair.forward(x), model.forward(x)));
    class Plain extends Module {
      readonly conv = nn.Conv2d(1, 2, 2);
      readonly act = nn.ReLU();
      readonly lin = nn.Linear(8, 3);
      readonly norm = seasoned(nn.BatchNorm1d(3));
      forward(input: Tensor): Tensor {
        return this.norm.forward(this.lin.forward(this.act.forward(this.conv.forward(input)).reshape([input.shape[0], -1])));
      }
    }
    const plain = new Plain().eval() as Plain;
    const input = nn.randn(3, 1, 3, 3);
    noGrad(() => close(fuse(plain, [['conv', 'act'], ['lin', 'norm']]).forward(input), plain.forward(input)));
  });

  it('that cannot be fused are refused', () => {
    const wrong = (groups: unknown, message: RegExp, code = 'CVY_ARG_VALUE'): void => expect(() => fuse(model, groups as string[][])).toThrow(refused(code, message));
    wrong([['conv1', 'bn2']], /^fuse: 'bn2' is no module of the model but .*; did you mean 'bn1'\?$/);
    wrong([['conv1', 'relu1', 'bn1']], /^fuse: the group is Conv2d\(.*\), ReLU\(\), BatchNorm2d\(.*\) but a convolution with/);
    wrong([['conv1']], /but a convolution with/);
    wrong([[]], /the group is empty but/);
    wrong([['bn1', 'relu1']], /but a convolution with/);
    wrong([['head', 'relu1']], /but a convolution with/);
    const up = nn.Sequential(nn.ConvTranspose2d(2, 2, 2), nn.ReLU()).eval();
    expect(() => fuse(up, [['0', '1']])).toThrow(refused('CVY_ARG_VALUE', /^fuse: the group is ConvTranspose2d\(.*\), ReLU\(\) but a convolution with/));
    wrong([['body.0', 'bn1']], /over as many channels \(group \[body\.0, bn1\]\)/);
    wrong([['conv1', 'bn1', 'relu1', 'head']], /but a convolution with/);
    wrong(['conv1', 'bn1'], /must be lists of module names/, 'CVY_ARG_TYPE');
    wrong('conv1', /must be lists of module names/, 'CVY_ARG_TYPE');
    expect(() => fuse(null as unknown as Module)).toThrow(refused('CVY_ARG_TYPE', /^fuse: the model is null/));
    class Twice extends Module {
      readonly a = nn.Conv2d(1, 1, 1);
      readonly b = this.a;
      readonly norm = nn.BatchNorm2d(1);
      forward(input: Tensor): Tensor {
        return this.norm.forward(this.b.forward(this.a.forward(input)));
      }
    }
    expect(() => fuse(new Twice().eval(), [['a', 'norm']])).toThrow(refused('CVY_ARG_VALUE', /'a' stands in several places/));
  });

  it('in training mode nothing is fused', () => {
    const training = new Own(nn);
    expect(() => fuse(training)).toThrow(refused('CVY_ARG_VALUE', /^fuse: the model is in training mode but .*call model\.eval\(\) first$/));
    training.eval();
    training.body.at(1).train();
    expect(() => fuse(training)).toThrow(/^fuse: 'body\.1' is in training mode/);
  });
});
