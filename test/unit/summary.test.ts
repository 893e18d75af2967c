/** summary(): shapes, parameters and multiply-adds of built-in and of users' own modules. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corr2d, createConvoy, Module, summary, tutorialModel, type NN, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
let nn: NN;
beforeAll(async () => {
  nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
});
afterAll(() => convoy.close());

class Own extends Module {
  readonly conv;
  readonly norm;
  readonly spare;
  readonly scale;
  constructor(own: NN) {
    super();
    this.conv = own.Conv2d(2, 4, 3, { groups: 2, bias: false });
    this.norm = own.BatchNorm2d(4);
    this.spare = own.Linear(5, 6);
    this.scale = own.parameter(own.ones(1));
  }
  forward(x: Tensor): Tensor {
    return this.norm.forward(this.conv.forward(x)).relu().mul(this.scale);
  }
}

class Conv2D extends Module {
  readonly weight;
  readonly bias;
  constructor(own: NN) {
    super();
    this.weight = own.parameter(own.rand(1, 2));
    this.bias = own.parameter(own.zeros(1), { requiresGrad: false });
  }
  forward = (x: Tensor): Tensor => corr2d(x.reshape(6, 8), this.weight).add(this.bias);
}

describe('summary', () => {
  it('has PyTorch’s numbers for the two-layer CNN', () => {
    const { rows, totals } = summary(tutorialModel(nn, 'cnn2'), [1, 28, 28]);
    expect(rows.map(({ name, type, outputShape, parameters, multiplyAdds }) => [name, type, outputShape, parameters, multiplyAdds])).toEqual([
      ['0', 'Conv2d', [1, 16, 28, 28], 416, 16 * 28 * 28 * 25],
      ['1', 'ReLU', [1, 16, 28, 28], 0, 0],
      ['2', 'MaxPool2d', [1, 16, 14, 14], 0, 0],
      ['3', 'Conv2d', [1, 32, 14, 14], 12832, 32 * 14 * 14 * 16 * 25],
      ['4', 'ReLU', [1, 32, 14, 14], 0, 0],
      ['5', 'MaxPool2d', [1, 32, 7, 7], 0, 0],
      ['6', 'Flatten', [1, 1568], 0, 0],
      ['7', 'Linear', [1, 10], 15690, 15680],
    ]);
    expect(totals).toEqual({ parameters: 28938, trainable: 28938, multiplyAdds: 313600 + 2508800 + 15680 });
  });

  it('sees users’ own modules, groups, and parameters that the forward pass does not reach', () => {
    const { rows, totals } = summary(new Own(nn), [2, 7, 5]);
    expect(rows).toEqual([
      { name: '', type: 'Own', outputShape: [1, 4, 5, 3], parameters: 1, multiplyAdds: 0 },
      { name: 'conv', type: 'Conv2d', outputShape: [1, 4, 5, 3], parameters: 36, multiplyAdds: 4 * 5 * 3 * 9 },
      { name: 'norm', type: 'BatchNorm2d', outputShape: [1, 4, 5, 3], parameters: 8, multiplyAdds: 0 },
      { name: 'spare', type: 'Linear', outputShape: null, parameters: 36, multiplyAdds: 0 },
    ]);
    expect(totals).toEqual({ parameters: 81, trainable: 81, multiplyAdds: 540 });
    const model = new Conv2D(nn);
    const { forward } = model;
    expect(summary(model, [6, 8]).rows).toEqual([{ name: '', type: 'Conv2D', outputShape: [6, 7], parameters: 3, multiplyAdds: 0 }]);
    expect(summary(model, [6, 8]).totals.trainable).toBe(2);
    expect(model.forward).toBe(forward);
  });

  it('counts a shared layer’s parameters once and its work twice', () => {
    const shared = nn.Linear(3, 3);
    class Twice extends Module {
      readonly inner = shared;
      forward(x: Tensor): Tensor {
        return this.inner.forward(this.inner.forward(x));
      }
    }
    const { rows, totals } = summary(new Twice(), [3]);
    expect(rows.map(({ parameters, multiplyAdds }) => [parameters, multiplyAdds])).toEqual([[12, 9], [0, 9]]);
    expect(totals).toMatchObject({ parameters: 12, multiplyAdds: 18 });
  });

  it('leaves no trace: modes, statistics, methods, gradients, memory', () => {
    const model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Dropout(0.5));
    model.children()[1].eval();
    const state = (): unknown => [
      Object.values(model.stateDict()).map((t) => [...t.dataSync()]), model.modules().map((m) => [m.training, Object.hasOwn(m, 'forward')]),
      model.parameters().map((p) => p.grad), nn.rng.position, convoy.memory().liveTensors, convoy.memory().bytesInUse,
    ];
    const before = state();
    summary(model, [1, 5, 5]);
    expect(state()).toEqual(before);
    expect(() => summary(model, [3, 5, 5])).toThrow(/channels.*in layer '0' Conv2d/);
    expect(state()).toEqual(before);
  });

  it('knows where a model without parameters computes, and refuses one that nothing is known of', () => {
    expect(summary(nn.Sequential(nn.ReLU(), nn.Flatten()), [2, 3]).rows.map((row) => row.outputShape)).toEqual([[1, 2, 3], [1, 6]]);
    class Empty extends Module {
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => summary(new Empty(), [1])).toThrow('neither parameters nor layers');
    expect(() => summary(nn.ReLU(), [-1])).toThrow('summary');
  });
});
