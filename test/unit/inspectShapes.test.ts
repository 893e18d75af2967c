/** Output sizes held against what the operations put out, and a convolution against its matrix, in whole numbers. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  conv1d, conv2d, conv3d, convMatrix, convOutputShape, convTranspose1d, convTranspose2d, convTranspose3d, convTransposeOutputShape, createConvoy, gradcheck,
  maxPool1d, maxPool2d, maxPool3d, poolOutputShape, type Tensor,
} from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const code = (expected: string, message = /./): unknown => expect.objectContaining({ code: expected, message: expect.stringMatching(message) });
const convs = [conv1d, conv2d, conv3d];
const transposed = [convTranspose1d, convTranspose2d, convTranspose3d];
const pools = [maxPool1d, maxPool2d, maxPool3d];
/** Whole numbers from −3 to 3 without a pattern. */
const whole = (shape: number[], seed = 1): Tensor => nn.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (((i + seed) * 2654435761) >>> 8) % 7 - 3), shape);

describe('output shapes', () => {
  it('of convolutions are what conv1d, conv2d and conv3d put out', () => {
    expect(convOutputShape([28, 28], 5, { padding: 2 })).toEqual([28, 28]);
    expect(convOutputShape([32, 32], 3, { stride: 2, padding: 1 })).toEqual([16, 16]);
    const cases: [number[], number | number[], Parameters<typeof convOutputShape>[2]][] = [
      [[9], 3, {}], [[9], [4], { stride: 3, dilation: 2 }], [[9], 4, { padding: 'same' }], [[9, 7], [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 3] }],
      [[8, 8], 3, { padding: 'valid' }], [[8, 5], [2, 4], { padding: 'same', dilation: 2 }], [[5, 6, 7], [1, 2, 3], { stride: [1, 2, 3], padding: 1 }], [[4, 4, 4], 4, {}],
    ];
    for (const [input, kernel, options] of cases) {
      const kernels = typeof kernel === 'number' ? input.map(() => kernel) : kernel;
      expect(convOutputShape(input, kernel, options)).toEqual(convs[input.length - 1](nn.zeros([1, 1, ...input]), nn.zeros([1, 1, ...kernels]), null, options).shape.slice(2));
    }
  });

  it('of transposed convolutions', () => {
    expect(convTransposeOutputShape([32, 32], 3, { stride: 2, padding: 1, outputPadding: 1 })).toEqual([64, 64]);
    const cases: [number[], number[], Parameters<typeof convTransposeOutputShape>[2]][] = [
      [[5], [3], {}], [[5], [4], { stride: 3, outputPadding: 2 }], [[4, 5], [3, 2], { stride: [2, 3], padding: [1, 0], outputPadding: [0, 2], dilation: [2, 1] }], [[2, 3, 4], [2, 2, 2], { stride: 2 }],
    ];
    for (const [input, kernel, options] of cases) {
      expect(convTransposeOutputShape(input, kernel, options)).toEqual(transposed[input.length - 1](nn.zeros([1, 1, ...input]), nn.zeros([1, 1, ...kernel]), null, options).shape.slice(2));
    }
  });

  it('of pooling', () => {
    expect(poolOutputShape([28, 28], 2)).toEqual([14, 14]);
    const cases: [number[], number | number[], Parameters<typeof poolOutputShape>[2]][] = [
      [[7], 2, { ceilMode: true }], [[7], 3, { stride: 2, padding: 1 }], [[9, 5], [3, 2], { stride: [2, 1], dilation: [2, 1], ceilMode: true }], [[4, 5, 6], 2, { padding: 1 }], [[5], 2, { stride: 3, padding: 1, ceilMode: true }],
    ];
    for (const [input, kernel, options] of cases) expect(poolOutputShape(input, kernel, options)).toEqual(pools[input.length - 1](nn.zeros([1, 1, ...input]), kernel, options).shape.slice(2));
  });

  it('say what is wrong', () => {
    expect(() => convOutputShape([1, 3, 28, 28], 5)).toThrow(code('CVY_ARG_VALUE', /has 4 sizes .*leave out batch and channels/));
    expect(() => convOutputShape([], 5)).toThrow(code('CVY_ARG_VALUE'));
    expect(() => convOutputShape([4, 4], 5)).toThrow(code('CVY_SHAPE_KERNEL', /^convOutputShape: padded input is 4×4 but the kernel spans 5×5/));
    expect(() => convOutputShape([4, 4], [2, 2, 2])).toThrow(code('CVY_ARG_VALUE', /kernelSize/));
    expect(() => convOutputShape([4, 4], 2, { padding: 'same', stride: 2 })).toThrow(code('CVY_ARG_VALUE', /same/));
    expect(() => convOutputShape([4, 4], 2, { ceilMode: true } as never)).toThrow(code('CVY_ARG_OPTION'));
    expect(() => convTransposeOutputShape([4], 2, { padding: 'same' } as never)).toThrow(code('CVY_ARG_VALUE', /padding is same/));
    expect(() => convTransposeOutputShape([4], 2, { outputPadding: 1 })).toThrow(code('CVY_ARG_VALUE', /outputPadding is \[1\]/));
    expect(() => convTransposeOutputShape([1], 2, { padding: 1 })).toThrow(code('CVY_SHAPE_KERNEL'));
    expect(() => poolOutputShape([4], 2, { padding: 2 })).toThrow(code('CVY_ARG_VALUE', /half of the window/));
    expect(() => poolOutputShape([4], 2, { ceilMode: 1 } as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => poolOutputShape([4], 5)).toThrow(code('CVY_SHAPE_KERNEL'));
  });
});

