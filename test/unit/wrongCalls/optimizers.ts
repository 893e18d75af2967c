/** Wrong calls of optimizers, schedules and gradient clipping. */
import { Adam, clipGradNorm_, SGD, StepLR, type Parameter } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function optimizers({ nn, other }: Place): Family {
  const parameter = (...shape: number[]): Parameter => nn.parameter(nn.ones(...(shape.length > 0 ? shape : [2])));
  return {
    name: 'optimizers',
    kinds: ['shape', 'option', 'value', 'type', 'mixed', 'disposed', 'twice'],
    cases: [
      wrong('shape', 'state of other shapes', () => {
        const from = parameter(3);
        from.sum().backward();
        const adam = new Adam([from]);
        adam.step();
        new Adam([parameter(2)]).loadStateDict(adam.stateDict());
      }, 'CVY_DATA_MISMATCH', /^Adam\.loadStateDict: .*\[3\].*\[2\]/),
      wrong('option', 'an unknown option', () => new SGD([parameter()], { lr: 0.1, momentm: 0.9 } as never), 'CVY_ARG_OPTION', /^SGD: option 'momentm' is unknown .*; did you mean 'momentum'\?/),
      wrong('option', 'an unknown option of a group', () => new SGD([{ params: [parameter()], rate: 1 } as never], { lr: 0.1 }), 'CVY_ARG_OPTION', /^SGD: option 'rate' is unknown/),
      wrong('value', 'a negative rate', () => new SGD([parameter()], { lr: -1 }), 'CVY_ARG_VALUE', /^SGD: lr is -1/),
      wrong('value', 'no parameters', () => new Adam([]), 'CVY_ARG_VALUE', /^Adam: the list of parameters is empty/),
      wrong('value', 'Nesterov without momentum', () => new SGD([parameter()], { lr: 0.1, nesterov: true }), 'CVY_ARG_VALUE', /^SGD: .*nesterov/i),
      wrong('value', 'a parameter in two groups', () => {
        const p = parameter();
        return new SGD([{ params: [p] }, { params: [p] }], { lr: 0.1 });
      }, 'CVY_ARG_VALUE', /^SGD: parameter 0 appears twice/),
      wrong('value', 'a step size of 0', () => new StepLR(new SGD([parameter()], { lr: 0.1 }), 0), 'CVY_ARG_VALUE', /^StepLR: stepSize is 0/),
      wrong('value', 'a result as a parameter', () => new SGD([parameter().mul(2)], { lr: 0.1 }), 'CVY_GRAPH_LEAF', /^SGD: parameter 0 is the result of mul but only leaves can be trained .*; use detach\(\)/),
      wrong('type', 'one tensor', () => new SGD(parameter() as never, { lr: 0.1 }), 'CVY_ARG_TYPE', /^SGD: parameters are one tensor but must be an array .*; pass model\.parameters\(\)/),
      wrong('type', 'a module', () => new SGD(nn.Linear(1, 1) as never, { lr: 0.1 }), 'CVY_ARG_TYPE', /^SGD: /),
      wrong('type', 'a schedule of no optimizer', () => new StepLR({} as never, 2), 'CVY_ARG_TYPE', /^StepLR: /),
      wrong('type', 'clipping what is no tensor', () => clipGradNorm_([3 as never], 1), 'CVY_ARG_TYPE', /^clipGradNorm_: /),
      wrong('mixed', 'a step with a gradient of another convoy', () => {
        const p = parameter();
        p.grad = other.ones(2);
        new SGD([p], { lr: 0.1 }).step();
      }, 'CVY_BACKEND_MIXED', /^grad: the gradient lives in the memory of .*; move it with gradient\.to\(nn\)/),
      wrong('disposed', 'a step of a disposed parameter', () => {
        const p = parameter();
        p.sum().backward();
        const sgd = new SGD([p], { lr: 0.1 });
        p.dispose();
        sgd.step();
      }, 'CVY_MEMORY_DISPOSED', /was disposed but is used/),
      wrong('twice', 'backward of a loss whose graph is spent', () => {
        const p = parameter();
        const loss = p.square().sum();
        const sgd = new SGD([p], { lr: 0.1 });
        loss.backward();
        sgd.step();
        loss.backward();
      }, 'CVY_GRAPH_TWICE', /was already differentiated/),
    ],
  };
}
