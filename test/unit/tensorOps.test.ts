/** Tensor operations beyond what the reference cases try: notation, edges, options, dtypes, in-place forms; wrong calls as a table. */
import { afterAll, describe, expect, it } from 'vitest';
import { cat, checkpoint, createConvoy, einsum, equal, floorDivide, fmod, grad, indexPut, logicalXor, meshgrid, noGrad, normalize, oneHot, onesLike, pow, remainder, scatter, sort, topk, unbind, vectorNorm, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
const whole = (values: number[], shape?: number[]): Tensor => nn.tensor(Int32Array.from(values), shape ?? [values.length]);
const mask = (...values: number[]): Tensor => whole(values).to('bool');
const leaf = (data: number | number[] | number[][]): Tensor => nn.tensor(data, undefined, { dtype: 'float64', requiresGrad: true });
const x = nn.arange(6).reshape(2, 3);

describe('einsum', () => {
  it('sorts the labels of an output that is not given, and takes diagonals', () => {
    expect(einsum('ba', x).toArray()).toEqual([[0, 3], [1, 4], [2, 5]]);
    expect(einsum('ii', nn.eye(3)).item()).toBe(3);
    expect(einsum('ii->i', nn.arange(4).reshape(2, 2)).toArray()).toEqual([0, 3]);
    expect(einsum('bA,Ab', x, x.t()).item()).toBe(55);
  });

  it('lines ellipses up at their ends, repeats axes of 1, and takes operands as an array', () => {
    expect(einsum('...ij,...jk->...ik', nn.ones(2, 1, 3, 4), nn.ones(5, 4, 2)).shape).toEqual([2, 5, 3, 2]);
    expect(einsum('...->', [x]).item()).toBe(15);
    expect(einsum('ij,ij->ij', nn.ones(3, 1), nn.ones(1, 4)).shape).toEqual([3, 4]);
    expect(einsum(' i j , j -> i ', x, nn.ones(3)).toArray()).toEqual([3, 12]);
    expect(einsum('ij,jk->ik', nn.ones(2, 0), nn.ones(0, 2)).toArray()).toEqual([[0, 0], [0, 0]]);
  });
});

describe('cat', () => {
  it('joins tensors of shape [0] with any, and adds nothing', () => {
    const [none, some] = [leaf([]), leaf([[1, 2]])];
    const y = cat([none, some, nn.zeros(0), some], -1);
    expect(y.toArray()).toEqual([[1, 2, 1, 2]]);
    y.sum().backward();
    expect([none.grad!.shape, some.grad!.toArray()]).toEqual([[0], [[2, 2]]]);
    expect(cat([nn.zeros(0), nn.zeros(0)]).shape).toEqual([0]);
    expect(() => cat([nn.zeros(0, 3), some], 1)).toThrow(/shapes differ outside axis 1/);
  });
});

describe('orders', () => {
  it('puts NaN last, first when descending, and keeps the order of equal elements', () => {
    const y = nn.tensor([1, NaN, -Infinity, 1, 0]);
    expect(sort(y).indices.toArray()).toEqual([2, 4, 0, 3, 1]);
    expect(sort(y, 0, { descending: true, stable: true }).indices.toArray()).toEqual([1, 0, 3, 4, 2]);
    expect(sort(mask(1, 0, 1)).values.toArray()).toEqual([false, true, true]);
  });

  it('sorts and takes the largest as an ordering by comparison does, with zeros of both signs, infinities and NaN', () => {
    const odd = [0, -0, NaN, Infinity, -Infinity, 1e-40, -1e-40, 3e38, 2147483647, -2147483648, 7, -7];
    const values = Array.from({ length: 3 * 301 }, (_, i) => (i % 5 === 0 ? odd[(i / 5) % odd.length] : ((i * 7919) % 101) - 50));
    const order = (row: readonly number[], sign: number): number[] => row.map((_, i) => i).sort((a, b) => {
      const [p, q] = [row[a], row[b]];
      const nans = Number(Number.isNaN(p)) - Number(Number.isNaN(q));
      return nans !== 0 ? sign * nans : p < q ? -sign : p > q ? sign : a - b;
    });
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      const given = dtype === 'int32' ? values.map((value) => (Number.isFinite(value) ? value | 0 : 3)) : dtype === 'float32' ? values.map(Math.fround) : values;
      const x = nn.tensor(given, [3, 301], { dtype });
      for (const descending of [false, true]) {
        const wanted = [0, 1, 2].map((r) => order(given.slice(301 * r, 301 * (r + 1)), descending ? -1 : 1));
        expect(sort(x, 1, { descending }).indices.toArray()).toEqual(wanted);
        // As many as are inserted one by one, and more.
        for (const k of [1, 128, 129, 301]) expect(topk(x, k, 1, { largest: descending }).indices.toArray()).toEqual(wanted.map((row) => row.slice(0, k)));
      }
    }
  });

  it('topk: the first of equal ones, unsorted in the order of positions', () => {
    const y = nn.tensor([3, 9, 1, 9, 5]);
    expect(topk(y, 3).indices.toArray()).toEqual([1, 3, 4]);
    expect(topk(y, 3, -1, { sorted: false }).values.toArray()).toEqual([9, 9, 5]);
    expect(topk(y, 3, 0, { largest: false, sorted: false }).indices.toArray()).toEqual([0, 2, 4]);
    expect(topk(y, 0).values.shape).toEqual([0]);
  });
});

