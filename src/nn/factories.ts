/**
 * Binds every layer's factory to NN as a method under PyTorch's class name, in one table, so that nn.ts need not know the layers.
 */
import type { Factory } from './factory.js';
import { factories as activations } from './layers/activation.js';
import { factories as gatedActivations } from './layers/activationGated.js';
import { factories as piecewiseActivations } from './layers/activationPiecewise.js';
import { factories as smoothActivations } from './layers/activationSmooth.js';
import { factories as adaptivePools } from './layers/adaptivePool.js';
import { factories as bilinears } from './layers/bilinear.js';
import { factories as containers } from './layers/container.js';
import { factories as convolutions } from './layers/conv.js';
import { factories as transposed } from './layers/convTranspose.js';
import { factories as dropouts } from './layers/dropout.js';
import { factories as embeddings } from './layers/embedding.js';
import { factories as folds } from './layers/fold.js';
import { factories as identities } from './layers/identity.js';
import { factories as lazies } from './layers/lazy.js';
import { factories as linears } from './layers/linear.js';
import { factories as lists } from './layers/lists.js';
import { factories as losses } from './layers/loss.js';
import { factories as lpPools } from './layers/lpPool.js';
import { factories as binaryLosses } from './layers/lossBinary.js';
import { factories as elementwiseLosses } from './layers/lossElementwise.js';
import { factories as marginLosses } from './layers/lossMargin.js';
import { factories as norms } from './layers/norm.js';
import { factories as pads } from './layers/pad.js';
import { factories as pools } from './layers/pool.js';
import { factories as rowNorms } from './layers/rowNorm.js';
import { factories as shuffles } from './layers/shuffle.js';
import { factories as unpools } from './layers/unpool.js';
import { factories as upsamples } from './layers/upsample.js';
import type { Module } from './module.js';
import { NN } from './nn.js';

const FACTORIES = {
  ...activations, ...gatedActivations, ...piecewiseActivations, ...smoothActivations,
  ...containers, ...convolutions, ...dropouts, ...embeddings, ...identities, ...linears, ...lists, ...losses, ...binaryLosses, ...elementwiseLosses, ...marginLosses,
  ...bilinears, ...lazies, ...norms, ...pads, ...pools, ...rowNorms, ...transposed,
  ...adaptivePools, ...folds, ...lpPools, ...shuffles, ...unpools, ...upsamples,
};

type Factories = typeof FACTORIES;

declare module './nn.js' {
  interface NN extends BoundFactories {}
}

export type BoundFactories = { [K in keyof Factories]: Factories[K] extends Factory<infer A, infer M> ? (...args: A) => M : never };

for (const [name, make] of Object.entries(FACTORIES)) {
  Object.defineProperty(NN.prototype, name, {
    value(this: NN, ...args: never[]): Module {
      return (make as Factory<never[], Module>)(this, ...args);
    },
    writable: true, configurable: true,
  });
}
