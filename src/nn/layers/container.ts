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
import { ModuleSequence } from '../moduleSequence.js';

/** Modules, and their names unless these are their numbers. */
export type SequentialModules = readonly (Module | readonly [string, Module])[];

/** @throws {ArgumentError} CVY_ARG_TYPE for anything that is no module. */
export function sequentialSpec(modules: readonly (Module | Readonly<Record<string, Module>>)[]): SequentialModules {
  const [first] = modules;
  if (modules.length === 1 && typeof first === 'object' && first !== null && Object.getPrototypeOf(first) === Object.prototype) return Object.entries(first as Readonly<Record<string, Module>>);
  modules.forEach((module, i) => {
    if (!(module instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `Sequential: module ${i} is ${module === null ? 'null' : Array.isArray(module) ? 'an array' : typeof module} but must be a module; call the factory, as in nn.ReLU()`);
  });
  return modules as readonly Module[];
}

/**
 * Modules in a row, each fed with the output of the one before; named '0', '1', … or, given as an object, by its keys. Where it makes no
 * difference but in time, a convolution runs as one with the batch norm (in evaluation) and the ReLU or ReLU6 behind it, a ReLU behind a maximum
 * pooling: see fusion.ts.
 * @source torch.nn.Sequential
 */
@injectable()
export class Sequential extends ModuleSequence {
  constructor(@inject(SPEC) modules: SequentialModules) {
    super();
    for (const item of modules) {
      if (item instanceof Module) this.append(item);
      else this.registerModule(...item);
    }
    // A walk tells every layer where it sits, for messages.
    this.modules();
  }

  /** The modules from `start` up to, not including, `end` as a Sequential of the same modules under the same names. @source indexing of torch.nn.Sequential with a slice */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(this.ownModules().slice(start, end));
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
  Sequential: factory(Sequential, (...modules: Module[] | [Readonly<Record<string, Module>>]) => sequentialSpec(modules)),
};