describe('scatter', () => {
  it('writes the last of what goes to one place, which alone has a gradient', () => {
    const source = leaf([[7, 8, 9]]);
    const y = scatter(nn.zeros([2, 3], { dtype: 'float64' }), 1, whole([2, 2, 0], [1, 3]), source);
    expect(y.toArray()).toEqual([[9, 0, 8], [0, 0, 0]]);
    y.sum().backward();
    expect(source.grad!.toArray()).toEqual([[0, 1, 1]]);
  });

  it('takes a number, integers and masks', () => {
    expect(nn.zeros(2, 3).scatter_(1, whole([2, 0], [2, 1]), 1).toArray()).toEqual([[0, 0, 1], [1, 0, 0]]);
    expect(whole([1, 2]).scatterAdd(0, whole([1, 1]), whole([10, 20])).toArray()).toEqual([1, 32]);
    expect(mask(0, 0).scatter(0, whole([1]), mask(1)).toArray()).toEqual([false, true]);
    expect(nn.zeros(3).indexAdd(0, whole([2, 2]), nn.ones(2), { alpha: 3 }).toArray()).toEqual([0, 0, 6]);
  });
});

describe('indexing with tensors', () => {
  it('takes positions, masks, numbers and ranges together', () => {
    expect(x.index(whole([1, 1])).toArray()).toEqual([[3, 4, 5], [3, 4, 5]]);
    expect(x.index(null, whole([-1, 0])).toArray()).toEqual([[2, 0], [5, 3]]);
    expect(x.index(whole([0, 1]), whole([2, 0])).toArray()).toEqual([2, 3]);
    expect(x.index(mask(0, 1)).toArray()).toEqual([[3, 4, 5]]);
    expect(x.index(x.gt(3)).toArray()).toEqual([4, 5]);
    expect(x.index([1, null], mask(1, 0, 1)).toArray()).toEqual([[3, 5]]);
    // Separate positions come first, as in NumPy.
    expect(nn.zeros(2, 3, 4).index(whole([0, 1, 1]), null, whole([0, 1, 2])).shape).toEqual([3, 3]);
  });

  it('puts values there, or adds them up', () => {
    expect(indexPut(nn.zeros(3), [whole([1, 1])], nn.tensor([5, 6])).toArray()).toEqual([0, 6, 0]);
    expect(indexPut(nn.zeros(3), [whole([1, 1])], nn.tensor([5, 6]), { accumulate: true }).toArray()).toEqual([0, 11, 0]);
    expect(x.clone().indexPut_([x.gt(3)], -1).toArray()).toEqual([[0, 1, 2], [3, -1, -1]]);
    expect(x.maskedSelect(x.lt(2)).toArray()).toEqual([0, 1]);
    expect(x.gt(3).nonzero().toArray()).toEqual([[1, 1], [1, 2]]);
  });
});

