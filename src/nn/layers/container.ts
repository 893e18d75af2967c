/**
 * Sequential, which runs modules one after another. Which of them run as one is fusion.ts.
 */
import { inject, injectable } from 'inversify';
import { SPEC } from '../../di/tokens.js';
import { ArgumentError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { fusedRun } from '../fusion.js';
import { Module } from '../module.js';

/** @throws {ArgumentError} CVY_ARG_TYPE for anything that is no module. */
export function sequentialSpec(modules: readonly Module[]): readonly Module[] {
  modules.forEach((module, i) => {
    if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `Sequential: module ${i} is ${module === null ? 'null' : typeof module} but must be a module; call the factory, as in nn.ReLU()`);
  });
  return modules;
}

/**
 * Modules in a row, each fed with the output of the one before; named '0', '1', …. Where it makes no difference but in time, a
 * convolution runs as one with the batch norm (in evaluation) and the ReLU behind it, a ReLU behind a maximum pooling: see fusion.ts.
 * @source torch.nn.Sequential
 */
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
    const modules = [...this];
    for (let at = 0; at < modules.length;) {
      try {
        const run = fusedRun(modules, at, x);
        x = (run ?? modules[at]).forward(x);
        at += run?.length ?? 1;
      } catch (error) {
        modules[at].nameIn(error);
        throw error;
      }
    }
    return x;
  }
}

export const factories = {
  /** See {@link Sequential}. */
  Sequential: factory(Sequential, (...modules: Module[]) => sequentialSpec(modules)),
};
