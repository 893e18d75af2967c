/**
 * Evaluation mode for a while, as measuring a model needs it.
 */
import type { Module } from './module.js';

/**
 * Puts a model into evaluation mode and returns the function that puts every module back into the mode in which it was, which
 * need not be one mode for all.
 */
export function evaluationMode(model: Module): () => void {
  const before = model.modules().map((module): [Module, boolean] => [module, module.training]);
  model.eval();
  return () => {
    for (const [module, training] of before) module.training = training;
  };
}
