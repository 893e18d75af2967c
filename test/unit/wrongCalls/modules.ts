/** Wrong calls of modules and containers. */
import { Conv2d, deepCopy, fuse, Module, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function modules({ nn, other }: Place): Family {
  class Net extends Module {
    constructor(readonly layers: unknown) {
      super();
    }

    forward(x: Tensor): Tensor {
      return x;
    }
  }
  const net = (): Module => nn.Sequential(nn.Linear(2, 3), nn.ReLU());
  return {
    name: 'modules',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'layers that do not fit each other', () => nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 1)).forward(nn.ones(1, 2)), 'CVY_SHAPE_FEATURES', /^linear: last axis of input is 3 .* 4 .*; in layer '1' Linear\(in_features=4/),
      wrong('dtype', 'a parameter of integers', () => nn.parameter(nn.ones([2], { dtype: 'int32' })), 'CVY_DTYPE', /^parameter: dtype is int32 .*; convert with to\('float32'\)/),
      wrong('option', 'an unknown option of loadStateDict', () => net().loadStateDict({}, { strickt: false } as never), 'CVY_ARG_OPTION', /^loadStateDict: option 'strickt' is unknown .*; did you mean 'strict'\?/),
      wrong('option', 'an unknown option of registerBuffer', () => net().registerBuffer('x', nn.ones(1), { persist: true } as never), 'CVY_ARG_OPTION', /^registerBuffer: option 'persist' is unknown/),
      wrong('type', 'a layer made with new', () => new Conv2d(1 as never, 2 as never, 3 as never), 'CVY_ARG_TYPE', /^Conv2d: it is made with new and has no backend but layers live on one; write nn.Conv2d/),
      wrong('type', 'a move to a device', () => nn.Linear(1, 1).to('cuda' as never), 'CVY_ARG_TYPE', /^to: the target is 'cuda' but must be an nn/),
      wrong('option', 'inplace', () => nn.ReLU({ inplace: true } as never), 'CVY_ARG_OPTION', /^ReLU: option 'inplace' is unknown/),
      wrong('value', 'names that are missing', () => net().loadStateDict({ '0.weight': nn.ones(3, 2), '0.bais': nn.ones(3) }), 'CVY_DATA_MISMATCH', /^loadStateDict: .*missing 0\.bias; unexpected 0\.bais – is it '0\.bias'\?/),
      wrong('value', 'a module that is not there', () => net().getSubmodule('2'), 'CVY_ARG_VALUE', /^getSubmodule: there is no module '2' but only 0, 1/),
      wrong('value', 'a parameter that is not there', () => net().getParameter('0.wieght'), 'CVY_ARG_VALUE', /; did you mean '0\.weight'\?/),
      wrong('value', 'a name with a dot', () => net().registerModule('a.b', nn.ReLU()), 'CVY_ARG_VALUE', /^registerModule: the name is 'a\.b' but must not be empty nor have a dot/),
      wrong('value', 'a name that means something', () => nn.ModuleDict({ forward: nn.ReLU() }), 'CVY_ARG_VALUE', /has something else of that name; choose another/),
      wrong('value', 'an index outside', () => nn.ModuleList([nn.ReLU()]).at(1), 'CVY_ARG_VALUE', /^ModuleList: index is 1 but must be an integer from -1 to 0/),
      wrong('value', 'a list that is called', () => nn.ModuleList([nn.ReLU()]).forward(), 'CVY_ARG_VALUE', /^ModuleList: it was called but has no forward of its own/),
      wrong('value', 'modules in an array', () => new Net([nn.Linear(1, 1)]).parameters(), 'CVY_ARG_VALUE', /^Net: property 'layers' is an array with a Linear, which would not be trained.*use nn\.ModuleList/),
      wrong('value', 'modules in an object', () => new Net({ a: nn.Linear(1, 1) }).stateDict(), 'CVY_ARG_VALUE', /use nn\.ModuleDict/),
      wrong('value', 'fusing in training', () => fuse(net()), 'CVY_ARG_VALUE', /^fuse: the model is in training mode .*; call model\.eval\(\) first/),
      wrong('type', 'a factory that was not called', () => nn.Sequential(nn.ReLU as never), 'CVY_ARG_TYPE', /^Sequential: module 0 is function but must be a module; call the factory/),
      wrong('type', 'an array into Sequential', () => nn.Sequential([nn.ReLU()] as never), 'CVY_ARG_TYPE', /^Sequential: module 0 is an array/),
      wrong('type', 'a mode that is none', () => net().train('yes' as never), 'CVY_ARG_TYPE', /^train: mode is string but must be true or false/),
      wrong('type', 'an asynchronous hook', () => net().registerForwardHook((async () => {}) as never), 'CVY_ARG_ASYNC', /^registerForwardHook: /),
      wrong('type', 'a copy of a tensor', () => deepCopy(nn.ones(1) as never), 'CVY_ARG_TYPE', /^deepCopy: its argument is object .*; tensors have clone\(\)/),
      wrong('type', 'a plain tensor as a parameter', () => net().registerParameter('w', nn.ones(1) as never), 'CVY_ARG_TYPE', /^registerParameter: /),
      wrong('mixed', 'an input of another convoy', () => net().forward(other.ones(1, 2)), 'CVY_BACKEND_MIXED', /different convoys or devices .*; in layer '0' Linear/),
      wrong('mixed', 'a model moved to another convoy', () => net().to(other), 'CVY_BACKEND_MIXED', /^to: tensor .* lives in the memory of/),
      wrong('disposed', 'an input that was disposed', () => {
        const x = nn.ones(1, 2);
        x.dispose();
        net().forward(x);
      }, 'CVY_MEMORY_DISPOSED', /was disposed but is used.*; in layer '0' Linear/),
      wrong('twice', 'backward twice through a model', () => {
        const y = net().forward(nn.ones(1, 2)).sum();
        y.backward();
        y.backward();
      }, 'CVY_GRAPH_TWICE', /was already differentiated/),
      wrong('inPlace', 'a weight outside of noGrad', () => nn.Linear(1, 1).weight.add_(1), 'CVY_GRAPH_LEAF', /^add_: the tensor is a leaf that requires a gradient/),
      wrong('inPlace', 'a weight between forward and backward', () => {
        const layer = nn.Linear(2, 2);
        const y = layer.forward(nn.ones([1, 2], { requiresGrad: true })).sum();
        layer.loadStateDict(nn.Linear(2, 2).stateDict());
        y.backward();
      }, 'CVY_GRAPH_VERSION', /was changed in place since/),
    ],
  };
}
