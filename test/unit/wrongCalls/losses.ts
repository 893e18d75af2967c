/** Wrong calls of losses. */
import { crossEntropy, mseLoss, nllLoss, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place } from './wrongCall.js';

export function losses({ nn, other }: Place): Family {
  const of = (...shape: number[]): Tensor => nn.ones(shape, { dtype: 'float64', requiresGrad: true });
  const labels = (...values: number[]): Tensor => nn.tensor(Int32Array.from(values));
  return {
    name: 'losses',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'another number of labels', () => crossEntropy(nn.ones(2, 3), labels(0)), 'CVY_SHAPE_MISMATCH', /^crossEntropy: .*\[2, 3\].*\[1\]/),
      wrong('shape', 'mse of shapes that would broadcast', () => mseLoss(nn.ones(2, 1), nn.ones(2)), 'CVY_SHAPE_MISMATCH', /^mseLoss: .*\[2, 1\].*\[2\]/),
      wrong('shape', 'weights of other classes', () => crossEntropy(nn.ones(1, 3), labels(0), { weight: nn.ones(2) }), 'CVY_SHAPE_MISMATCH', /^crossEntropy: .*weight.*\[2\]/),
      wrong('dtype', 'logits of integers', () => crossEntropy(nn.ones([1, 3], { dtype: 'int32' }), labels(0)), 'CVY_DTYPE', /^crossEntropy: .*int32/),
      wrong('dtype', 'labels with fractions for nll', () => nllLoss(nn.ones(1, 3), nn.ones(1)), 'CVY_DTYPE', /^nllLoss: .*float32.*int32/),
      wrong('option', 'an unknown option', () => crossEntropy(nn.ones(1, 3), labels(0), { smoothing: 0.1 } as never), 'CVY_ARG_OPTION', /^crossEntropy: option 'smoothing' is unknown/),
      wrong('option', 'an unknown option of a module', () => nn.MSELoss({ weight: nn.ones(1) } as never), 'CVY_ARG_OPTION', /^MSELoss: option 'weight' is unknown/),
      wrong('value', 'a label outside', () => crossEntropy(nn.ones(1, 3), labels(3)), 'CVY_DATA_MISMATCH', /^crossEntropy: the label at position 0 is 3 but with 3 classes must be from 0 to 2/),
      wrong('value', 'an unknown reduction', () => mseLoss(nn.ones(1), nn.ones(1), { reduction: 'avg' as never }), 'CVY_ARG_VALUE', /^mseLoss: reduction is 'avg' but must be one of mean, sum, none/),
      wrong('value', 'smoothing above 1', () => crossEntropy(nn.ones(1, 3), labels(0), { labelSmoothing: 2 }), 'CVY_ARG_VALUE', /^crossEntropy: labelSmoothing is 2/),
      wrong('type', 'labels as an array', () => crossEntropy(nn.ones(1, 3), [0] as never), 'CVY_ARG_TYPE', /^crossEntropy: an operand is object but must be a tensor/),
      wrong('mixed', 'labels of another convoy into a module', () => nn.CrossEntropyLoss().forward(nn.ones(1, 3), other.tensor(Int32Array.of(0))), 'CVY_BACKEND_MIXED', /^crossEntropy: its tensors live in different convoys/),
    ],
    calls: [
      { name: 'crossEntropy', operands: () => [of(2, 3), labels(0, 2)], call: (x, t) => crossEntropy(x, t) },
      { name: 'nllLoss', operands: () => [of(2, 3), labels(0, 2)], call: (x, t) => nllLoss(x, t) },
      { name: 'mseLoss', operands: () => [of(2, 3), of(2, 3)], call: (x, t) => mseLoss(x.square(), t), saved: [0] },
    ],
  };
}
