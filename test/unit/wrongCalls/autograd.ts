/** Wrong calls of autograd: backward, grad, hooks, functions of the user's own, checkpoints, anomaly mode, gradcheck. */
import {
  backward, checkpoint, defineFunction, detectAnomaly, grad, gradcheck, gradgradcheck, noGrad, scope, setDetectAnomaly, type FunctionContext, type Tensor,
} from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function autograd({ nn, other }: Place): Family {
  const of = (...shape: number[]): Tensor => nn.ones(shape, { dtype: 'float64', requiresGrad: true });
  const own = (back: (g: Tensor) => unknown) => defineFunction({
    name: 'own',
    forward(ctx: FunctionContext, x: Tensor) {
      ctx.saveForBackward(x);
      return x.mul(2);
    },
    backward: (_ctx, g) => back(g) as Tensor,
  });
  const hooked = (hook: () => unknown): void => {
    const x = of(2);
    x.registerHook(hook as never);
    x.sum().backward();
  };
  const gone = (): Tensor => {
    const x = of(1);
    x.dispose();
    return x;
  };
  return {
    name: 'autograd',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'backward of several elements', () => of(2).mul(2).backward(), 'CVY_GRAPH_SCALAR', /^backward: the root has 2 elements but without a gradient 1 is required \(root \[2\]\); reduce it/),
      wrong('shape', 'a gradient of another shape', () => of(2).mul(2).backward(of(3)), 'CVY_SHAPE_MISMATCH', /^backward: the gradient is \[3\] float64 but the root is \[2\] float64/),
      wrong('shape', 'a hook that returns another shape', () => hooked(() => of(3)), 'CVY_SHAPE_MISMATCH', /^hook: it returned \[3\] float64 but the gradient is \[2\] float64/),
      wrong('shape', 'a backward that returns another shape', () => own((g) => g.sum())(of(2)).sum().backward(), 'CVY_SHAPE_MISMATCH', /^own: gradient 0 that backward returned is \[\] but its input is \[2\]/),
      wrong('dtype', 'a backward that returns another dtype', () => own((g) => g.to('float32'))(of(2)).sum().backward(), 'CVY_DTYPE', /^own: gradient 0 that backward returned is float32 but its input is float64/),
      wrong('dtype', 'gradcheck of float32', () => gradcheck((x) => x.square(), [nn.ones([2], { requiresGrad: true })]), 'CVY_DTYPE', /^gradcheck: input 0 has dtype float32 but float64 is required/),
      wrong('dtype', 'a gradient for integers', () => nn.ones([2], { dtype: 'int32' }).requiresGrad_(), 'CVY_DTYPE', /^requiresGrad: dtype is int32/),
      wrong('option', 'an unknown option of backward', () => of(1).sum().backward(null, { retain: true } as never), 'CVY_ARG_OPTION', /^backward: option 'retain' is unknown/),
      wrong('option', 'an unknown option of grad', () => grad(of(1).sum(), [of(1)], { allowunused: true } as never), 'CVY_ARG_OPTION', /; did you mean 'allowUnused'\?/),
      wrong('option', 'an unknown option of detectAnomaly', () => detectAnomaly(() => 1, { nan: true } as never), 'CVY_ARG_OPTION', /^detectAnomaly: option 'nan' is unknown/),
      wrong('value', 'backward of a constant', () => nn.ones(1).backward(), 'CVY_GRAPH_LEAF', /^backward: no gradient is recorded for the root .*; set requiresGrad/),
      wrong('value', 'backward of what was computed under noGrad', () => noGrad(() => of(1).mul(2)).backward(), 'CVY_GRAPH_LEAF', /^backward: no gradient is recorded/),
      wrong('value', 'grad of what has no effect', () => grad(of(1).mul(2), [of(1)]), 'CVY_GRAPH_LEAF', /^grad: input 0 has no effect .*; pass \{ allowUnused: true \}/),
      wrong('value', 'grad by a constant', () => grad(of(1).mul(2), [nn.ones(1)]), 'CVY_GRAPH_LEAF', /^grad: input 0 does not require a gradient/),
      wrong('value', 'grad by nothing', () => grad(of(1).mul(2), []), 'CVY_ARG_VALUE', /^grad: inputs are empty/),
      wrong('value', 'fewer gradients than roots', () => backward([of(1), of(1)], [null]), 'CVY_ARG_VALUE', /^backward: 1 gradients are given but the roots are 2/),
      wrong('value', 'switching a result off', () => { of(1).mul(2).requiresGrad = false; }, 'CVY_GRAPH_LEAF', /^requiresGrad: .* is the result of mul but only a leaf can be switched off; use detach\(\)/),
      wrong('value', 'a hook on a constant', () => nn.ones(1).registerHook(() => {}), 'CVY_GRAPH_LEAF', /^registerHook: the tensor does not require a gradient/),
      wrong('value', 'a wrong gradient', () => gradcheck((x) => own((g) => g)(x), [of(2)]), 'CVY_GRAPH_GRADCHECK', /^gradcheck: output 0 × input 0: the recorded slope .* is 1 but differences give 1\.99999/),
      wrong('value', 'a wrong gradient of a gradient', () => gradgradcheck((x) => own((g) => g.mul(x.detach()).mul(2))(x), [of(2)]), 'CVY_GRAPH_GRADCHECK', /^gradgradcheck: /),
      wrong('value', 'a backward that returns too many', () => own((g) => [g, g])(of(1)).backward(), 'CVY_GRAPH_FUNCTION', /^own: backward returned 2 gradients but 1 are required/),
      wrong('value', 'a gradient inside a checkpoint', () => checkpoint((x: Tensor) => grad(x.square().sum(), [x])[0]!, of(2)), 'CVY_GRAPH_CHECKPOINT', /^checkpoint: a gradient is asked for inside/),
      wrong('value', 'a checkpoint that does not repeat', () => {
        let runs = 0;
        checkpoint((x: Tensor) => (runs++ === 0 ? x.square() : x.exp()), of(1)).backward();
      }, 'CVY_GRAPH_CHECKPOINT', /^checkpoint: the function computes something else when it runs again \(operation 0 that saves was square and is exp\)/),
      wrong('value', 'a NaN', () => detectAnomaly(() => nn.zeros(1).div(0)), 'CVY_GRAPH_ANOMALY', /^div: NaN is element \[0\] of the output but must be finite/),
      wrong('type', 'a root that is none', () => backward(3 as never), 'CVY_ARG_TYPE', /^backward: the root is number but must be a tensor/),
      wrong('type', 'a hook that returns a number', () => hooked(() => 3), 'CVY_ARG_TYPE', /^hook: it returned number/),
      wrong('type', 'an asynchronous noGrad', () => noGrad(async () => {}), 'CVY_ARG_ASYNC', /^noGrad: its function is asynchronous/),
      wrong('type', 'an asynchronous scope', () => scope(() => Promise.resolve()), 'CVY_ARG_ASYNC', /^scope: its function is asynchronous/),
      wrong('type', 'an asynchronous checkpoint', () => checkpoint(async () => {}), 'CVY_ARG_ASYNC', /^checkpoint: its function is asynchronous/),
      wrong('type', 'a mode that is none', () => setDetectAnomaly('on' as never), 'CVY_ARG_TYPE', /^setDetectAnomaly: mode is string/),
      wrong('type', 'a function without a name', () => defineFunction({ forward: (_c: FunctionContext, x: Tensor) => x, backward: (_c: FunctionContext, g: Tensor) => g } as never), 'CVY_ARG_TYPE', /^defineFunction: name is/),
      wrong('mixed', 'a gradient of another convoy', () => of(2).mul(2).backward(other.ones([2], { dtype: 'float64' })), 'CVY_BACKEND_MIXED', /^backward: its tensors live in different convoys/),
      wrong('mixed', 'inputs of two convoys', () => checkpoint((a: Tensor, b: Tensor) => [a, b], of(1), other.ones(1)), 'CVY_BACKEND_MIXED', /^checkpoint: /),
      wrong('disposed', 'backward of a disposed root', () => gone().backward(), 'CVY_MEMORY_DISPOSED', /was disposed but is used/),
      wrong('disposed', 'a hook on a disposed tensor', () => gone().registerHook(() => {}), 'CVY_MEMORY_DISPOSED', /was disposed but is used/),
      wrong('disposed', 'a checkpoint of a disposed tensor', () => checkpoint((x: Tensor) => x.square(), gone()), 'CVY_MEMORY_DISPOSED', /was disposed but is used/),
      wrong('twice', 'a function of one’s own', () => {
        const y = own((g) => g)(of(1));
        y.backward();
        y.backward();
      }, 'CVY_GRAPH_TWICE', /^backward: own was already differentiated/),
      wrong('twice', 'a checkpoint', () => {
        const y = checkpoint((x: Tensor) => x.square(), of(1));
        y.backward();
        y.backward();
      }, 'CVY_GRAPH_TWICE', /^backward: square was already differentiated/),
      wrong('inPlace', 'what a function of one’s own saved', () => {
        const x = of(1).mul(1);
        const y = own((g) => g)(x);
        x.add_(1);
        y.backward();
      }, 'CVY_GRAPH_VERSION', /^backward: own saved a tensor at version 0/),
      wrong('inPlace', 'the input of a checkpoint', () => {
        const x = of(1).mul(1);
        const y = checkpoint((t: Tensor) => t.square(), x);
        x.add_(1);
        y.backward();
      }, 'CVY_GRAPH_VERSION', /^backward: checkpoint saved a tensor at version 0/),
    ],
  };
}
