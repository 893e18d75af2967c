/** Sequential, ModuleList, ModuleDict, ParameterList: names, order, changes, printing as PyTorch prints them. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, deepCopy, Module, Sequential, type ModuleDict, type ModuleList, type ParameterList, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const kinds = (modules: Iterable<Module>): string[] => [...modules].map((module) => module.constructor.name);

describe('Sequential', () => {
  it('takes names', () => {
    const model = nn.Sequential({ conv1: nn.Conv2d(1, 2, 3), relu1: nn.ReLU() });
    expect(Object.keys(model.stateDict())).toEqual(['conv1.weight', 'conv1.bias']);
    expect(String(model)).toBe('Sequential(\n  (conv1): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))\n  (relu1): ReLU()\n)');
    expect(model.forward(nn.ones(1, 1, 3, 3)).shape).toEqual([1, 2, 1, 1]);
    expect(model.getSubmodule('relu1')).toBe(model.at(-1));
    model.append(nn.Flatten());
    expect(model.namedChildren().map(([name]) => name)).toEqual(['conv1', 'relu1', '2']);
    expect(() => model.insert(0, nn.ReLU())).toThrow(/its modules are named conv1, relu1, 2 but only those that are numbered/);
  });

  it('grows, shrinks and is cut, as PyTorch’s', () => {
    const model = nn.Sequential(nn.ReLU(), nn.Linear(1, 1), nn.Tanh());
    const tail = model.slice(1);
    expect(String(tail)).toBe('Sequential(\n  (1): Linear(in_features=1, out_features=1, bias=True)\n  (2): Tanh()\n)');
    expect([Object.keys(tail.stateDict()), tail.at(0) === model.at(1)]).toEqual([['1.weight', '1.bias'], true]);
    expect(tail.append(nn.ReLU()).namedChildren().map(([name]) => name)).toEqual(['1', '2', '3']);
    model.insert(1, nn.Sigmoid()).extend([nn.Identity()]);
    expect(kinds(model)).toEqual(['ReLU', 'Sigmoid', 'Linear', 'Tanh', 'Identity']);
    expect(model.pop().constructor.name).toBe('Identity');
    expect([model.pop(0).constructor.name, kinds(model), model.length]).toEqual(['ReLU', ['Sigmoid', 'Linear', 'Tanh'], 3]);
    expect(kinds(model.set(-1, nn.ReLU()))).toEqual(['Sigmoid', 'Linear', 'ReLU']);
    expect(model.insert(3, nn.Tanh()).at(3).constructor.name).toBe('Tanh');
    expect([String(nn.Sequential()), nn.Sequential({}).length, model.slice(-2, -1).length]).toEqual(['Sequential()', 0, 1]);
    expect(nn.Sequential(model.at(0), model.at(0)).length).toBe(2);
    class Block extends Sequential {
      readonly last = nn.Tanh();
    }
    expect(kinds(new Block([nn.ReLU()]))).toEqual(['ReLU', 'Tanh']);
  });

  it('refuses what is no module, places that are none and names that mean something', () => {
    const model = nn.Sequential(nn.ReLU());
    for (const index of [1, -2, 0.5, NaN]) expect(() => model.at(index)).toThrow(/^Sequential: index is .* from -1 to 0/);
    expect(() => model.insert(2, nn.ReLU())).toThrow(code('CVY_ARG_VALUE'));
    expect(() => model.append(3 as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => model.insert(0, null as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => nn.Sequential([nn.ReLU()] as never)).toThrow(/module 0 is an array/);
    for (const name of ['forward', 'training', 'a.b', '', 'append']) expect(() => nn.Sequential({ [name]: nn.ReLU() })).toThrow(code('CVY_ARG_VALUE'));
    expect(() => nn.Sequential({ a: 3 as never })).toThrow(code('CVY_ARG_TYPE'));
  });
});

describe('ModuleList', () => {
  it('is a list whose modules are found', () => {
    const list: ModuleList = nn.ModuleList([nn.Linear(1, 2), nn.ReLU()]);
    expect(String(list)).toBe('ModuleList(\n  (0): Linear(in_features=1, out_features=2, bias=True)\n  (1): ReLU()\n)');
    expect([String(nn.ModuleList()), list.length, list.at(-1).constructor.name]).toEqual(['ModuleList()', 2, 'ReLU']);
    list.append(nn.Tanh()).extend(new Set([nn.Sigmoid()])).insert(0, nn.Identity());
    expect(kinds(list)).toEqual(['Identity', 'Linear', 'ReLU', 'Tanh', 'Sigmoid']);
    expect(Object.keys(list.stateDict())).toEqual(['1.weight', '1.bias']);
    expect(list.slice(1, 3).namedChildren().map(([name]) => name)).toEqual(['0', '1']);
    for (let i = list.length; i < 12; i++) list.append(nn.Identity());
    expect(list.namedChildren().map(([name]) => name)).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
    expect(() => list.forward()).toThrow(/ModuleList: it was called but has no forward of its own/);
    expect(() => nn.ModuleList(nn.ReLU() as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => nn.ModuleList([3 as never])).toThrow(code('CVY_ARG_TYPE'));
  });
});

describe('ModuleDict', () => {
  it('finds modules by keys', () => {
    const dict: ModuleDict = nn.ModuleDict({ a: nn.Linear(1, 2), b: nn.ModuleList([nn.ReLU()]) });
    expect(String(dict)).toBe('ModuleDict(\n  (a): Linear(in_features=1, out_features=2, bias=True)\n  (b): ModuleList(\n    (0): ReLU()\n  )\n)');
    expect([dict.keys(), kinds(dict.values()), dict.items().length, [...dict][1][0]]).toEqual([['a', 'b'], ['Linear', 'ModuleList'], 2, 'b']);
    expect([dict.has('a'), dict.has('c'), dict.has('forward'), dict.length]).toEqual([true, false, false, 2]);
    expect(() => dict.get('A')).toThrow(/ModuleDict: there is no key 'A' but only a, b; did you mean 'a'\?/);
    expect(dict.set('a', nn.ReLU()).get('a').constructor.name).toBe('ReLU');
    expect([dict.pop('a').constructor.name, dict.keys()]).toEqual(['ReLU', ['b']]);
    dict.update({ c: nn.Tanh() }).clear();
    expect([dict.length, String(dict)]).toEqual([0, 'ModuleDict()']);
    // Not as an object's properties, of which whole numbers come first.
    expect(nn.ModuleDict([['x', nn.ReLU()], ['10', nn.ReLU()], ['2', nn.Tanh()]]).keys()).toEqual(['x', '10', '2']);
    expect(deepCopy(nn.ModuleDict([['10', nn.ReLU()], ['2', nn.Tanh()]])).keys()).toEqual(['10', '2']);
    for (const key of ['', 'a.b', 'forward', 'keys', 'training']) expect(() => nn.ModuleDict({ [key]: nn.ReLU() })).toThrow(code('CVY_ARG_VALUE'));
    expect(() => nn.ModuleDict(nn.ReLU() as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => dict.forward()).toThrow(code('CVY_ARG_VALUE'));
  });
});

describe('ParameterList', () => {
  it('is a list whose parameters are trained', () => {
    const list: ParameterList = nn.ParameterList([nn.parameter(nn.ones(2, 3)), nn.ones(4)]);
    expect([list.length, list.parameters().length, Object.keys(list.stateDict()), list.at(1).requiresGrad]).toEqual([2, 2, ['0', '1'], true]);
    expect(String(list)).toBe('ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n    (1): Parameter containing: [torch.float32 of size 4]\n)');
    expect(String(nn.ParameterList([nn.ones(2)]))).toBe('ParameterList(  (0): Parameter containing: [torch.float32 of size 2])');
    list.append(nn.zeros(1)).extend([nn.zeros(2)]).set(0, nn.zeros(5));
    expect([...list].map(({ shape }) => shape[0])).toEqual([5, 4, 1, 2]);
    for (const wrong of [() => list.at(4), () => list.set(-5, nn.ones(1))]) expect(wrong).toThrow(code('CVY_ARG_VALUE'));
    expect(() => list.append(3 as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => list.forward()).toThrow(code('CVY_ARG_VALUE'));
    expect(String(nn.ParameterList())).toBe('ParameterList()');
  });
});

describe('printing', () => {
  class Net extends Module {
    readonly w = nn.parameter(nn.ones(1));
    readonly pl = nn.ParameterList([nn.parameter(nn.ones(2, 3))]);
    readonly c = nn.Sequential({ a: nn.ReLU() });
    readonly l = nn.ModuleList([nn.ReLU(), nn.Sequential(nn.Conv2d(1, 2, 3))]);
    forward(x: Tensor): Tensor {
      return x;
    }

    override extraRepr(): string {
      return 'x=1, y=2';
    }
  }
  class Two extends Module {
    forward(x: Tensor): Tensor {
      return x;
    }

    override extraRepr(): string {
      return 'x=1\ny=2';
    }
  }

  it('is PyTorch’s for nested models, with extra lines', () => {
    expect(String(new Net())).toBe(`Net(
  x=1, y=2
  (pl): ParameterList(  (0): Parameter containing: [torch.float32 of size 2x3])
  (c): Sequential(
    (a): ReLU()
  )
  (l): ModuleList(
    (0): ReLU()
    (1): Sequential(
      (0): Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))
    )
  )
)`);
    expect(String(nn.Sequential(new Two()))).toBe('Sequential(\n  (0): Two(\n    x=1\n    y=2\n  )\n)');
    expect(Object.keys(new Net().stateDict())).toEqual(['w', 'pl.0', 'l.1.0.weight', 'l.1.0.bias']);
  });
});
