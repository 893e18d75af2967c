/** The optimizers that `convoy train` knows, with rates at which the tutorials' models learn. */
import { Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RMSprop, SGD, type Optimizer } from '../optim/index.js';
import type { Tensor } from '../tensor/index.js';
import type { OptimizerName } from './options.js';

interface Choice {
  /** Rate unless --lr is given. */
  readonly lr: number;
  /** `momentum` is that of --momentum, which only sgd takes. */
  readonly make: (parameters: Tensor[], lr: number, momentum: number) => Optimizer;
}

export const OPTIMIZERS: Record<OptimizerName, Choice> = {
  sgd: { lr: 0.05, make: (parameters, lr, momentum) => new SGD(parameters, { lr, momentum }) },
  adam: { lr: 0.001, make: (parameters, lr) => new Adam(parameters, { lr }) },
  adamw: { lr: 0.001, make: (parameters, lr) => new AdamW(parameters, { lr }) },
  nadam: { lr: 0.002, make: (parameters, lr) => new NAdam(parameters, { lr }) },
  adamax: { lr: 0.002, make: (parameters, lr) => new Adamax(parameters, { lr }) },
  rmsprop: { lr: 0.001, make: (parameters, lr) => new RMSprop(parameters, { lr }) },
  adagrad: { lr: 0.01, make: (parameters, lr) => new Adagrad(parameters, { lr }) },
  adadelta: { lr: 1, make: (parameters, lr) => new Adadelta(parameters, { lr }) },
};
