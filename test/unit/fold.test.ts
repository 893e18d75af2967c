/** Columns of windows, and channels that become pixels: printed forms, the order of elements, inverses, what is refused. */
import { afterAll, describe, expect, it } from 'vitest';
import { channelShuffle, conv2d, createConvoy, fold, pixelShuffle, pixelUnshuffle, unfold } from '../../dist/src/index.js';
import type { Tensor } from '../../dist/src/index.js';
import { list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 1 });
afterAll(() => convoy.close());

const counted = (...shape: number[]): Tensor => nn.arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
const refuses = (what: () => unknown, code: string, message: RegExp): void => {
  expect(what).toThrow(expect.objectContaining({ code }));
  expect(what).toThrow(message);
};

describe('unfold and fold', () => {
  it('has a window’s cells below each other, channel by channel, and windows row by row', () => {
    expect(unfold(counted(2, 2, 3), 2).toArray()).toEqual([[0, 1], [1, 2], [3, 4], [4, 5], [6, 7], [7, 8], [9, 10], [10, 11]]);
    expect(unfold(counted(1, 1, 1, 3), [1, 2], { padding: [0, 1], stride: 2 }).toArray()).toEqual([[[0, 1], [0, 2]]]);
  });

  it('makes a convolution a product of matrices', () => {
    const [x, w] = [nn.randn(2, 3, 6, 5), nn.randn(4, 3, 3, 2)];
    const options = { stride: 2, padding: [2, 1], dilation: [2, 1] };
    const y = conv2d(x, w, null, options);
    list(w.reshape([4, 18]).matmul(unfold(x, [3, 2], options)).reshape(y.shape)).forEach((value, i) => expect(value).toBeCloseTo(list(y)[i], 4));
  });

  it('adds up again, each cell as often as windows cover it', () => {
    const ones = nn.ones(1, 1, 4, 3);
    expect(fold(unfold(ones, 2), [4, 3], 2).toArray()).toEqual([[[[1, 2, 1], [2, 4, 2], [2, 4, 2], [1, 2, 1]]]]);
    const x = counted(3, 4, 6);
    expect(list(fold(unfold(x, [2, 3], { stride: [2, 3] }), [4, 6], [2, 3], { stride: [2, 3] }))).toEqual(list(x));
  });

  it('as layers', () => {
    expect(String(nn.Unfold([3, 2], { padding: 1, stride: [1, 2] }))).toBe('Unfold(kernel_size=(3, 2), dilation=1, padding=1, stride=(1, 2))');
    expect(String(nn.Fold(4, 2, { dilation: 2, padding: 1, stride: 2 }))).toBe('Fold(output_size=4, kernel_size=2, dilation=2, padding=1, stride=2)');
    const x = nn.randn(1, 2, 4, 4);
    expect(list(nn.Fold(4, 2, { stride: 2 }).forward(nn.Unfold(2, { stride: 2 }).forward(x)))).toEqual(list(x));
  });

  it('refuse what does not fit', () => {
    refuses(() => unfold(nn.ones(3, 3), 2), 'CVY_SHAPE_RANK', /^unfold: input has 2 axes but 4 \(or 3 without a batch\) are required \(input \[3, 3\]\)$/);
    refuses(() => unfold(nn.ones(1, 3, 3), 4), 'CVY_SHAPE_KERNEL', /there would be 0×0 windows .*input \[1, 1, 3, 3\], kernelSize \[4, 4\]/);
    refuses(() => fold(nn.ones(1, 5, 4), 3, 2), 'CVY_SHAPE_CHANNELS', /input has 5 rows but a multiple of 4 is required/);
    refuses(() => fold(nn.ones(1, 4, 5), 3, 2), 'CVY_SHAPE_MISMATCH', /input has 5 columns but the output has 2×2 windows/);
    refuses(() => fold(nn.ones(4), 3, 2), 'CVY_SHAPE_RANK', /input has 1 axes/);
    refuses(() => nn.Unfold(2, { strides: 1 } as never), 'CVY_ARG_OPTION', /did you mean 'stride'/);
    refuses(() => nn.Fold([1, 2, 3], 1), 'CVY_ARG_VALUE', /outputSize is \[1, 2, 3\]/);
  });
});

describe('shuffles', () => {
  it('lay r² channels out as pixels, row by row, and back', () => {
    expect(pixelShuffle(counted(4, 1, 2), 2).toArray()).toEqual([[[0, 2, 1, 3], [4, 6, 5, 7]]]);
    const x = counted(2, 2, 18, 2, 3);
    expect(pixelShuffle(x, 3).shape).toEqual([2, 2, 2, 6, 9]);
    expect(list(pixelUnshuffle(pixelShuffle(x, 3), 3))).toEqual(list(x));
  });

  it('take channels of the groups in turn', () => {
    expect(list(channelShuffle(nn.arange(6).reshape([1, 6, 1]), 2))).toEqual([0, 3, 1, 4, 2, 5]);
    expect(nn.ChannelShuffle(3).forward(nn.ones(2, 6, 2, 2, 2)).shape).toEqual([2, 6, 2, 2, 2]);
    expect(nn.ChannelShuffle(3).forward(nn.ones(0, 6, 2)).shape).toEqual([0, 6, 2]);
  });

  it('as layers', () => {
    expect([nn.PixelShuffle(2), nn.PixelUnshuffle({ downscaleFactor: 3 }), nn.ChannelShuffle(2)].map(String)).toEqual(['PixelShuffle(upscale_factor=2)', 'PixelUnshuffle(downscale_factor=3)', 'ChannelShuffle(groups=2)']);
    const x = nn.randn(1, 4, 2, 2);
    expect(list(nn.PixelUnshuffle(2).forward(nn.PixelShuffle(2).forward(x)))).toEqual(list(x));
  });

  it('refuse what does not fit', () => {
    refuses(() => pixelShuffle(nn.ones(3, 2, 2), 2), 'CVY_SHAPE_CHANNELS', /^pixelShuffle: input has 3 channels but a multiple of 2² is required \(input \[3, 2, 2\]\)$/);
    refuses(() => pixelShuffle(nn.ones(4, 2), 2), 'CVY_SHAPE_RANK', /at least 3/);
    refuses(() => pixelUnshuffle(nn.ones(1, 3, 4), 2), 'CVY_SHAPE_KERNEL', /input is 3×4 but both must be multiples of 2/);
    refuses(() => channelShuffle(nn.ones(1, 4, 2), 3), 'CVY_SHAPE_CHANNELS', /a multiple of 3 groups/);
    refuses(() => channelShuffle(nn.ones(4, 2), 2), 'CVY_SHAPE_RANK', /at least 3/);
    refuses(() => nn.PixelShuffle(0), 'CVY_ARG_VALUE', /^PixelShuffle: upscaleFactor is 0 but must be an integer ≥ 1$/);
    refuses(() => nn.ChannelShuffle({ groupss: 2 } as never), 'CVY_ARG_OPTION', /did you mean 'groups'/);
  });
});