describe('dtypes', () => {
  it('computes masks as masks, and integers as integers', () => {
    expect(mask(1, 0).add(mask(1, 0)).toArray()).toEqual([true, false]);
    expect(mask(1, 0).mul(2).dtype).toBe('int32');
    expect(mask(1, 0).max().item()).toBe(1);
    expect(logicalXor(mask(1, 0), mask(1, 1)).toArray()).toEqual([false, true]);
    expect(pow(whole([2, 3]), 3).toArray()).toEqual([8, 27]);
    expect(pow(whole([2, 3]), 3).dtype).toBe('int32');
    expect(remainder(whole([-7, 7]), 3).toArray()).toEqual([2, 1]);
    expect(fmod(whole([-7, 7]), 3).toArray()).toEqual([-1, 1]);
    expect(floorDivide(whole([-7, 7]), 2).toArray()).toEqual([-4, 3]);
    expect(whole([3]).floor().dtype).toBe('int32');
    expect(cat([whole([1]), nn.tensor([0.5])]).toArray()).toEqual([1, 0.5]);
    expect(whole([1, 2]).cumsum(0).dtype).toBe('int32');
  });

  it('does not round a quotient of float32 across an integer', () => {
    expect(remainder(nn.tensor([1]), nn.tensor([0.1])).item()).toBeCloseTo(0.1, 6);
    expect(floorDivide(nn.tensor([1]), nn.tensor([0.1])).item()).toBe(9);
    expect(nn.tensor([-7, 7]).div(2, { roundingMode: 'floor' }).toArray()).toEqual([-4, 3]);
    expect(nn.tensor([-7, 7]).div(nn.tensor([2]), { roundingMode: 'trunc' }).toArray()).toEqual([-3, 3]);
    expect(whole([-7, 7]).div(2, { roundingMode: 'trunc' }).dtype).toBe('int32');
    expect(whole([-7, 7]).div(2, { roundingMode: null }).toArray()).toEqual([-3.5, 3.5]);
    const [a, b] = [leaf([[1, -5], [7, 2]]), leaf([2, 3])];
    a.div(b, { roundingMode: 'floor' }).sum().add(floorDivide(3, b).sum()).backward();
    expect([a.grad!.toArray(), b.grad!.toArray()]).toEqual([[[0, 0], [0, 0]], [0, 0]]);
    expect(() => a.div(b, { roundingMode: 'up' as 'floor' })).toThrow(/div: roundingMode is 'up'/);
  });

  it('knows that 1 to any power is 1', () => {
    expect(pow(nn.tensor([1, 1, -1]), nn.tensor([NaN, Infinity, -Infinity])).toArray()).toEqual([1, 1, 1]);
  });
});

