/** Receptive fields: by arithmetic against published numbers, and against what gradients of random networks measure. */
import { afterAll, describe, expect, it } from 'vitest';
import { cat, createConvoy, featureMaps, influence, maxPool2d, Module, receptiveField, tutorialModel, type NN, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const code = (expected: string, message = /./): unknown => expect.objectContaining({ code: expected, message: expect.stringMatching(message) });

/** First and last index behind it with a gradient, along each axis. */
function nonZero(map: Tensor): number[][] {
  const [height, width] = map.shape;
  const data = map.dataSync();
  const box = [[Infinity, 0], [Infinity, 0]];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Number(data[y * width + x]) === 0) continue;
      [y, x].forEach((index, axis) => (box[axis] = [Math.min(box[axis][0], index), Math.max(box[axis][1], index + 1)]));
    }
  }
  return box[0][0] === Infinity ? [[0, 0], [0, 0]] : box;
}

/** Every element of every layer's map: what arithmetic says and what gradients say. */
function compare(model: Module, shape: number[], batch = 4): number {
  let compared = 0;
  for (const field of receptiveField(model, shape)) {
    if (field.outputShape.length !== 4) continue;
    for (let y = 0; y < field.outputShape[2]; y++) {
      for (let x = 0; x < field.outputShape[3]; x++, compared++) {
        const measured = influence(model, nn.randn([batch, ...shape]), field.name, { at: [y, x] });
        expect(nonZero(measured), `${field.name} ${field.type} at ${y}, ${x}`).toEqual(field.at(y, x));
      }
    }
  }
  return compared;
}

class Residual extends Module {
  readonly stem;
  readonly wide;
  readonly narrow;
  readonly last;
  constructor(own: NN) {
    super();
    this.stem = own.Conv2d(1, 3, 3, { stride: 2, padding: 1 });
    this.wide = own.Sequential(own.Conv2d(3, 3, 3, { padding: 1 }), own.BatchNorm2d(3), own.Tanh(), own.Conv2d(3, 3, 3, { padding: 2, dilation: 2 }));
    this.narrow = own.Conv2d(3, 3, 1);
    this.last = own.Conv2d(6, 1, [2, 1]);
  }
  forward(x: Tensor): Tensor {
    const stem = this.stem.forward(x).tanh();
    const both = this.wide.forward(stem).add(this.narrow.forward(stem)).mul(0.5);
    return this.last.forward(cat([both.sigmoid(), stem], 1));
  }
}

