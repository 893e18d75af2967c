/** Wrong calls of tensors: making them, arithmetic, reductions, shapes, indices, changes in place. */
import { cat, stack, where, type Tensor } from '../../../dist/src/index.js';
import { wrong, type Family, type Place, type RightCall } from './wrongCall.js';

export function tensors({ nn, other }: Place): Family {
  const of = (...shape: number[]): Tensor => nn.ones(shape, { dtype: 'float64', requiresGrad: true });
  const [ints, mask] = [nn.tensor(Int32Array.of(1, 0)), nn.tensor([true, false])];
  const matrix = nn.ones(2, 3);
  const unary = (name: string, call: (x: Tensor) => Tensor): RightCall => ({ name, operands: () => [of(2, 3)], call, saved: [0] });
  const binary = (name: string, call: (a: Tensor, b: Tensor) => Tensor, saved: number[] = [0, 1]): RightCall => ({ name, operands: () => [of(2, 3), of(2, 3)], call, ...(saved.length > 0 ? { saved } : {}) });
  return {
    name: 'tensors',
    kinds: ['shape', 'dtype', 'option', 'value', 'type', 'mixed', 'disposed', 'twice', 'inPlace'],
    cases: [
      wrong('shape', 'tensor of ragged rows', () => nn.tensor([[1, 2], [3]]), 'CVY_SHAPE_NUMEL', /^tensor: a row along axis 1 has 1 elements but the first has 2/),
      wrong('shape', 'tensor of another number of elements', () => nn.tensor([1, 2, 3], [2, 2]), 'CVY_SHAPE_NUMEL', /^tensor: the data has 3 elements but shape \[2, 2\] needs 4/),
      wrong('shape', 'add of shapes that do not broadcast', () => matrix.add(nn.ones(2)), 'CVY_SHAPE_BROADCAST', /^add: .*\[2, 3\].*\[2\]/),
      wrong('shape', 'matmul of inner sizes that differ', () => matrix.matmul(nn.ones(2, 3)), 'CVY_SHAPE_MISMATCH', /^matmul: .*3.*2/),
      wrong('shape', 'reshape to another number of elements', () => matrix.reshape(4, 2), 'CVY_SHAPE_NUMEL', /^reshape: 6 elements cannot become 8 but the numbers must be equal \(from \[2, 3\] to \[4, 2\]\)/),
      wrong('shape', 'sum over an axis that is not there', () => matrix.sum(2), 'CVY_SHAPE_AXIS', /^sum: .*2.*\[2, 3\]/),
      wrong('shape', 'permute that forgets an axis', () => matrix.permute(0, 0), 'CVY_SHAPE_AXIS', /^permute: the order is \[0, 0\] but must name each of 2 axes once/),
      wrong('shape', 'cat of shapes that differ elsewhere', () => cat([matrix, nn.ones(2, 2)], 0), 'CVY_SHAPE_MISMATCH', /^cat: .*\[2, 3\], \[2, 2\]/),
      wrong('shape', 'stack of different shapes', () => stack([matrix, nn.ones(2, 2)]), 'CVY_SHAPE_MISMATCH', /^stack: .*\[2, 3\].*\[2, 2\]/),
      wrong('shape', 'slice outside', () => matrix.slice(5), 'CVY_SHAPE_AXIS', /^slice: .*5.*\[2, 3\]/),
      wrong('shape', 'max of nothing', () => nn.ones(0).max(), 'CVY_SHAPE_NUMEL', /^max: the input has no elements/),
      wrong('shape', 'item of several', () => matrix.item(), 'CVY_SHAPE_NUMEL', /^item: the tensor has 6 elements but 1 is required/),
      wrong('dtype', 'tensor of an unknown dtype', () => nn.tensor([1], { dtype: 'float16' as never }), 'CVY_DTYPE', /float16/),
      wrong('dtype', 'integers with a fraction', () => nn.tensor([0.5], { dtype: 'int32' }), 'CVY_DTYPE', /^tensor: element 0 is 0\.5 but dtype int32/),
      wrong('dtype', 'a gradient of integers', () => nn.tensor(Int32Array.of(1), { requiresGrad: true }), 'CVY_DTYPE', /int32 but float32 or float64 is required/),
      wrong('dtype', 'where without a mask', () => where(matrix, 1, 0), 'CVY_DTYPE', /^where: the condition is float32 but bool is required/),
      wrong('dtype', 'fractions into integers in place', () => nn.tensor(Int32Array.of(1)).add_(0.5), 'CVY_DTYPE', /^add_: the result is float32 but the tensor changed in place is int32/),
      wrong('dtype', 'indexSelect by fractions', () => matrix.indexSelect(0, nn.ones(1)), 'CVY_DTYPE', /^indexSelect: .*float32.*int32/),
      wrong('option', 'an unknown option of zeros', () => nn.zeros([2], { dtyp: 'float32' } as never), 'CVY_ARG_OPTION', /^zeros: option 'dtyp' is unknown .*; did you mean 'dtype'\?/),
      wrong('option', 'an unknown option of var', () => matrix.var(0, { unbiased: true } as never), 'CVY_ARG_OPTION', /^var\w*: option 'unbiased' is unknown/),
      wrong('value', 'a negative size', () => nn.zeros(-1), 'CVY_ARG_VALUE', /^zeros: .*-1/),
      wrong('value', 'clamp without bounds', () => matrix.clamp(), 'CVY_ARG_VALUE', /^clamp: neither min nor max is given but one is required/),
      wrong('value', 'arange that never ends', () => nn.arange(0, 5, 0), 'CVY_ARG_VALUE', /^arange: .* 0 but must be finite, step not 0/),
      wrong('value', 'cat of nothing', () => cat([]), 'CVY_ARG_VALUE', /^cat: no tensors are given/),
      wrong('type', 'a string as data', () => nn.tensor('1' as never), 'CVY_ARG_TYPE', /^tensor: the data is string/),
      wrong('type', 'add of a string', () => matrix.add('1' as never), 'CVY_ARG_TYPE', /^add: an operand is string/),
      wrong('type', 'an operator of JavaScript', () => (matrix as unknown as number) * 2, 'CVY_ARG_TYPE', /^tensor: it was used with a JavaScript operator .*; use add, sub, mul/),
      wrong('mixed', 'add in place of another convoy', () => nn.ones(2).add_(other.ones(2)), 'CVY_BACKEND_MIXED', /^add_: its tensors live in different convoys/),
      wrong('mixed', 'set_ to a tensor of another convoy', () => nn.ones(2).set_([0], other.ones(1).sum()), 'CVY_BACKEND_MIXED', /^set_: /),
      wrong('mixed', 'cat over two convoys', () => cat([nn.ones(2), other.ones(2)]), 'CVY_BACKEND_MIXED', /^cat: /),
      wrong('mixed', 'a gradient of another convoy', () => { of(2).grad = other.ones([2], { dtype: 'float64' }); }, 'CVY_BACKEND_MIXED', /^grad: the gradient lives in the memory of/),
      wrong('inPlace', 'a leaf that requires a gradient', () => of(2).add_(1), 'CVY_GRAPH_LEAF', /^add_: the tensor is a leaf that requires a gradient .*; wrap it in noGrad/),
      wrong('inPlace', 'what a recorded view shares', () => {
        const x = of(2).mul(1);
        x.reshape(2, 1);
        x.mul_(2);
      }, 'CVY_GRAPH_LEAF', /^mul_: the tensor shares its storage with a recorded view .*; clone\(\) it first/),
      wrong('inPlace', 'a result of another shape', () => nn.ones(1).add_(matrix), 'CVY_SHAPE_BROADCAST', /^add_: the result is \[2, 3\] but the tensor changed in place is \[1\]/),
    ],
    calls: [
      binary('add', (a, b) => a.add(b), []), binary('sub', (a, b) => a.sub(b), []), binary('mul', (a, b) => a.mul(b)), binary('div', (a, b) => a.div(b), [1]),
      binary('pow', (a, b) => a.pow(b)), binary('maximum', (a, b) => a.maximum(b)), binary('eq', (a, b) => a.eq(b), []), binary('lt', (a, b) => a.lt(b), []),
      binary('copy_', (a, b) => a.detach().clone().copy_(b), []),
      { name: 'matmul', operands: () => [of(2, 3), of(3, 2)], call: (a, b) => a.matmul(b), saved: [0, 1] },
      { name: 'where', operands: () => [nn.tensor([true, false]), of(2), of(2)], call: (c, a, b) => where(c, a, b) },
      { name: 'gather', operands: () => [of(2, 3), nn.zeros([2, 1], { dtype: 'int32' })], call: (x, at) => x.gather(1, at) },
      { name: 'indexSelect', operands: () => [of(2, 3), ints.clone()], call: (x, at) => x.indexSelect(0, at) },
      { name: 'maskedFill', operands: () => [of(2), mask.clone()], call: (x, m) => x.maskedFill(m, 3) },
      unary('log', (x) => x.log()), unary('abs', (x) => x.abs()), unary('sin', (x) => x.sin()), unary('square', (x) => x.square()), unary('softplus', (x) => x.softplus()),
      unary('leakyRelu', (x) => x.leakyRelu()), unary('clamp', (x) => x.clamp(0, 2)), unary('prod', (x) => x.prod()), unary('max', (x) => x.max()),
      { name: 'exp', operands: () => [of(2)], call: (x) => x.exp() }, { name: 'sum', operands: () => [of(2)], call: (x) => x.sum() },
      { name: 'softmax', operands: () => [of(2, 3)], call: (x) => x.softmax(1) }, { name: 'reshape', operands: () => [of(2, 3)], call: (x) => x.reshape(6) },
      { name: 'permute', operands: () => [of(2, 3)], call: (x) => x.permute(1, 0) }, { name: 'slice', operands: () => [of(2, 3)], call: (x) => x.slice(0) },
      { name: 'expand', operands: () => [of(1, 3)], call: (x) => x.expand(2, 3) }, { name: 'clone', operands: () => [of(2)], call: (x) => x.clone() },
      { name: 'argmax', operands: () => [of(2)], call: (x) => x.argmax() }, { name: 'detach', operands: () => [of(2)], call: (x) => x.detach() },
    ],
  };
}
