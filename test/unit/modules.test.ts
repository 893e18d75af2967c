/** Modules: what is found in them, freezing, copies, shared weights, buffers, partial state dicts. */
import { afterAll, describe, expect, it } from 'vitest';
import { Adam, createConvoy, deepCopy, Module, noGrad, parameterCount, SGD, type Linear, type NN, type Parameter, type Placement, type Tensor } from '../../dist/src/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

class Net extends Module {
  readonly body;
  readonly head;
  readonly scale;
  readonly seen;
  readonly cache;

  constructor(on: NN = nn) {
    super();
    this.body = on.Sequential(on.Linear(2, 3), on.Sequential(on.ReLU(), on.Linear(3, 3)));
    this.head = on.Linear(3, 1);
    this.scale = on.parameter(on.ones(1));
    this.seen = this.registerBuffer('seen', on.zeros(1));
    this.cache = this.registerBuffer('cache', on.zeros(1), { persistent: false });
  }

  forward(x: Tensor): Tensor {
    noGrad(() => this.seen.add_(1));
    return this.head.forward(this.body.forward(x)).mul(this.scale);
  }
}

/** A decoder that uses its encoder's weight. */
class Tied extends Module {
  readonly encoder;
  readonly decoder;

  constructor(on: NN = nn) {
    super();
    this.encoder = on.Linear(3, 3);
    this.decoder = on.Linear(3, 3);
    this.decoder.weight = this.encoder.weight;
  }

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x).tanh());
  }
}