describe('convMatrix', () => {
  it('of a 2×2 kernel over 3×3 is the matrix of the textbooks', () => {
    const matrix = convMatrix(nn.tensor([[[[1, 2], [3, 4]]]]), [1, 3, 3]);
    expect(matrix.dense().toArray()).toEqual([
      [1, 2, 0, 3, 4, 0, 0, 0, 0],
      [0, 1, 2, 0, 3, 4, 0, 0, 0],
      [0, 0, 0, 1, 2, 0, 3, 4, 0],
      [0, 0, 0, 0, 1, 2, 0, 3, 4],
    ]);
    expect(matrix.shape).toEqual([4, 9]);
    expect(matrix.outputShape).toEqual([1, 2, 2]);
    expect([...matrix.rows]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
    expect([...matrix.columns.subarray(12)]).toEqual([4, 5, 7, 8]);
    expect([...matrix.values.subarray(12)]).toEqual([1, 2, 3, 4]);
    expect([...matrix.sources.subarray(12)]).toEqual([0, 1, 2, 3]);
  });

  const cases: [name: string, weight: number[], input: number[], options: Parameters<typeof convMatrix>[2], outputPadding?: number | number[]][] = [
    ['1d', [2, 3, 3], [3, 8], {}],
    ['1d, strided, dilated and padded', [2, 1, 3], [1, 9], { stride: 2, dilation: 2, padding: 2 }],
    ['1d, even kernel, same', [1, 1, 4], [1, 6], { padding: 'same' }],
    ['2d, channels', [3, 2, 2, 3], [2, 4, 5], { padding: 1 }],
    ['2d, other on each axis', [2, 2, 3, 2], [2, 7, 6], { stride: [2, 1], padding: [1, 0], dilation: [1, 3] }],
    ['2d, stride that leaves a rest', [1, 1, 2, 2], [1, 5, 6], { stride: 3 }, [0, 1]],
    ['2d, groups', [4, 1, 3, 3], [2, 5, 4], { groups: 2, padding: 1, stride: 2 }, [0, 1]],
    ['3d', [2, 1, 2, 1, 3], [2, 3, 2, 4], { groups: 2, padding: [1, 0, 1], stride: [2, 1, 1] }, [1, 0, 0]],
  ];

  it.each(cases)('%s: C·x is the convolution and Cᵀ·y the transposed one, to the bit', (_, shape, input, options, outputPadding = 0) => {
    const [weight, x] = [whole(shape), whole(input, 50)];
    const axes = shape.length - 2;
    const matrix = convMatrix(weight, input, options);
    const dense = matrix.dense();
    expect(dense.shape).toEqual(matrix.shape);
    const y = convs[axes - 1](x.unsqueeze(0), weight, null, options);
    expect(matrix.outputShape).toEqual(y.shape.slice(1));
    expect(dense.matmul(x.reshape(-1)).toArray()).toEqual(y.reshape(-1).toArray());
    const sparse = new Array<number>(matrix.shape[0]).fill(0);
    matrix.rows.forEach((row, i) => (sparse[row] += matrix.values[i] * Number(x.reshape(-1).dataSync()[matrix.columns[i]])));
    expect(sparse).toEqual(y.reshape(-1).toArray());
    if (options?.padding === 'same') return;
    const back = transposed[axes - 1](y, weight, null, { ...options, outputPadding } as never);
    expect(back.shape.slice(1)).toEqual(input);
    expect(dense.t().matmul(y.reshape(-1)).toArray()).toEqual(back.reshape(-1).toArray());
  });

  it('has gradients', () => {
    const weight = nn.rand([2, 1, 2, 2], { dtype: 'float64', requiresGrad: true });
    expect(gradcheck((w: Tensor) => convMatrix(w, [2, 3, 3], { groups: 2, padding: 1 }).dense(), [weight])).toBe(true);
  });

  it('says what is wrong', () => {
    expect(() => convMatrix(nn.ones(2, 2), [1, 3, 3])).toThrow(code('CVY_SHAPE_RANK', /weight has 2 axes/));
    expect(() => convMatrix(nn.ones(1, 1, 2, 2), [3, 3])).toThrow(code('CVY_SHAPE_RANK', /input has 3 axes/));
    expect(() => convMatrix(nn.ones(1, 2, 2, 2), [1, 3, 3])).toThrow(code('CVY_SHAPE_CHANNELS'));
    expect(() => convMatrix(nn.ones(1, 1, 4, 4), [1, 3, 3])).toThrow(code('CVY_SHAPE_KERNEL'));
    expect(() => convMatrix(nn.ones(1, 1, 2, 2), [1, 3, 3], { paddingMode: 'zeros' } as never)).toThrow(code('CVY_ARG_OPTION'));
    expect(() => convMatrix(nn.tensor([[[1]]], { dtype: 'int32' }), [1, 3])).toThrow(code('CVY_DTYPE'));
  });
});
