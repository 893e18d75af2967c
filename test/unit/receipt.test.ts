/** The receipt: a line for each kernel that really served, also where the shape decides which one does. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { defineBackend } from '../../dist/src/backend/index.js';
import { createConvoy, noGrad, type NN } from '../../dist/src/index.js';

const named = defineBackend({ name: 'named', api: 1, kernels: new URL('../helpers/namedByArgs.mjs', import.meta.url), extends: 'wasm-simd' });
const convoy = createConvoy({ plugins: [named] });
afterAll(() => convoy.close());
afterEach(() => delete process.env.CONVOY_VALIDATE);

/** Lines about ops whose names match, as `kernel calls`; without the variant, which depends on the Node that runs. */
const lines = (nn: NN, ops: RegExp): string[] =>
  nn.backend.placement().filter(({ op }) => ops.test(op)).map(({ kernel, calls }) => `${kernel.replace(/(_\d+x8)?__\w+$/, '')} ${calls}`);

describe('of convolutions and products', () => {
  it.each([{ backend: 'wasm-simd' }, { backend: 'worker-pool', threads: 2 }])('has a line for each algorithm on %j', async (options) => {
    const nn = await convoy.nn({ ...options, seed: 0 });
    const winograd = nn.Sequential(nn.Conv2d(16, 32, 3, { padding: 1 }), nn.ReLU());
    const x = nn.rand(4, 16, 16, 16).requiresGrad_();
    winograd.forward(x).sum().backward();
    noGrad(() => {
      for (let i = 0; i < 2; i++) nn.Conv2d(16, 32, 3, { padding: 1 }).forward(x);
      nn.Conv2d(16, 32, 3, { stride: 2 }).forward(x);
      nn.Conv2d(16, 16, 3, { groups: 16 }).forward(x);
    });
    expect(lines(nn, /^conv/)).toEqual([
      'f32_convRelu_winograd 1', 'f32_convGradInput_winograd 1', 'f32_convGradWeight_winograd 1',
      'f32_conv_winograd 2', 'f32_conv_direct 1', 'f32_conv_few 1',
    ]);
    nn.rand(20, 30).matmul(nn.rand(30, 20));
    nn.rand(1, 30).matmul(nn.rand(30, 20));
    nn.rand(30, 20).matmul(nn.rand(20, 1));
    expect(lines(nn, /matmul/)).toEqual(['f32_gemm 1', 'f32_gemv 2']);
  });

  it("knows nothing of Winograd under precision 'highest'", async () => {
    const nn = await convoy.nn({ backend: 'wasm-simd', precision: 'highest', seed: 0 });
    noGrad(() => nn.Conv2d(16, 32, 3, { padding: 1 }).forward(nn.rand(4, 16, 16, 16)));
    expect(lines(nn, /^conv/)).toEqual(['f32_conv_direct 1']);
  });
});

describe('of a third party', () => {
  it.each([{ backend: 'named' }, { backend: 'worker-pool', kernels: 'named', threads: 2 }])('asks the kernel for its name on %j, also under CONVOY_VALIDATE and in errors', async (options) => {
    for (const validate of [undefined, 'cpu-naive']) {
      if (validate !== undefined) process.env.CONVOY_VALIDATE = validate;
      const nn = await convoy.nn(options);
      for (const n of [3, 10, 2, 100, 1]) nn.ones(n).relu();
      expect(nn.backend.placement().filter(({ op }) => op === 'relu')).toEqual([
        { op: 'relu', dtype: 'float32', servedBy: 'named', kernel: 'f32_relu_short__js', fallback: false, calls: 3 },
        { op: 'relu', dtype: 'float32', servedBy: 'named', kernel: 'f32_relu_long__js', fallback: false, calls: 2 },
      ]);
      expect(() => nn.ones(13).relu()).toThrow(/^relu: kernel 'f32_relu_long__js' of 'named' threw "unlucky"/);
    }
  });
});