describe('walking a model', () => {
  const net = new Net();

  it('finds modules, parameters and buffers by name', () => {
    expect(net.namedModules().map(([name]) => name)).toEqual(['', 'body', 'body.0', 'body.1', 'body.1.0', 'body.1.1', 'head']);
    expect(net.namedChildren().map(([name]) => name)).toEqual(['body', 'head']);
    expect(net.getSubmodule('body.1.1')).toBe(net.modules()[5]);
    expect(net.getSubmodule('')).toBe(net);
    expect(net.getParameter('body.1.1.weight').shape).toEqual([3, 3]);
    expect(net.getBuffer('seen')).toBe(net.seen);
    expect(net.namedBuffers().map(([name]) => name)).toEqual(['seen', 'cache']);
    expect(() => net.getSubmodule('body.2')).toThrow(/getSubmodule: there is no module 'body\.2' but only body, .*; did you mean 'body\.0'\?/);
    for (const wrong of [() => net.getParameter('seen'), () => net.getBuffer('scale'), () => net.getParameter(3 as never), () => nn.ReLU().getBuffer('x')]) expect(wrong).toThrow(code('CVY_ARG_VALUE'));
  });

  it('applies a function to children before parents', () => {
    const order: string[] = [];
    expect(net.apply((module) => void order.push(module.constructor.name))).toBe(net);
    expect(order).toEqual(['Linear', 'ReLU', 'Linear', 'Sequential', 'Sequential', 'Linear', 'Net']);
    expect(() => net.apply(3 as never)).toThrow(code('CVY_ARG_TYPE'));
  });

  it('counts parameters, shared ones once', () => {
    expect(parameterCount(net)).toEqual({ total: 9 + 12 + 4 + 1, trainable: 26 });
    net.body.requiresGrad_(false);
    expect(parameterCount(net)).toEqual({ total: 26, trainable: 5 });
    net.body.requiresGrad_();
    expect(parameterCount(new Tied())).toEqual({ total: 9 + 3 + 3, trainable: 15 });
    expect(() => parameterCount([] as never)).toThrow(code('CVY_ARG_TYPE'));
  });

  it('sets modes and gradients of all', () => {
    expect(net.eval().modules().some((module) => module.training)).toBe(false);
    expect(net.train().modules().every((module) => module.training)).toBe(true);
    expect(net.train(false).training).toBe(false);
    expect(() => net.train('no' as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => net.requiresGrad_(1 as never)).toThrow(code('CVY_ARG_TYPE'));
    net.forward(nn.ones(1, 2)).sum().backward();
    expect(net.parameters().every((p) => p.grad !== null)).toBe(true);
    net.zeroGrad();
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });

  it('lists a module that stands in two places once, and prints it twice', () => {
    const shared = nn.Linear(1, 1);
    const model = nn.Sequential(shared, nn.ReLU(), shared);
    expect([model.children().length, model.length, model.parameters().length]).toEqual([2, 3, 2]);
    expect(Object.keys(model.stateDict())).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect(String(model).match(/Linear/g)!.length).toBe(2);
  });
});

describe('arrays of modules', () => {
  class Hidden extends Module {
    constructor(readonly parts: unknown) {
      super();
    }

    forward(x: Tensor): Tensor {
      return x;
    }
  }

  it.each<[string, () => unknown, RegExp]>([
    ['an array', () => [nn.ReLU(), nn.Linear(1, 1)], /^Hidden: property 'parts' is an array with a ReLU, which would not be trained.*use nn\.ModuleList/],
    ['an object', () => ({ a: nn.Linear(1, 1) }), /property 'parts' is an object with a Linear.*use nn\.ModuleDict/],
    ['a map', () => new Map([['a', nn.Linear(1, 1)]]), /an object with a Linear/],
    ['arrays in an array', () => [[], [nn.Linear(1, 1)]], /an array with a Linear/],
    ['parameters', () => [nn.parameter(nn.ones(1))], /an array with a parameter.*use nn\.ParameterList/],
  ])('are refused: %s', (_, make, message) => {
    const model = new Hidden(make());
    for (const use of [() => model.parameters(), () => model.stateDict(), () => model.train()]) expect(use).toThrow(message);
    expect(() => model.parameters()).toThrow(code('CVY_ARG_VALUE'));
    expect(() => nn.Sequential(nn.ReLU(), model)).toThrow(/property '1\.parts'/);
  });

  it('are no mistake where the modules are found elsewhere, too', () => {
    class Both extends Module {
      readonly a = nn.Linear(1, 1);
      readonly b = nn.ParameterList([nn.ones(1)]);
      readonly all = [this.a, this.b.at(0)];
      readonly sizes = [[1, 2], 'x', null];
      forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(new Both().parameters().length).toBe(3);
  });
});

describe('freezing', () => {
  it('costs no gradient kernels', async () => {
    const own = await convoy.nn({ backend: 'cpu-tiled' });
    const model = own.Sequential(own.Conv2d(1, 2, 3), own.Tanh(), own.Conv2d(2, 2, 3), own.Tanh(), own.Flatten(), own.Linear(8, 1));
    const calls = (run: () => void): Record<string, number> => {
      const count = (places: Placement[]): Map<string, number> => new Map(places.map(({ op, calls: n }) => [op, n]));
      const before = count(model.placement());
      run();
      return Object.fromEntries([...count(model.placement())].map(([op, n]) => [op, n - (before.get(op) ?? 0)]).filter(([, n]) => n !== 0)) as Record<string, number>;
    };
    const step = (): void => model.forward(own.ones(1, 1, 6, 6)).sum().backward();
    const all = calls(step);
    expect([all.convGradWeight, all.convGradInput, all.tanhGrad]).toEqual([2, 1, 2]);
    model.slice(0, 4).requiresGrad_(false);
    model.zeroGrad();
    const frozen = calls(step);
    expect([frozen.convGradWeight, frozen.convGradInput, frozen.tanhGrad]).toEqual([undefined, undefined, undefined]);
    expect(model.parameters().map((p) => p.grad !== null)).toEqual([false, false, false, false, true, true]);
    // Optimizers leave frozen ones alone, and take them up again.
    const before = list(model.parameters()[0]);
    const sgd = new SGD(model.parameters(), { lr: 1 });
    sgd.step();
    expect(list(model.parameters()[0])).toEqual(before);
    model.requiresGrad_();
    step();
    sgd.step();
    expect(list(model.parameters()[0])).not.toEqual(before);
  });
});

describe('deepCopy', () => {
  it('copies users’ modules with buffers, modes and names, apart from the original', () => {
    const net = new Net();
    net.head.eval();
    net.head.requiresGrad_(false);
    net.forward(nn.ones(1, 2)).sum().backward();
    const copy = deepCopy(net);
    expect(copy).toBeInstanceOf(Net);
    expect(String(copy)).toBe(String(net));
    expect([copy.head.training, copy.head.weight.requiresGrad, copy.body.training, copy.scale.grad]).toEqual([false, false, true, null]);
    expect(copy.getBuffer('seen')).toBe(copy.seen);
    expect([Object.keys(copy.stateDict()), copy.namedBuffers().length]).toEqual([Object.keys(net.stateDict()), 2]);
    new SGD(copy.parameters(), { lr: 1 });
    noGrad(() => copy.parameters().forEach((p) => p.fill_(7)));
    copy.forward(nn.ones(1, 2));
    expect([list(net.seen), list(copy.seen), list(net.scale), net.scale.grad !== null]).toEqual([[1], [2], [1], true]);
    expect(() => deepCopy(nn.ones(1) as never)).toThrow(code('CVY_ARG_TYPE'));
  });

  it('leaves an optimizer with the original', () => {
    const net = new Net();
    const adam = new Adam(net.parameters());
    const copy = deepCopy(net);
    copy.forward(nn.ones(1, 2)).sum().backward();
    const before = copy.parameters().map(list);
    adam.step();
    expect(copy.parameters().map(list)).toEqual(before);
  });

  it('draws other random numbers than the original', () => {
    const drop = nn.Dropout(0.5);
    const copy = deepCopy(drop);
    const x = nn.ones(64);
    expect(list(drop.forward(x))).not.toEqual(list(copy.forward(x)));
  });
});

describe('shared weights', () => {
  it('appear once in parameters, under both names in the state dict, and stay tied', async () => {
    const tied = new Tied();
    const names = ['encoder.weight', 'encoder.bias', 'decoder.weight', 'decoder.bias'];
    const isTied = (model: Tied): boolean => model.encoder.weight === model.decoder.weight && Object.keys(model.stateDict()).join() === names.join();
    expect(tied.namedParameters().map(([name]) => name)).toEqual(['encoder.weight', 'encoder.bias', 'decoder.bias']);
    const copy = deepCopy(tied);
    expect([isTied(tied), isTied(copy), copy.encoder.weight === tied.encoder.weight]).toEqual([true, true, false]);
    const other = new Tied();
    expect(other.loadStateDict(tied.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect([isTied(other), list(other.decoder.weight)]).toEqual([true, list(tied.encoder.weight)]);
    other.to(await convoy.nn({ backend: 'cpu-tiled' }));
    expect([isTied(other), other.decoder.weight.backend.name]).toEqual([true, 'cpu-tiled']);
    // One gradient, of both uses, and one step.
    const x = nn.ones(1, 3);
    tied.forward(x).sum().backward();
    const whole = list(tied.encoder.weight.grad!);
    const apart = deepCopy(tied);
    apart.decoder.registerParameter('weight', nn.parameter(tied.encoder.weight.detach().clone()));
    apart.forward(x).sum().backward();
    const [a, b] = [list(apart.encoder.weight.grad!), list(apart.decoder.weight.grad!)];
    whole.forEach((slope, i) => expect(slope).toBeCloseTo(a[i] + b[i], 5));
    new SGD(tied.parameters(), { lr: 0.1 }).step();
    expect(isTied(tied)).toBe(true);
  });
});

describe('registration', () => {
  it('takes computed names and refuses others', () => {
    const net = new Net();
    net.registerModule('extra', nn.ReLU()).registerParameter('gain', nn.parameter(nn.ones(1)));
    expect([net.children().length, net.getParameter('gain').shape]).toEqual([3, [1]]);
    const bare: Linear = nn.Linear(1, 1, { bias: false });
    bare.registerParameter('bias', nn.parameter(nn.ones(1)));
    expect(Object.keys(bare.stateDict())).toEqual(['weight', 'bias']);
    for (const name of ['', 'a.b', 'forward', 'scale', 'training']) expect(() => net.registerModule(name, nn.ReLU()), name).toThrow(code('CVY_ARG_VALUE'));
    expect(() => net.registerParameter('head', nn.parameter(nn.ones(1)))).toThrow(code('CVY_ARG_VALUE'));
    for (const wrong of [
      () => net.registerModule('x', nn.ones(1) as never), () => net.registerParameter('x', nn.ones(1) as Parameter), () => net.registerBuffer('x', 3 as never),
      () => net.registerBuffer(3 as never, nn.ones(1)),
    ]) expect(wrong).toThrow(code('CVY_ARG_TYPE'));
    expect(() => net.registerBuffer('x', nn.ones(1), { persist: true } as never)).toThrow(code('CVY_ARG_OPTION'));
  });

  it('leaves passing buffers out of state dicts', () => {
    const net = new Net();
    expect(Object.keys(net.stateDict())).not.toContain('cache');
    net.registerBuffer('cache', net.cache);
    expect(Object.keys(net.stateDict())).toContain('cache');
  });
});

describe('state dicts', () => {
  it('are loaded in part when strict is false', () => {
    const [a, b] = [nn.Linear(2, 2), nn.Linear(2, 2)];
    const { weight } = a.stateDict();
    const bias = list(b.bias!);
    expect(b.loadStateDict({ weight, other: nn.ones(1) }, { strict: false })).toEqual({ missingKeys: ['bias'], unexpectedKeys: ['other'] });
    expect([list(b.weight), list(b.bias!)]).toEqual([list(a.weight), bias]);
    expect(() => b.loadStateDict({ weight })).toThrow(/missing bias/);
    expect(() => b.loadStateDict({ weight: nn.ones(3) }, { strict: false })).toThrow(code('CVY_DATA_MISMATCH'));
    expect(() => b.loadStateDict({ weight }, { strickt: false } as never)).toThrow(code('CVY_ARG_OPTION'));
    expect(Object.keys(b.stateDict({ prefix: 'net.' }))).toEqual(['net.weight', 'net.bias']);
  });
});
