/**
 * Stochastic gradient descent. One kernel does a step; where a backend lacks it, the step is composed of tensor operations.
 */
import { ArgumentError, checkFlag, checkNumber } from '../errors.js';
import { empty, type Tensor } from '../tensor/index.js';
import { checkDecay, decayed, type DecayOptions } from './options.js';
import { Optimizer, type Params, type ParamState, type Stepped } from './optimizer.js';

export interface SGDOptions extends DecayOptions {
  /** Default 0. */
  momentum: number;
  /** Share of the gradient that does not enter the momentum; default 0. */
  dampening: number;
  /** Step along the momentum that is about to be; default false. */
  nesterov: boolean;
}

/**
 * g ← gradient + weightDecay · p; b ← momentum · b + (1 − dampening) · g, the first time b ← g;
 * p ← p − lr · b, with Nesterov p − lr · (g + momentum · b). `lr` is 1e-3 unless given.
 *
 * @throws {ArgumentError} CVY_ARG_VALUE: negative rates, nesterov without momentum or with dampening
 * @source torch.optim.SGD; Sutskever et al. 2013
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Params<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(params, options, { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false });
  }

  protected check(op: string, options: Readonly<SGDOptions>): void {
    checkNumber(op, 'momentum', options.momentum, 0);
    checkNumber(op, 'dampening', options.dampening);
    checkDecay(op, options);
    if (checkFlag(op, 'nesterov', options.nesterov) && (options.momentum === 0 || options.dampening !== 0)) {
      throw new ArgumentError('CVY_ARG_VALUE', `${op}: nesterov is set with momentum ${options.momentum} and dampening ${options.dampening} but needs a momentum above 0 and a dampening of 0`);
    }
  }

  protected update(p: Tensor, g: Tensor, group: Readonly<SGDOptions>, state: Readonly<ParamState>): Stepped {
    const first = !('momentum_buffer' in state);
    const buffer = group.momentum === 0 ? null : this.tensor(state, 'momentum_buffer', p);
    const [value, next] = p.backend.has('sgdStep', p.dtype) ? fused(p, g, buffer, first, group) : compose(p, g, buffer, first, group);
    return { value, state: next === null ? {} : { momentum_buffer: next } };
  }
}

/** New values of p and of the momentum. */
type Values = [value: Tensor, buffer: Tensor | null];

function fused(p: Tensor, g: Tensor, buffer: Tensor | null, first: boolean, group: Readonly<SGDOptions>): Values {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
  const value = empty(p.backend, p.shape, p.dtype);
  const next = buffer === null ? null : empty(p.backend, p.shape, p.dtype);
  p.backend.run('sgdStep', p.dtype, [
    p.ptr, g.ptr, buffer?.ptr ?? 0, value.ptr, next?.ptr ?? 0, p.numel,
    lr, momentum, dampening, weightDecay, Number(nesterov), Number(first), Number(maximize),
  ]);
  return [value, next];
}

function compose(p: Tensor, g: Tensor, buffer: Tensor | null, first: boolean, group: Readonly<SGDOptions>): Values {
  const { lr, momentum, dampening, nesterov } = group;
  let step = decayed(p, g, group);
  const next = buffer === null ? null : first ? step.clone() : buffer.mul(momentum).add(step.mul(1 - dampening));
  if (next !== null) step = nesterov ? step.add(next.mul(momentum)) : next;
  return [p.sub(step.mul(lr)), next];
}
