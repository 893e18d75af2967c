/** Wrong calls of normalisations. */
import { batchNorm, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function normalisation({ nn }: Place): Family {
  const of = (...shape: number[]): Tensor => nn.arange(shape.reduce((a, b) => a * b, 1), { dtype: 'float64' }).reshape(shape).requiresGrad_();
  return {
    name: 'normalisation',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'other channels', () => nn.BatchNorm2d(3).forward(nn.ones(2, 4, 2, 2)), 'CVY_SHAPE_CHANNELS', /^batchNorm: input has 4 channels but runningMean is \[3\] .*; in layer BatchNorm2d/),
      wrong('shape', 'an image without a batch', () => nn.BatchNorm2d(3).forward(nn.ones(3, 2, 2)), 'CVY_SHAPE_RANK', /^BatchNorm2d: input has 3 axes but 4 are required .*; add the batch axis with unsqueeze\(0\)/),
      wrong('shape', 'one value for each channel', () => nn.BatchNorm1d(3).forward(nn.ones(1, 3)), 'CVY_SHAPE_NUMEL', /^batchNorm: .*1 value per channel .*; use a larger batch, or eval\(\)/),
      wrong('value', 'groups that do not divide', () => nn.GroupNorm(2, 3), 'CVY_ARG_VALUE', /^GroupNorm: numGroups is 2 but must divide numChannels 3/),
      wrong('shape', 'another last axis', () => nn.LayerNorm(3).forward(nn.ones(2, 4)), 'CVY_SHAPE_FEATURES', /^layerNorm: .*4.*3/),
      wrong('dtype', 'integers', () => nn.BatchNorm1d(2).forward(nn.ones([2, 2], { dtype: 'int32' })), 'CVY_DTYPE', /^batchNorm: dtypes are int32/),
      wrong('option', 'an unknown option', () => nn.BatchNorm2d(3, { epsilon: 1 } as never), 'CVY_ARG_OPTION', /^BatchNorm2d: option 'epsilon' is unknown/),
      wrong('value', 'statistics for evaluation that are not there', () => batchNorm(nn.ones(2, 2), null, null), 'CVY_ARG_VALUE', /^batchNorm: runningMean is null .* but both are required outside of training/),
      wrong('value', 'no features', () => nn.BatchNorm2d(0), 'CVY_ARG_VALUE', /^BatchNorm2d: numFeatures is 0/),
      wrong('type', 'a flag that is none', () => nn.BatchNorm2d(3, { affine: 'no' as never }), 'CVY_ARG_TYPE', /^BatchNorm2d: affine is string but must be true or false/),
    ],
    calls: [
      { name: 'batchNorm', operands: () => [of(4, 2), of(2), of(2)], call: (x, w, b) => batchNorm(x, null, null, w, b, { training: true }), saved: [0, 1] },
    ],
  };
}
