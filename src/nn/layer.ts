/**
 * Modules that are injected with a backend and dispatch their operation there, whatever backend their inputs came from.
 * A Layer has one input; losses (layers/loss.ts) have two.
 */
import { inject } from 'inversify';
import type { Backend, Rng } from '../backend/index.js';
import { BACKEND, RNG, SPEC } from '../di/tokens.js';
import { inLayer, isAnomalyEnabled, on, type OnBackend } from '../autograd/index.js';
import { ArgumentError } from '../errors.js';
import type { Tensor } from '../tensor/index.js';
import { Module } from './module.js';

export abstract class BackendModule extends Module implements OnBackend {
  constructor(public backend: Backend) {
    super();
    if (typeof backend?.placement !== 'function') {
      const { name } = this.constructor;
      throw new ArgumentError('CVY_ARG_TYPE', `${name}: it is made with new and has no backend but layers live on one; write nn.${name}(…), or nn.make(${name}, spec) for a class of yours`);
    }
  }

  /** The tensor dispatched to this module's backend. What is no tensor, or lives elsewhere, is left for the operation to refuse. */
  protected here(input: Tensor): Tensor {
    return input?.backend && input.backend.memory === this.backend.memory ? on(input, this.backend) : input;
  }

  /** Runs `compute`; its errors say in which layer they arose. */
  protected named(compute: () => Tensor): Tensor {
    try {
      return isAnomalyEnabled() ? inLayer(() => this.whereabouts(), compute) : compute();
    } catch (error) {
      this.nameIn(error);
      throw error;
    }
  }

  protected override moveTo(target: OnBackend): void {
    super.moveTo(target);
    this.backend = target.backend;
  }
}

export abstract class Layer extends BackendModule {
  forward(input: Tensor): Tensor {
    return this.named(() => this.compute(this.here(input)));
  }

  /** The layer's operation on an input that is dispatched to the layer's backend. */
  protected abstract compute(input: Tensor): Tensor;
}

/** A layer that is built of its settings alone: most of those without weights. */
export abstract class SpecLayer<S> extends Layer {
  constructor(@inject(SPEC) readonly spec: S, @inject(BACKEND) backend: Backend) {
    super(backend);
  }
}

/** A layer that draws random numbers whenever it runs in training: a run can be repeated only from the position of its rng. */
export abstract class RandomLayer<S> extends SpecLayer<S> {
  constructor(@inject(SPEC) spec: S, @inject(BACKEND) backend: Backend, @inject(RNG) protected readonly rng: Rng) {
    super(spec, backend);
  }
}