describe('receptiveField', () => {
  it('of pooling to a size and of resizing, element by element', () => {
    const model = nn.Sequential(
      nn.Conv2d(1, 2, 3, { padding: 1 }), nn.Upsample({ scaleFactor: [2, 1.5], mode: 'bilinear' }), nn.Conv2d(2, 2, 2), nn.AdaptiveAvgPool2d([4, 5]), nn.LPPool2d(2, 2, { stride: 1 }),
      nn.UpsamplingNearest2d({ size: [7, 3] }), nn.AdaptiveMaxPool2d([null, 2]), nn.AdaptiveAvgPool2d(1),
    );
    expect(compare(model, [1, 6, 7], 8)).toBeGreaterThan(200);
  });

  it('of the two-layer CNN, by hand', () => {
    const rows = receptiveField(tutorialModel(nn, 'cnn2'), [1, 28, 28]);
    expect(rows.map(({ name, type, size, stride, start }) => [name, type, size[0], stride[1], start[0]])).toEqual([
      ['0', 'Conv2d', 5, 1, -2], ['1', 'ReLU', 5, 1, -2], ['2', 'MaxPool2d', 6, 2, -2],
      ['3', 'Conv2d', 14, 2, -6], ['4', 'ReLU', 14, 2, -6], ['5', 'MaxPool2d', 16, 4, -6],
      ['6', 'Flatten', 16, 4, -6], ['7', 'Linear', 40, 0, -6],
    ]);
    expect(rows[0].outputShape).toEqual([1, 16, 28, 28]);
    expect(rows[5].at(0, 3)).toEqual([[0, 10], [6, 22]]);
    expect(rows[7].at(0, 0)).toEqual([[0, 28], [0, 28]]);
  });

  it('of AlexNet’s and VGG-16’s features is what the paper has (195 and 212)', () => {
    const layer = (k: number, stride: number, padding: number) => nn.Conv2d(1, 1, k, { stride, padding });
    const alex = nn.Sequential(layer(11, 4, 0), nn.MaxPool2d(3, { stride: 2 }), layer(5, 1, 2), nn.MaxPool2d(3, { stride: 2 }), layer(3, 1, 1), layer(3, 1, 1), layer(3, 1, 1), nn.MaxPool2d(3, { stride: 2 }));
    expect(receptiveField(alex, [1, 224, 224]).at(-1)).toMatchObject({ size: [195, 195], stride: [32, 32], start: [-64, -64] });
    const vgg = nn.Sequential(...[2, 2, 3, 3, 3].flatMap((count) => [...Array.from({ length: count }, () => layer(3, 1, 1)), nn.MaxPool2d(2)]));
    expect(receptiveField(vgg, [1, 64, 64]).at(-1)).toMatchObject({ size: [212, 212], stride: [32, 32], start: [-90, -90] });
  });

  it('other on each axis, and in one and three dimensions', () => {
    const model = nn.Sequential(nn.Conv2d(1, 1, [3, 1], { stride: [2, 1], padding: 'valid' }), nn.AvgPool2d([1, 2], { stride: [1, 3], padding: [0, 1] }), nn.Conv2d(1, 1, [1, 4], { padding: 'same' }));
    expect(receptiveField(model, [1, 9, 20]).at(-1)).toMatchObject({ size: [3, 11], stride: [2, 3], start: [0, -4] });
    expect(receptiveField(nn.Sequential(nn.Conv1d(2, 1, 3, { dilation: 4 }), nn.Conv1d(1, 1, 3, { dilation: 2 })), [2, 20])[1]).toMatchObject({ size: [13], stride: [1], start: [0] });
    expect(receptiveField(nn.Sequential(nn.Conv3d(1, 1, [1, 2, 3]), nn.BatchNorm3d(1)), [1, 3, 3, 3])[1]).toMatchObject({ size: [1, 2, 3], stride: [1, 1, 1] });
    expect(receptiveField(nn.Sequential(nn.Softmax(3), nn.Softmax({ dim: 1 })), [2, 4, 6]).map(({ size, stride }) => [size, stride])).toEqual([[[1, 6], [1, 0]], [[1, 6], [1, 0]]]);
    expect(receptiveField(nn.Sequential(nn.Linear(6, 5)), [2, 4, 6])[0]).toMatchObject({ size: [1, 6], stride: [1, 0], start: [0, 0] });
  });

  it('agrees with gradients at every element: padding, stride, dilation, rest at the border', () => {
    const model = nn.Sequential(
      nn.Conv2d(2, 3, 3, { stride: 2, bias: false }), nn.Tanh(), nn.Conv2d(3, 3, [2, 3], { padding: [0, 2], dilation: [1, 2] }), nn.BatchNorm2d(3), nn.AvgPool2d(2, { padding: 1, ceilMode: true }), nn.Conv2d(3, 2, 2),
    );
    expect(compare(model, [2, 12, 11])).toBeGreaterThan(60);
  });

  it('agrees with gradients through maxima and ReLUs, given enough examples', () => {
    compare(nn.Sequential(nn.Conv2d(1, 4, 3, { padding: 1 }), nn.ReLU(), nn.MaxPool2d(3, { stride: 2, padding: 1 }), nn.Conv2d(4, 4, 2)), [1, 7, 8], 80);
  });

  it('agrees with gradients where a model branches', () => {
    const model = new Residual(nn);
    expect(receptiveField(model, [1, 14, 13]).map(({ name, size, stride, start }) => [name, ...size, ...stride, ...start])).toEqual([
      ['stem', 3, 3, 2, 2, -1, -1], ['wide.0', 7, 7, 2, 2, -3, -3], ['wide.1', 7, 7, 2, 2, -3, -3], ['wide.2', 7, 7, 2, 2, -3, -3], ['wide.3', 15, 15, 2, 2, -7, -7],
      ['narrow', 3, 3, 2, 2, -1, -1], ['last', 17, 15, 2, 2, -7, -7],
    ]);
    compare(model, [1, 14, 13]);
  });

  it('agrees with gradients through transposed convolutions: stride, padding, dilation, and outputs that see less than others', () => {
    const model = nn.Sequential(
      nn.Conv2d(1, 2, 3, { stride: 2 }), nn.ConvTranspose2d(2, 2, 3, { stride: 2, padding: 1, outputPadding: 1 }), nn.Tanh(),
      nn.ConvTranspose2d(2, 2, [2, 3], { stride: [3, 1], dilation: [2, 2] }), nn.Conv2d(2, 1, 2),
    );
    expect(receptiveField(model, [1, 7, 6]).map(({ size, stride, start }) => [size, stride, start])).toEqual([
      [[3, 3], [2, 2], [0, 0]], [[5, 5], [1, 1], [0, 0]], [[5, 5], [1, 1], [0, 0]], [[5, 9], [1 / 3, 1], [0, -4]], [[5, 9], [1 / 3, 1], [0, -4]],
    ]);
    compare(model, [1, 7, 6]);
    const up = nn.ConvTranspose1d(1, 1, 1, { stride: 2 });
    expect(receptiveField(up, [1, 3])[0]).toMatchObject({ name: '', size: [1], stride: [0.5], start: [0] });
    expect(receptiveField(up, [1, 3])[0].at(1)).toEqual([[0, 0]]);
  });

  it('follows flatten, users’ layers in a row, parameters and gates', () => {
    class Own extends Module {
      readonly conv = nn.Conv2d(1, 2, 3);
      readonly squeeze = nn.AvgPool2d(6);
      readonly gate = nn.Linear(2, 2);
      readonly gain = nn.parameter(nn.ones(2, 1, 1));
      readonly fc = nn.Linear(72, 3);
      forward(x: Tensor): Tensor {
        const maps = this.conv.forward(x).mul(this.gain).relu();
        const gates = this.gate.forward(this.squeeze.forward(maps).flatten(1)).sigmoid().reshape(-1, 2, 1, 1);
        return this.fc.forward(maps.mul(gates).flatten(1));
      }
    }
    expect(receptiveField(new Own(), [1, 8, 8]).map(({ name, size, stride }) => [name, size[0], stride[0]])).toEqual([['conv', 3, 1], ['squeeze', 8, 6], ['gate', 8, 0], ['fc', 8, 0]]);
  });

  it('knows norms: of the batch and of neighbouring channels pointwise, of the map everything', () => {
    const behind = (...norms: Module[]): unknown => receptiveField(nn.Sequential(nn.Conv2d(1, 4, 3), ...norms), [1, 6, 7]).slice(1).map(({ size, stride, start }) => [size, stride, start]);
    const [local, all, rows] = [[[3, 3], [1, 1], [0, 0]], [[6, 7], [0, 0], [0, 0]], [[3, 7], [1, 0], [0, 0]]];
    expect(behind(nn.BatchNorm2d(4), nn.LocalResponseNorm(3), nn.InstanceNorm2d(4, { trackRunningStats: true }))).toEqual([local, local, local]);
    expect(behind(nn.InstanceNorm2d(4), nn.Conv2d(4, 4, 2), nn.ReLU())).toEqual([all, all, all]);
    expect(behind(nn.GroupNorm(2, 4))).toEqual([all]);
    expect(behind(nn.LayerNorm([4, 4, 5]))).toEqual([all]);
    expect(behind(nn.LayerNorm(5))).toEqual([rows]);
    expect(behind(nn.Flatten(), nn.LayerNorm(80))).toEqual([local, all]);
    compare(nn.Sequential(nn.Conv2d(1, 4, 3), nn.LayerNorm(3), nn.Conv2d(4, 4, 2), nn.LocalResponseNorm(3)), [1, 5, 5]);
    compare(nn.Sequential(nn.Conv2d(1, 4, 3), nn.InstanceNorm2d(4), nn.Conv2d(4, 4, 2)), [1, 6, 5]);
  });

  it('agrees with gradients through pooling of every kind, resizing and shuffles', () => {
    const tried: [Module, number[]][] = [
      [nn.Sequential(nn.Conv2d(1, 2, 3), nn.LPPool2d(2, [2, 3], { stride: [1, 2], ceilMode: true }), nn.AdaptiveAvgPool2d([3, 2]), nn.Conv2d(2, 1, 2)), [1, 9, 11]],
      [nn.Sequential(nn.Conv2d(1, 2, 3, { stride: 2 }), nn.Upsample({ scaleFactor: 2 }), nn.Conv2d(2, 1, 3)), [1, 9, 8]],
      [nn.Sequential(nn.Upsample({ scaleFactor: [2, 1.5], mode: 'bilinear' }), nn.Conv2d(1, 1, 2)), [1, 4, 5]],
      [nn.Sequential(nn.AvgPool2d(2), nn.Upsample({ size: [7, 9], mode: 'bicubic', alignCorners: true }), nn.Conv2d(1, 1, 2)), [1, 6, 8]],
      [nn.Sequential(nn.Conv2d(1, 4, 3), nn.PixelShuffle(2), nn.Conv2d(1, 2, 3), nn.PixelUnshuffle(2), nn.ChannelShuffle(2)), [1, 6, 6]],
    ];
    for (const [model, shape] of tried) compare(model, shape);
    const sizes = (model: Module, shape: number[]): unknown => receptiveField(model, shape).map(({ size, stride, start }) => [size[0], stride[0], start[0]]);
    expect(sizes(nn.Sequential(nn.Conv1d(1, 1, 3, { stride: 2 }), nn.MaxPool1d(2), nn.Upsample({ scaleFactor: 4 }), nn.Conv1d(1, 1, 3, { padding: 1 })), [1, 21])).toEqual([[3, 2, 0], [5, 4, 0], [5, 1, 0], [9, 1, -4]]);
    expect(sizes(nn.Sequential(nn.Conv3d(1, 1, 2), nn.AdaptiveMaxPool3d(1)), [1, 4, 4, 4])).toEqual([[2, 1, 0], [4, 3, 0]]);
  });

  it('knows padding layers, decoders behind a linear layer, and lazy layers', () => {
    compare(nn.Sequential(nn.ZeroPad2d([1, 2, 0, 3]), nn.Conv2d(1, 1, 3), nn.ConstantPad2d([0, 1, 2, 0], 5), nn.Conv2d(1, 1, 2)), [1, 5, 6]);
    const rows = (model: Module, shape: number[]): unknown => receptiveField(model, shape).map(({ size, stride, start }) => [size, stride, start]);
    const lazy = nn.Sequential(nn.ReflectionPad1d([2, 1]), nn.LazyConv1d(3, 3));
    expect(() => receptiveField(lazy, [1, 6])).toThrow(code('CVY_ARG_VALUE', /no weights yet .*call forward once/));
    lazy.forward(nn.ones(1, 1, 6));
    expect(rows(lazy, [1, 6])).toEqual([[[1], [1], [-2]], [[3], [1], [-2]]]);
    const decoder = nn.Sequential(nn.Flatten(), nn.Linear(24, 8), nn.Unflatten(1, [2, 2, 2]), nn.ConvTranspose2d(2, 1, 2, { stride: 2 }));
    expect((rows(decoder, [1, 4, 6]) as unknown[]).slice(1)).toEqual([[[4, 6], [0, 0], [0, 0]], [[4, 6], [0, 0], [0, 0]], [[4, 6], [0, 0], [0, 0]]]);
    compare(decoder, [1, 4, 6]);
    expect(() => receptiveField(nn.Sequential(nn.Flatten(), nn.Unflatten(1, [1, 4, 6])), [1, 4, 6])).toThrow(code('CVY_ARG_VALUE', /Unflatten follows on/));
  });

  it('follows maxima to where they came from, and through their positions', () => {
    class Unpooled extends Module {
      readonly conv = nn.Conv2d(1, 1, 3, { padding: 1 });
      readonly pool = nn.MaxPool2d(2, { returnIndices: true });
      readonly unpool = nn.MaxUnpool2d(2);
      readonly last = nn.Conv2d(1, 1, 3);
      forward(x: Tensor): Tensor {
        const [y, indices] = this.pool.forward(this.conv.forward(x));
        return this.last.forward(this.unpool.forward(y, indices));
      }
    }
    expect(receptiveField(new Unpooled(), [1, 8, 8]).map(({ name, size, stride, start }) => [name, size[0], stride[0], start[0]])).toEqual([['conv', 3, 1, -1], ['pool', 4, 2, -1], ['unpool', 4, 1, -1], ['last', 6, 1, -1]]);
  });

  it('passes every activation and dropout', () => {
    const layers = [
      nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.LeakyReLU(), nn.Softplus(), nn.Softmax(1), nn.LogSoftmax(1), nn.Softmin(1), nn.Softmax2d(), nn.PReLU(), nn.PReLU(4), nn.RReLU(), nn.ReLU6(), nn.Hardswish(),
      nn.Hardsigmoid(), nn.Hardtanh(), nn.Hardshrink(), nn.Softshrink(), nn.Threshold(0.1, 2), nn.ELU(), nn.SELU(), nn.CELU(), nn.GELU(), nn.GELU({ approximate: 'tanh' }), nn.SiLU(), nn.Mish(), nn.LogSigmoid(),
      nn.Softsign(), nn.Tanhshrink(), nn.GLU(1), nn.Dropout(), nn.Dropout2d(), nn.AlphaDropout(), nn.FeatureAlphaDropout(), nn.Identity(),
    ];
    for (const layer of layers) {
      const [, row, last] = receptiveField(nn.Sequential(nn.Conv2d(1, 4, 3), layer, nn.MaxPool2d(2)), [1, 6, 7]);
      expect([row.type, row.size, row.stride, row.start]).toEqual([layer.constructor.name, [3, 3], [1, 1], [0, 0]]);
      expect(last.size).toEqual([4, 4]);
    }
    expect(receptiveField(nn.GLU(), [2, 3, 8])[0]).toMatchObject({ outputShape: [1, 2, 3, 4], size: [1, 5], stride: [1, 1], start: [0, 0] });
    expect(() => receptiveField(nn.Sequential(nn.Flatten(), nn.GLU()), [2, 3, 8])).toThrow(code('CVY_ARG_VALUE', /GLU follows on/));
  });

  it('refuses what it cannot follow, by name', () => {
    class Between extends Module {
      readonly first = nn.Conv2d(1, 2, 3, { padding: 1 });
      readonly half = nn.Conv2d(1, 2, 3, { padding: 1, stride: 2 });
      readonly second;
      constructor(readonly between: (model: Between, x: Tensor) => Tensor, channels = 2) {
        super();
        this.second = nn.Conv2d(channels, 1, 1);
      }
      forward(x: Tensor): Tensor {
        return this.second.forward(this.between(this, x));
      }
    }
    const tried = (between: (model: Between, x: Tensor) => Tensor, channels?: number) => () => receptiveField(new Between(between, channels), [1, 8, 8]);
    expect(tried(({ first }, x) => maxPool2d(first.forward(x), 2))).toThrow(code('CVY_ARG_VALUE', /layer 'second' Conv2d meets the output of maxPool .*influence/));
    expect(tried(({ first }, x) => cat([first.forward(x), first.forward(x)], 2))).toThrow(code('CVY_ARG_VALUE', /a map of 16×8 where one of 8×8 is expected/));
    expect(tried(({ first }, x) => first.forward(x).detach())).toThrow(code('CVY_ARG_VALUE', /no way from the input/));
    expect(tried(({ first }, x) => first.forward(x).flatten(2).reshape(-1, 2, 8, 8))).toThrow(code('CVY_ARG_VALUE', /follows on what is no map any more/));
    expect(tried(({ first }, x) => first.forward(x).transpose(2, 3))).toThrow(code('CVY_ARG_VALUE', /the output of permute/));
    expect(tried(({ half, first }, x) => half.forward(first.forward(x).slice(null, [0, 1])).add(half.forward(x)))).toThrow(code('CVY_ARG_VALUE', /the output of slice/));
    const unequal = nn.Sequential(nn.Conv2d(1, 2, 1, { stride: 2 }), nn.Conv2d(2, 2, 1));
    class Misaligned extends Module {
      readonly left = unequal;
      readonly right = nn.Conv2d(1, 2, 5);
      readonly last = nn.Conv2d(2, 1, 1);
      forward(x: Tensor): Tensor {
        return this.last.forward(this.left.forward(x).add(this.right.forward(x)));
      }
    }
    expect(() => receptiveField(new Misaligned(), [1, 8, 8])).toThrow(code('CVY_ARG_VALUE', /add of maps that do not lie on top of each other \(4 at stride 2 × 4 at stride 2; 4 at stride 1/));
    expect(() => receptiveField(nn.ReLU(), [3])).toThrow(code('CVY_SHAPE_RANK', /inputShape has 1 axes/));
    expect(() => receptiveField(nn.Sequential(nn.Conv2d(2, 1, 1)), [1, 8, 8])).toThrow(code('CVY_SHAPE_CHANNELS'));
    const [row] = receptiveField(nn.Sequential(nn.Conv2d(1, 1, 3)), [1, 8, 8]);
    for (const indices of [[0], [6, 0], [-1, 0], [0.5, 0]]) expect(() => row.at(...indices)).toThrow(code('CVY_SHAPE_AXIS', /layer '0'/));
  });

  it('leaves no trace', () => {
    const model = tutorialModel(nn, 'cnn2bn');
    const state = (): unknown => [model.modules().map((m) => [m.training, Object.hasOwn(m, 'forward')]), model.parameters().map((p) => p.grad), convoy.memory().liveTensors, convoy.memory().bytesInUse];
    const before = state();
    receptiveField(model, [1, 28, 28]);
    expect(state()).toEqual(before);
    expect(() => receptiveField(model, [3, 28, 28])).toThrow(code('CVY_SHAPE_CHANNELS'));
    expect(state()).toEqual(before);
    const input = nn.rand(2, 1, 28, 28);
    const with_ = state();
    featureMaps(model, input, '4').dispose();
    expect(state()).toEqual(with_);
    influence(model, input, '4').dispose();
    expect(model.parameters().every((p) => p.grad === null) && model.training).toBe(true);
  });
});
