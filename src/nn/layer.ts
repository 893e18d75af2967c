/**
 * Layer: a module that is injected with a backend and dispatches its operation there, whatever backend its input came from.
 */
import type { Backend } from '../backend/index.js';
import { on, type OnBackend } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import { Module } from './module.js';

export abstract class Layer extends Module implements OnBackend {
  constructor(public backend: Backend) {
    super();
  }

  forward(input: Tensor): Tensor {
    try {
      return this.compute(input?.backend && input.backend.memory === this.backend.memory ? on(input, this.backend) : input);
    } catch (error) {
      this.nameIn(error);
      throw error;
    }
  }

  /** The layer's operation on an input that is dispatched to the layer's backend. */
  protected abstract compute(input: Tensor): Tensor;

  protected override moveTo(target: OnBackend): void {
    super.moveTo(target);
    this.backend = target.backend;
  }
}
