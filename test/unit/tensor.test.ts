/** Tensors: creation, reading, printing, indexing, promotion; errors of wrong calls as a table. */
import { afterAll, describe, expect, it } from 'vitest';
import { cat, createConvoy, pad, scope, stack, where, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

describe('reductions', () => {
  it('refuse a keepdim that is no flag: options of another library would pass for true', () => {
    const x = nn.ones(2, 3);
    const wrong = { keepdim: false } as unknown as boolean;
    for (const call of [() => x.sum(1, wrong), () => x.mean(1, wrong), () => x.prod(1, wrong), () => x.max(1, wrong), () => x.argmin(1, wrong)]) {
      expect(call).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE' }));
    }
    expect(() => x.var(1, { keepDim: true } as object)).toThrow(expect.objectContaining({ code: 'CVY_ARG_OPTION' }));
    expect(x.var(1, { keepdim: true }).shape).toEqual([2, 1]);
  });
});

describe('what is found along an axis', () => {
  it('is taken apart like a tuple', () => {
    const x = nn.tensor([[1, 3, 2], [6, 4, 5]]);
    const [values, indices] = x.max(1);
    expect(scope(() => x.max(1)).indices.toArray()).toEqual([1, 0]);
    expect([values.toArray(), indices.toArray()]).toEqual([[3, 6], [1, 0]]);
    const [, lowest] = x.min(1);
    const [, order] = x.sort(1);
    const [best] = x.topk(2);
    expect([lowest.toArray(), order.toArray(), best.toArray()]).toEqual([[0, 1], [[0, 2, 1], [1, 2, 0]], [[3, 2], [6, 5]]]);
  });
});

describe('numbers', () => {
  const code = (expected: string): unknown => expect.objectContaining({ code: expected });

  it('are not guessed from what is none', () => {
    const x = nn.ones(2);
    const text = '1' as unknown as number;
    for (const call of [() => x.fill_(text), () => x.copy_(undefined as never), () => nn.full([2], text), () => x.clamp(text), () => x.sum(text), () => x.sum(true as never)]) {
      expect(call).toThrow(code('CVY_ARG_TYPE'));
    }
    expect(() => x.leakyRelu(text)).toThrow(code('CVY_ARG_VALUE'));
  });

  it('with a fraction make floats of integers', () => {
    const x = nn.tensor(Int32Array.of(0, 2));
    expect(x.clamp(0.5).toArray()).toEqual([0.5, 2]);
    expect(x.clamp(1, Infinity).dtype).toBe('int32');
    expect(where(x.gt(0), x, 0.5).toArray()).toEqual([0.5, 2]);
    expect(where(x.gt(0), x, -1).dtype).toBe('int32');
  });

  it('are what JSON holds of a tensor', () => {
    expect(JSON.stringify({ x: nn.tensor([[1, 2]]), loss: nn.tensor(0.5) })).toBe('{"x":[[1,2]],"loss":0.5}');
  });
});

describe('a scalar', () => {
  it.each([0, -1])('has the axis %i, as in PyTorch', (dim) => {
    const x = nn.tensor(3);
    expect([x.argmax(dim).item(), x.max(dim).values.item(), x.min(dim, true).indices.item(), x.sum(dim).item(), x.prod(dim).item()]).toEqual([0, 3, 0, 3, 3]);
    expect(() => x.sum(1)).toThrow(/axis is 1 but must be an integer from -1 to 0/);
  });
});

describe('circular padding', () => {
  it('wraps around what negative numbers leave', () => {
    const x = nn.tensor([0, 1, 2, 3], [1, 1, 4]);
    expect(pad(x, [2, 3], { mode: 'circular' }).toArray()).toEqual([[[2, 3, 0, 1, 2, 3, 0, 1, 2]]]);
    expect(pad(x, [-1, 2], { mode: 'circular' }).toArray()).toEqual([[[1, 2, 3, 1, 2]]]);
    expect(() => pad(x, [-4, 4], { mode: 'circular' })).toThrow(expect.objectContaining({ code: 'CVY_SHAPE_KERNEL' }));
  });
});

describe('in-place forms', () => {
  it('refuse results of a later dtype, which would lose fractions, but convert what copy_ is given', () => {
    const x = nn.tensor(Int32Array.of(1, 3));
    for (const call of [() => x.add_(0.5), () => x.div_(2), () => x.mul_(nn.ones(2)), () => nn.tensor([true]).add_(1)]) {
      expect(call).toThrow(expect.objectContaining({ code: 'CVY_DTYPE' }));
    }
    expect(x.add_(2).mul_(nn.tensor([true, false])).toArray()).toEqual([3, 0]);
    expect(x.copy_(nn.tensor([1.5, 2])).toArray()).toEqual([1, 2]);
    expect(nn.ones(2).add_(nn.ones(2, { dtype: 'float64' })).dtype).toBe('float32');
  });
});

describe('creation', () => {
  it('takes numbers, nested and typed arrays', () => {
    expect(nn.tensor(3).shape).toEqual([]);
    expect(nn.tensor([[1, 2], [3, 4]]).toArray()).toEqual([[1, 2], [3, 4]]);
    expect(nn.tensor([true, false]).dtype).toBe('bool');
    expect(nn.tensor([true, false]).toArray()).toEqual([true, false]);
    expect(nn.tensor(Int32Array.of(1, 2)).dtype).toBe('int32');
    expect(nn.tensor(Float64Array.of(1, 2)).dtype).toBe('float64');
    expect(nn.tensor(new Float32Array(6), [2, 3]).shape).toEqual([2, 3]);
    expect(nn.tensor(Uint8Array.of(7), [1], { dtype: 'float32' }).toArray()).toEqual([7]);
    expect(nn.tensor([], [0, 3]).toArray()).toEqual([]);
    expect(nn.tensor([1.5], { requiresGrad: true }).requiresGrad).toBe(true);
  });

  it('fills, counts and draws', () => {
    expect(nn.arange(1, 7, 2).toArray()).toEqual([1, 3, 5]);
    expect(nn.arange(3, { dtype: 'int32' }).dtype).toBe('int32');
    expect(nn.eye(2, { dtype: 'float64' }).dtype).toBe('float64');
    expect(nn.eye(2, 3).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]);
    expect(nn.full([2], 7, { dtype: 'int32' }).toArray()).toEqual([7, 7]);
    const drawn = Array.from(nn.randn(10_000).dataSync());
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    const unit = nn.rand(10_000).dataSync();
    expect(Math.min(...unit)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...unit)).toBeLessThan(1);
  });

  it('draws the same for the same seed, and other numbers each time', async () => {
    const [a, b] = [await convoy.nn({ backend: 'cpu-naive', seed: 5 }), await convoy.nn({ backend: 'worker-pool', threads: 2, seed: 5 })];
    const [x, y] = [a.rand(40_000), b.rand(40_000)];
    expect(Buffer.from(x.dataSync().buffer).equals(Buffer.from(y.dataSync().buffer))).toBe(true);
    expect(a.rand(3).toArray()).not.toEqual(x.slice([0, 3]).toArray());
  });
});

