/**
 * Sequential, which runs modules one after another, and Identity, which does nothing.
 */
import { inject, injectable } from 'inversify';
import type { Backend } from '../../backend/index.js';
import { BACKEND, SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { Layer } from '../layer.js';
import { Module } from '../module.js';
import type { NoSpec } from '../options.js';

/** @throws {ArgumentError} CVY_ARG_TYPE for anything that is no module. */
export function sequentialSpec(modules: readonly Module[]): readonly Module[] {
  modules.forEach((module, i) => {
    if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `Sequential: module ${i} is ${module === null ? 'null' : typeof module} but must be a module; call the factory, as in nn.ReLU()`);
  });
  return modules;
}

/** Modules in a row, each fed with the output of the one before; named '0', '1', …. @source torch.nn.Sequential */
@injectable()
export class Sequential extends Module implements Iterable<Module> {
  constructor(@inject(SPEC) modules: readonly Module[]) {
    super();
    Object.assign(this, [...modules]);
    // A walk tells every layer where it sits, for messages.
    this.modules();
  }

  /** How many modules there are. */
  get length(): number {
    return this.children().length;
  }

  /** The module at `index`; negative ones count from the end. @throws {ArgumentError} CVY_ARG_VALUE. */
  at(index: number): Module {
    const module = this.children().at(index);
    if (module === undefined || !Number.isInteger(index)) throw new ArgumentError('CVY_ARG_VALUE', `Sequential: index is ${String(index)} but must be an integer from ${-this.length} to ${this.length - 1}`);
    return module;
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.children()[Symbol.iterator]();
  }

  forward(input: Tensor): Tensor {
    let x = input;
    for (const child of this) {
      try {
        x = child.forward(x);
      } catch (error) {
        child.nameIn(error);
        throw error;
      }
    }
    return x;
  }
}

/** Returns its input. @source torch.nn.Identity */
@injectable()
export class Identity extends Layer {
  constructor(@inject(SPEC) readonly spec: NoSpec, @inject(BACKEND) backend: Backend) {
    super(backend);
  }

  protected compute(input: Tensor): Tensor {
    return input;
  }
}