describe('edges', () => {
  it('reduces axes of no elements where that means something', () => {
    expect(nn.zeros(0, 3).max(1).values.shape).toEqual([0]);
    expect(nn.zeros(0, 3).all().item()).toBe(1);
    expect(nn.zeros(0, 3).cumsum(0).shape).toEqual([0, 3]);
    expect(nn.zeros(0).logsumexp(0).item()).toBe(-Infinity);
    expect(nn.zeros(0, 3).nonzero().shape).toEqual([0, 2]);
  });

  it('keeps gradients finite where norms and deviations are 0', () => {
    const zero = leaf([0, 0]);
    vectorNorm(zero).add(zero.std()).add(vectorNorm(zero, 3)).backward();
    expect(zero.grad!.toArray()).toEqual([0, 0]);
  });

  it('does not let an infinity run backwards through a running sum', () => {
    expect(nn.tensor([1, Infinity, 2]).cumsum(0).toArray()).toEqual([1, Infinity, Infinity]);
    expect(nn.tensor([-Infinity, -Infinity]).logsumexp(0).item()).toBe(-Infinity);
  });

  it('is precise near zeros', () => {
    const tiny = nn.tensor([1e-12], [1], { dtype: 'float64' });
    for (const y of [tiny.log1p(), tiny.expm1(), tiny.sinh(), tiny.asinh(), tiny.atan()]) expect(y.item() / 1e-12).toBeCloseTo(1, 11);
  });

  it.each([
    { dtype: 'float32', points: [88.5, 89, 100, 1e30] }, { dtype: 'float64', points: [709, 710, 720, 1e300] },
  ] as const)('is right where exponentials and squares overflow: $dtype', ({ dtype, points }) => {
    const [, first, , large] = points;
    const x = nn.tensor([...points, -first, Infinity], undefined, { dtype, requiresGrad: true });
    const near = (found: Tensor, expected: number[]): void => found.toArray<number[]>().forEach((value, i) => {
      if (Number.isFinite(expected[i])) expect(Math.abs(value / expected[i] - 1)).toBeLessThan(dtype === 'float32' ? 1e-5 : 1e-12);
      else expect(value).toBe(expected[i]);
    });
    const rounded = x.toArray<number[]>();
    const fit = (y: number): number => (dtype === 'float32' ? Math.fround(y) : y);
    near(x.sinh(), rounded.map((v) => fit(Math.sinh(v))));
    near(x.cosh(), rounded.map((v) => fit(Math.cosh(v))));
    near(grad(x.sinh().sum(), x)[0]!, rounded.map((v) => fit(Math.cosh(v))));
    const sides = nn.tensor([3 * large, 3 / large, 0], undefined, { dtype, requiresGrad: true });
    const others = nn.tensor([4 * large, -4 / large, -2], undefined, { dtype });
    near(sides.hypot(others), [5 * large, 5 / large, 2]);
    near(grad(sides.hypot(others).sum(), sides)[0]!.add(1), [1.6, 1.6, 1]);
    expect(others.hypot(nn.tensor([Infinity, -Infinity, 0], undefined, { dtype })).toArray()).toEqual([Infinity, Infinity, 2]);
  });

  it('compares whole tensors, unlike shapes too', () => {
    expect([equal(x, x), equal(x, nn.ones(2)), nn.tensor([NaN]).allclose(nn.tensor([NaN])), nn.tensor([NaN]).allclose(nn.tensor([NaN]), { equalNan: true })]).toEqual([true, false, false, true]);
  });
});

describe('changes in place', () => {
  it('keep what their own gradient needs, on both sides', () => {
    const y = leaf([0.5, -1]);
    y.mul(1).exp_().sum().backward();
    expect(y.grad!.toArray()).toEqual([Math.exp(0.5), Math.exp(-1)]);
    const z = leaf([0.5, -1]);
    z.mul(1).square_().sum().backward();
    expect(z.grad!.toArray()).toEqual([1, -2]);
  });

  it('also inside a checkpoint, which computes them again', () => {
    const y = leaf([0.5, -1]);
    checkpoint((v: Tensor) => v.mul(1).exp_().mul(2), y).sum().backward();
    expect(y.grad!.toArray()).toEqual([2 * Math.exp(0.5), 2 * Math.exp(-1)]);
  });

  it('take the factor of the second operand, and refuse what others saved before', () => {
    expect(noGrad(() => nn.ones(2).add_(nn.ones(2), { alpha: -0.5 }).sub_(1, { alpha: 2 })).toArray()).toEqual([-1.5, -1.5]);
    const y = leaf([1, 2]);
    const squared = y.square();
    const kept = squared.square();
    squared.mul_(2);
    expect(() => kept.sum().backward()).toThrow(expect.objectContaining({ code: 'CVY_GRAPH_VERSION' }));
  });

  it('hand gradients on through copy_ and lerp_', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 5])];
    const [ga, gb] = grad(a.mul(1).lerp_(b, 0.25).sum(), [a, b]);
    expect([ga!.toArray(), gb!.toArray()]).toEqual([[0.75, 0.75], [0.25, 0.25]]);
  });
});