describe('reading', () => {
  it('copies: later changes do not show', () => {
    const x = nn.ones(2);
    const data = x.dataSync();
    x.fill_(5);
    expect(Array.from(data)).toEqual([1, 1]);
  });

  it('prints as PyTorch does', () => {
    expect(String(nn.tensor([[19, 25], [37, 43]]))).toBe('tensor([[19., 25.],\n        [37., 43.]])');
    expect(String(nn.tensor([0.5, -1.25]))).toBe('tensor([ 0.5000, -1.2500])');
    expect(String(nn.tensor(Int32Array.of(1, 20)))).toBe('tensor([ 1, 20], dtype=int32)');
    expect(String(nn.ones([1], { requiresGrad: true }).mul(2))).toBe('tensor([2.], gradFn=<mul>)');
    expect(String(nn.tensor([-2e30, 0]))).toBe('tensor([-2.0000e+30,   0.0000e+0])');
    expect(String(nn.arange(2000))).toBe('tensor([   0.,    1.,    2., ..., 1997., 1998., 1999.])');
  });

  it('does not take part in JavaScript arithmetic', () => {
    expect(() => +(nn.ones(1) as never)).toThrow(expect.objectContaining({ code: 'CVY_ARG_TYPE' }));
  });
});

describe('operations', () => {
  it('promotes dtypes as PyTorch does', () => {
    const int = nn.tensor(Int32Array.of(3, 4));
    expect(int.add(1).dtype).toBe('int32');
    expect(int.add(0.5).dtype).toBe('float32');
    expect(int.div(2).toArray()).toEqual([1.5, 2]);
    expect(int.add(nn.ones([2], { dtype: 'float64' })).dtype).toBe('float64');
    expect(nn.tensor([true, true]).sum().item()).toBe(2);
  });

  it('joins, splits and selects', () => {
    const x = nn.arange(6).reshape(2, 3);
    expect(cat([x, x], 1).shape).toEqual([2, 6]);
    expect(stack([x, x]).shape).toEqual([2, 2, 3]);
    expect(x.split([1, 2], 1).map((part: Tensor) => part.toArray())).toEqual([[[0], [3]], [[1, 2], [4, 5]]]);
    expect(x.slice(null, [null, null, -1]).toArray()).toEqual([[2, 1, 0], [5, 4, 3]]);
    expect(x.slice(-1).toArray()).toEqual([3, 4, 5]);
    expect(x.t().toArray()).toEqual([[0, 3], [1, 4], [2, 5]]);
    expect(x.max(1).indices.toArray()).toEqual([2, 2]);
    expect(x.size(-1)).toBe(3);
    expect(where(x.gt(2), x, 0).toArray()).toEqual([[0, 0, 0], [3, 4, 5]]);
    expect(x.mean().item()).toBe(2.5);
  });

  it('handles tensors without elements', () => {
    const none = nn.zeros(0, 3);
    expect(none.add(1).shape).toEqual([0, 3]);
    expect(none.sum().item()).toBe(0);
    expect(none.matmul(nn.ones(3, 2)).shape).toEqual([0, 2]);
    expect(nn.ones(2, 0).matmul(nn.ones(0, 3)).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
  });
});

describe('wrong calls', () => {
  const x = nn.ones(2, 3);
  it.each<[string, () => unknown, string, RegExp]>([
    ['ragged rows', () => nn.tensor([[1, 2], [3]]), 'CVY_SHAPE_NUMEL', /1 elements but the first has 2/],
    ['data and shape', () => nn.tensor([1, 2, 3], [2, 2]), 'CVY_SHAPE_NUMEL', /3 elements but shape \[2, 2\] needs 4/],
    ['bytes without dtype', () => nn.tensor(Uint8Array.of(1)), 'CVY_DTYPE', /a dtype is required/],
    ['unknown option', () => nn.tensor([1], [1], { dtpye: 'int32' } as never), 'CVY_ARG_OPTION', /did you mean 'dtype'/],
    ['unknown dtype', () => nn.zeros([1], { dtype: 'float16' as never }), 'CVY_DTYPE', /float16/],
    ['broadcast', () => x.add(nn.ones(2)), 'CVY_SHAPE_BROADCAST', /a \[2, 3\], b \[2\]/],
    ['matmul', () => x.matmul(x), 'CVY_SHAPE_MISMATCH', /a has 3 columns but b has 2 rows/],
    ['reshape', () => x.reshape(4), 'CVY_SHAPE_NUMEL', /6 elements cannot become 4/],
    ['reshape -1', () => x.reshape(-1, 4), 'CVY_SHAPE_NUMEL', /cannot be divided/],
    ['axis', () => x.sum(2), 'CVY_SHAPE_AXIS', /axis is 2/],
    ['index', () => x.slice(5), 'CVY_SHAPE_AXIS', /index 5 lies outside axis 0 of size 2/],
    ['too many indices', () => x.slice(0, 0, 0), 'CVY_SHAPE_AXIS', /3 indices/],
    ['item', () => x.item(), 'CVY_SHAPE_NUMEL', /6 elements but 1 is required/],
    ['permute', () => x.permute(0, 0), 'CVY_SHAPE_AXIS', /each of 2 axes once/],
    ['cat', () => cat([x, nn.ones(2, 4)]), 'CVY_SHAPE_MISMATCH', /\[2, 3\], \[2, 4\]/],
    ['gather', () => x.gather(1, nn.tensor(Int32Array.of(0, 9), [2, 1])), 'CVY_SHAPE_AXIS', /index 9 at position 1/],
    ['gather dtype', () => x.gather(1, nn.zeros(2, 1)), 'CVY_DTYPE', /int32 is required/],
    ['gradient of integers', () => nn.zeros([1], { dtype: 'int32', requiresGrad: true }), 'CVY_DTYPE', /float32 or float64/],
    ['where condition', () => where(x, x, 0), 'CVY_DTYPE', /condition is float32 but bool/],
    ['operand', () => x.add('1' as never), 'CVY_ARG_TYPE', /string/],
    ['use after dispose', () => { const y = nn.ones(1); y.dispose(); return y.add(1); }, 'CVY_MEMORY_DISPOSED', /tensor \[1\] float32 was disposed/],
  ])('%s', (_name, call, code, message) => {
    expect(call).toThrow(expect.objectContaining({ code }));
    expect(call).toThrow(message);
  });
});
