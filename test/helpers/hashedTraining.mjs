/** A training as one hash, by which runs that must have the same bits are compared. */
import { createHash } from 'node:crypto';
import { crossEntropy, scope } from '../../dist/src/index.js';

/** SHA-256 of the losses of so many steps with each optimizer, one after the other, and of all weights and buffers in the end. */
export function hashedTraining(model, x, target, optimizers, steps) {
  const hash = createHash('sha256');
  for (const optimizer of optimizers) {
    for (let step = 0; step < steps; step++) {
      scope(() => {
        optimizer.zeroGrad();
        const loss = crossEntropy(model.forward(x), target);
        loss.backward();
        optimizer.step();
        hash.update(new Uint8Array(loss.dataSync().buffer));
      });
    }
  }
  for (const tensor of Object.values(model.stateDict())) hash.update(new Uint8Array(tensor.dataSync().buffer));
  return hash.digest('hex');
}