describe('contractions, grids and labels', () => {
  it('follow PyTorch', () => {
    expect(x.tensordot(x.t(), 1).toArray()).toEqual([[5, 14], [14, 50]]);
    expect(x.tensordot(x).item()).toBe(55);
    expect(x.tensordot(nn.ones(2), 0).shape).toEqual([2, 3, 2]);
    expect(meshgrid([nn.arange(2), nn.arange(3)]).map((y) => y.toArray())).toEqual([[[0, 0, 0], [1, 1, 1]], [[0, 1, 2], [0, 1, 2]]]);
    expect(meshgrid([nn.arange(2), nn.arange(3)], { indexing: 'xy' })[0].toArray()).toEqual([[0, 1], [0, 1], [0, 1]]);
    expect(nn.tensor([NaN, Infinity, -Infinity, 1]).nanToNum({ nan: 5, neginf: -2 }).toArray()).toEqual([5, 2 ** 128 - 2 ** 104, -2, 1]);
    expect(oneHot(whole([2, 0])).toArray()).toEqual([[0, 0, 1], [1, 0, 0]]);
    expect(oneHot(whole([1], [1, 1]), 4).shape).toEqual([1, 1, 4]);
    expect(normalize(nn.tensor([[3, 4], [0, 0]])).dataSync()).toEqual(Float32Array.of(0.6, 0.8, 0, 0));
  });
});

