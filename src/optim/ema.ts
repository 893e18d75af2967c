/**
 * A slowly moving average of a model's weights, which often tests better than the weights of the last step.
 */
import { isFloat } from '../backend/index.js';
import { noGrad } from '../autograd/index.js';
import { ArgumentError, checkFlag, checkNumber, checkOptions, DataError, fmt } from '../errors.js';
import { scope } from '../memory/index.js';
import { deepCopy } from '../nn/copy.js';
import { Module } from '../nn/module.js';
import { sameShape } from '../shape/index.js';
import { fromData, type Tensor } from '../tensor/index.js';
import { average } from './options.js';

export interface AverageOptions {
  /** Share of the old average that stays at each update, from 0 to 1; default 0.999. */
  decay?: number;
  /** Average the buffers of a float dtype too; otherwise all buffers are copied at each update; default false. */
  useBuffers?: boolean;
}

/**
 * Exponential moving average of a model's parameters, as a module: `forward` is that of the averaged copy, `module`, whose
 * parameters record no gradient. Call `update(model)` after each step of the optimizer; the first takes the weights as they are, each
 * later one sets average ← decay · average + (1 − decay) · weight. State dicts have PyTorch's names, `n_averaged` and `module.….`; to
 * put the average into the model, `model.loadStateDict(ema.module.stateDict())`.
 *
 * @source torch.optim.swa_utils.AveragedModel with the averaging function of get_ema_multi_avg_fn
 */
export class ExponentialMovingAverage extends Module {
  readonly module: Module;
  private readonly decay: number;
  private readonly useBuffers: boolean;

  /** @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_OPTION; CVY_ARG_VALUE also for a model without parameters. */
  constructor(model: Module, options: AverageOptions = {}) {
    const op = 'ExponentialMovingAverage';
    checkOptions(op, options, ['decay', 'useBuffers']);
    if (!((model as unknown) instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `${op}: the model is ${model === null ? 'null' : typeof model} but must be a module`);
    const [parameter] = model.parameters();
    if (parameter === undefined) throw new ArgumentError('CVY_ARG_VALUE', `${op}: the model has 0 parameters but at least one is required`);
    super();
    this.decay = checkNumber(op, 'decay', options.decay ?? 0.999, 0, 1);
    this.useBuffers = checkFlag(op, 'useBuffers', options.useBuffers ?? false);
    this.module = deepCopy(model).requiresGrad_(false);
    this.registerBuffer('n_averaged', fromData(parameter.backend, Int32Array.of(0), []));
  }

  forward(...inputs: Tensor[]): Tensor {
    return this.module.forward(...inputs);
  }

  /**
   * Takes the model's weights into the average.
   * @throws {DataError} CVY_DATA_MISMATCH when the model has other parameters or buffers than the one it was made from; nothing changes then
   */
  update(model: Module): void {
    const pairs = this.pairs(model);
    const count = this.buffer('n_averaged');
    noGrad(() => scope(() => {
      const first = count.item() === 0;
      for (const { own, from, averaged } of pairs) {
        const value = from.detach().to(own);
        own.copy_(first || !averaged ? value : average(own, value, this.decay));
      }
      count.copy_(count.add(1));
    }));
  }

  private pairs(model: Module): { own: Tensor; from: Tensor; averaged: boolean }[] {
    const list = (of: Module): [string, Tensor, boolean][] => [
      ...of.namedParameters().map(([name, p]): [string, Tensor, boolean] => [name, p, true]),
      ...of.namedBuffers().map(([name, b]): [string, Tensor, boolean] => [name, b, this.useBuffers && isFloat(b.dtype)]),
    ];
    const theirs = list(model);
    const mine = list(this.module);
    const wrong = mine.findIndex(([name, { shape }], i) => theirs[i]?.[0] !== name || !sameShape(theirs[i][1].shape, shape));
    if (wrong >= 0 || theirs.length !== mine.length) {
      const say = (entry: [string, Tensor, boolean] | undefined): string => (entry ? `${entry[0]} ${fmt(entry[1].shape)}` : 'nothing');
      const at = wrong >= 0 ? wrong : mine.length;
      throw new DataError('CVY_DATA_MISMATCH', `update: entry ${at} of the model is ${say(theirs[at])} but of the average ${say(mine[at])} and they must agree`);
    }
    return mine.map(([, own, averaged], i) => ({ own, from: theirs[i][1], averaged }));
  }
}