describe('creation', () => {
  it('counts, draws, and takes after other tensors', () => {
    expect(nn.linspace(-1, 1, 5).toArray()).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(onesLike(whole([3, 4])).toArray()).toEqual([1, 1]);
    expect(onesLike(whole([3]), { dtype: 'float64' }).dtype).toBe('float64');
    expect(nn.randLike(nn.zeros([2], { dtype: 'float64' })).dtype).toBe('float64');
    expect([...nn.randperm(9).dataSync()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const drawn = nn.randint(-2, 3, [500]).dataSync();
    expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([-2, 2]);
    expect(nn.randint(4, [2]).dtype).toBe('int32');
  });
});

describe('wrong calls', () => {
  const [a, b] = [nn.ones(2, 3), nn.ones(4, 5)];
  it.each<[string, () => unknown, string, RegExp]>([
    ['einsum sizes', () => einsum('ij,jk->ik', a, b), 'CVY_SHAPE_BROADCAST', /'j' is 3 in one operand and 4 in operand 1.*\[2, 3\], \[4, 5\]/],
    ['einsum rank', () => einsum('ijk', a), 'CVY_SHAPE_RANK', /names 3 axes but operand 0 has 2/],
    ['einsum diagonal', () => einsum('ii', a), 'CVY_SHAPE_MISMATCH', /axes of 2 and of 3/],
    ['einsum output', () => einsum('ij->k', a), 'CVY_ARG_VALUE', /'k' stands behind '->' but in no operand/],
    ['einsum output twice', () => einsum('ij->ii', a), 'CVY_ARG_VALUE', /more than once/],
    ['einsum operands', () => einsum('ij,jk', a), 'CVY_ARG_VALUE', /2 terms are named but 1 operands given/],
    ['einsum letters', () => einsum('i1', a), 'CVY_ARG_VALUE', /'i1' is a term/],
    ['einsum arrows', () => einsum('ij->i->j', a), 'CVY_ARG_VALUE', /occurs 2 times/],
    ['einsum of nothing', () => einsum('->'), 'CVY_ARG_VALUE', /no operands/],
    ['topk', () => topk(a, 4), 'CVY_SHAPE_AXIS', /k is 4 but must be an integer from 0 to 3/],
    ['sort option', () => sort(a, 0, { decending: true } as object), 'CVY_ARG_OPTION', /did you mean 'descending'/],
    ['sort flag', () => sort(a, 0, { descending: 1 as never }), 'CVY_ARG_TYPE', /descending/],
    ['cumsum axis', () => a.cumsum(2), 'CVY_SHAPE_AXIS', /axis is 2/],
    ['scatter outside', () => a.scatter(1, whole([3], [1, 1]), 0), 'CVY_SHAPE_AXIS', /index 3 at position 0/],
    ['scatter source', () => a.scatter(1, whole([0, 1], [1, 2]), nn.ones(1, 1)), 'CVY_SHAPE_MISMATCH', /source only 1.*index \[1, 2\], source \[1, 1\]/],
    ['scatter rank', () => a.scatterAdd(1, whole([0]), nn.ones(1)), 'CVY_SHAPE_RANK', /index has 1 axes/],
    ['indexAdd source', () => a.indexAdd(0, whole([0]), nn.ones(2, 3)), 'CVY_SHAPE_MISMATCH', /\[1, 3\] is required/],
    ['index outside', () => a.index(whole([2])), 'CVY_SHAPE_AXIS', /index 2 lies outside axis 0 of size 2/],
    ['index dtype', () => a.index(nn.ones(1)), 'CVY_DTYPE', /int32 or bool/],
    ['index mask', () => a.index(mask(1)), 'CVY_SHAPE_MISMATCH', /mask is \[1\] but the axes it selects from are \[2\]/],
    ['too many indices', () => a.index(whole([0]), 0, 0), 'CVY_SHAPE_AXIS', /3 axes but the tensor has 2/],
    ['indexPut of ranges', () => indexPut(a, [[0, 1] as never], 1), 'CVY_ARG_TYPE', /use set_/],
    ['mask dtype', () => a.maskedSelect(a), 'CVY_DTYPE', /bool is required/],
    ['mm', () => a.mm(nn.ones(3)), 'CVY_SHAPE_RANK', /2 and 1 axes but 2 and 2.*\[2, 3\], b \[3\]/],
    ['bmm', () => nn.ones(1, 2, 3).bmm(nn.ones(2, 3, 2)), 'CVY_SHAPE_MISMATCH', /batches are 1 and 2/],
    ['addmm', () => nn.ones(3).addmm(a, nn.ones(3, 2)), 'CVY_SHAPE_BROADCAST', /\[3\]/],
    ['repeat', () => a.repeat(2), 'CVY_ARG_VALUE', /2 integers ≥ 0 are required/],
    ['movedim', () => a.movedim([0, 0], [0, 1]), 'CVY_SHAPE_AXIS', /different ones/],
    ['roll', () => a.roll([1], [0, 1]), 'CVY_ARG_VALUE', /one integer for each/],
    ['unbind', () => unbind(nn.tensor(1)), 'CVY_SHAPE_RANK', /scalar/],
    ['diagonal', () => a.diagonal(0, 1, 1), 'CVY_SHAPE_AXIS', /two different ones/],
    ['tril', () => nn.ones(3).tril(), 'CVY_SHAPE_RANK', /2 are required at least/],
    ['norm', () => a.norm('nuc' as never), 'CVY_ARG_VALUE', /p is nuc/],
    ['extreme of nothing', () => nn.zeros(0, 3).amax(0), 'CVY_SHAPE_NUMEL', /no elements/],
    ['masks taken off', () => mask(1).sub(mask(1)), 'CVY_DTYPE', /logicalXor/],
    ['integer to a negative power', () => pow(whole([2]), -1), 'CVY_ARG_VALUE', /negative power/],
    ['integer by 0', () => remainder(whole([2]), 0), 'CVY_ARG_VALUE', /divided by 0/],
    ['cat of scalars', () => cat([nn.tensor(1)]), 'CVY_SHAPE_RANK', /use stack/],
    ['tensordot', () => a.tensordot(b, 1), 'CVY_SHAPE_MISMATCH', /sizes must be equal.*a \[2, 3\], b \[4, 5\]/],
    ['labels', () => oneHot(whole([3]), 3), 'CVY_ARG_VALUE', /a label is 3 but must be from 0 to 2/],
    ['labels of floats', () => oneHot(a), 'CVY_DTYPE', /int32 is required/],
    ['linspace', () => nn.linspace(0, 1, 1.5), 'CVY_ARG_VALUE', /steps an integer/],
    ['randint', () => nn.randint(3, 3, [1]), 'CVY_ARG_VALUE', /the second larger/],
  ])('%s', (_name, call, code, message) => {
    expect(call).toThrow(expect.objectContaining({ code }));
    expect(call).toThrow(message);
  });
});
