/** The naive kernels of layers, losses and optimizers against direct formulas; gradients of smooth ops against finite differences. */
import { describe, expect, it } from 'vitest';
import { kernels } from '../../dist/backends/cpu-naive/kernels.js';
import { BLOCK, normalAt, uniformAt } from '../../dist/src/backend/index.js';
import type { DType, OpName, TypedArray } from '../../dist/src/backend/index.js';
import { array, call, difference, ints, out, range, type Operand } from '../helpers/kernels.js';

const FLOATS = ['float32', 'float64'] as const;
const run = (op: OpName, dtype: DType, ...operands: Operand[]): TypedArray[] => call(kernels, op, dtype, ...operands);

type Triple = [number, number, number];
interface ConvCase { n: number; groups: number; cin: number; cout: number; i: Triple; k: Triple; s?: Triple; p?: Triple; d?: Triple }

describe('convolution', () => {
  const cases: ConvCase[] = [
    { n: 1, groups: 1, cin: 1, cout: 1, i: [1, 1, 1], k: [1, 1, 1] },
    { n: 2, groups: 1, cin: 3, cout: 4, i: [1, 7, 5], k: [1, 3, 3] },
    { n: 2, groups: 1, cin: 2, cout: 3, i: [1, 9, 11], k: [1, 3, 2], s: [1, 2, 3], p: [0, 2, 1] },
    { n: 1, groups: 2, cin: 4, cout: 6, i: [1, 11, 13], k: [1, 3, 3], s: [1, 2, 1], p: [0, 1, 3], d: [1, 2, 3] },
    { n: 3, groups: 6, cin: 6, cout: 6, i: [1, 5, 6], k: [1, 3, 3], p: [0, 1, 1] },
    { n: 2, groups: 3, cin: 3, cout: 9, i: [1, 1, 17], k: [1, 1, 5], s: [1, 1, 2], p: [0, 0, 2], d: [1, 1, 2] },
    { n: 2, groups: 1, cin: 2, cout: 2, i: [4, 5, 6], k: [2, 3, 2], s: [2, 1, 3], p: [1, 1, 1], d: [1, 2, 1] },
    // Strides that share a factor with the dilation, windows wholly within the padding, inputs that no window reaches.
    { n: 1, groups: 1, cin: 2, cout: 2, i: [1, 13, 10], k: [1, 3, 2], s: [1, 4, 6], p: [0, 3, 2], d: [1, 2, 4] },
    { n: 1, groups: 1, cin: 1, cout: 2, i: [1, 3, 3], k: [1, 2, 2], p: [0, 4, 3] },
    { n: 1, groups: 1, cin: 2, cout: 1, i: [1, 8, 9], k: [1, 2, 3], s: [1, 3, 4] },
    { n: 0, groups: 1, cin: 2, cout: 3, i: [1, 4, 4], k: [1, 3, 3] },
  ];
  it.each(cases)('and its gradients: $n × $cin → $cout of $groups groups, input $i, kernel $k', (c) => {
    const { n, groups, cin, cout, i, k, s = [1, 1, 1], p = [0, 0, 0], d = [1, 1, 1] } = c;
    const o = i.map((size, r) => Math.floor((size + 2 * p[r] - d[r] * (k[r] - 1) - 1) / s[r]) + 1) as Triple;
    const size = (t: Triple): number => t[0] * t[1] * t[2];
    const split = (e: number, t: Triple): Triple => [Math.floor(e / (t[1] * t[2])), Math.floor(e / t[2]) % t[1], e % t[2]];
    const geometry = [n, groups, cin, cout, ...i, ...k, ...o, ...s, ...p, ...d];
    for (const dtype of FLOATS) {
      const [x, g] = [ints(dtype, n * cin * size(i), 1), ints(dtype, n * cout * size(o), 3)];
      const [w, bOut, bIn] = [ints(dtype, (cout * cin / groups) * size(k), 2), ints(dtype, cout, 4), ints(dtype, cin, 5)];
      const y = range(g.length).map((e) => bOut[Math.floor(e / size(o)) % cout]);
      const gx = new Array<number>(x.length).fill(0);
      const gw = new Array<number>(w.length).fill(0);
      // Every product of the definition once, with its bounds checked one by one.
      for (let yAt = 0; yAt < g.length; yAt++) {
        const channel = Math.floor(yAt / size(o)) % cout;
        const image = Math.floor(yAt / size(o) / cout);
        const position = split(yAt % size(o), o);
        for (let c = 0; c < cin / groups; c++) {
          for (let tap = 0; tap < size(k); tap++) {
            const source = split(tap, k).map((t, r) => position[r] * s[r] - p[r] + t * d[r]);
            if (source.some((at, r) => at < 0 || at >= i[r])) continue;
            const inChannel = Math.floor(channel / (cout / groups)) * (cin / groups) + c;
            const xAt = (image * cin + inChannel) * size(i) + (source[0] * i[1] + source[1]) * i[2] + source[2];
            const wAt = (channel * (cin / groups) + c) * size(k) + tap;
            y[yAt] += x[xAt] * w[wAt];
            gx[xAt] += g[yAt] * w[wAt];
            gw[wAt] += g[yAt] * x[xAt];
          }
        }
      }
      expect(difference(run('conv', dtype, x, w, bOut, out(y.length), ...geometry)[0], y)).toBeNull();
      expect(difference(
        run('conv', dtype, x, w, null, out(y.length), ...geometry)[0],
        y.map((v, e) => v - bOut[Math.floor(e / size(o)) % cout]),
      )).toBeNull();
      expect(difference(run('convGradInput', dtype, g, w, null, out(gx.length), ...geometry)[0], gx)).toBeNull();
      expect(difference(
        run('convGradInput', dtype, g, w, bIn, out(gx.length), ...geometry)[0],
        gx.map((v, e) => v + bIn[Math.floor(e / size(i)) % cin]),
      )).toBeNull();
      expect(difference(run('convGradWeight', dtype, x, g, out(gw.length), ...geometry)[0], gw)).toBeNull();
    }
  });
});

describe('pooling', () => {
  interface PoolCase { nc: number; i: Triple; k: Triple; o: Triple; s: Triple; p?: Triple; d?: Triple }
  const cases: PoolCase[] = [
    { nc: 1, i: [1, 1, 1], k: [1, 1, 1], o: [1, 1, 1], s: [1, 1, 1] },
    { nc: 6, i: [1, 8, 8], k: [1, 2, 2], o: [1, 4, 4], s: [1, 2, 2] },
    { nc: 5, i: [1, 7, 9], k: [1, 3, 3], o: [1, 4, 5], s: [1, 2, 2], p: [0, 1, 1] },
    // Ceil mode: the last window reaches beyond the padding behind.
    { nc: 3, i: [1, 7, 8], k: [1, 3, 3], o: [1, 4, 4], s: [1, 2, 2], p: [0, 1, 0] },
    { nc: 3, i: [1, 6, 6], k: [1, 3, 2], o: [1, 4, 3], s: [1, 2, 3], p: [0, 1, 1] },
    { nc: 2, i: [4, 5, 6], k: [2, 3, 2], o: [3, 5, 4], s: [2, 1, 2], p: [1, 1, 1] },
    { nc: 0, i: [1, 4, 4], k: [1, 2, 2], o: [1, 2, 2], s: [1, 2, 2] },
  ];
  const dilated: PoolCase[] = [
    { nc: 3, i: [1, 11, 9], k: [1, 3, 2], o: [1, 4, 5], s: [1, 2, 1], p: [0, 1, 0], d: [1, 2, 4] },
    // The second window has taps 1 − 2 and 1 + 2 only, both outside.
    { nc: 1, i: [1, 1, 2], k: [1, 1, 2], o: [1, 1, 2], s: [1, 1, 1], p: [0, 0, 2], d: [1, 1, 4] },
  ];
  /** Input positions of each output's window, nothing clipped. */
  const windows = ({ k, o, s, p = [0, 0, 0], d = [1, 1, 1] }: PoolCase): Triple[][] =>
    range(o[0] * o[1] * o[2]).map((e) => {
      const at = [Math.floor(e / (o[1] * o[2])), Math.floor(e / o[2]) % o[1], e % o[2]];
      return range(k[0] * k[1] * k[2]).map((t) => [Math.floor(t / (k[1] * k[2])), Math.floor(t / k[2]) % k[1], t % k[2]]
        .map((tap, r) => at[r] * s[r] - p[r] + tap * d[r]) as Triple);
    });
  const geometry = ({ nc, i, k, o, s, p = [0, 0, 0], d = [1, 1, 1] }: PoolCase): number[] => [nc, ...i, ...k, ...o, ...s, ...p, ...d];
  const flat = (c: PoolCase, at: Triple): number =>
    (at.every((v, r) => v >= 0 && v < c.i[r]) ? (at[0] * c.i[1] + at[1]) * c.i[2] + at[2] : -1);

  it.each([...cases, ...dilated])('maxPool of $i by $k', (c) => {
    const [plane, outputs] = [c.i[0] * c.i[1] * c.i[2], windows(c)];
    for (const dtype of FLOATS) {
      const x = ints(dtype, c.nc * plane);
      const [y, indices] = run('maxPool', dtype, x, out(c.nc * outputs.length), out(c.nc * outputs.length), ...geometry(c));
      range(c.nc * outputs.length).forEach((e) => {
        const base = Math.floor(e / outputs.length) * plane;
        const inside = outputs[e % outputs.length].map((at) => flat(c, at)).filter((at) => at >= 0);
        const most = Math.max(...inside.map((at) => x[base + at]));
        expect([y[e], indices[e]]).toEqual([most, inside.find((at) => x[base + at] === most) ?? -1]);
      });
    }
  });

  it('maxPool lets NaN win and -Infinity be chosen', () => {
    const shape = geometry({ nc: 1, i: [1, 1, 4], k: [1, 1, 4], o: [1, 1, 1], s: [1, 1, 1] });
    const pool = (xs: number[]): TypedArray[] => run('maxPool', 'float32', array('float32', xs), out(1), out(1), ...shape);
    expect(pool([1, NaN, 3, 2]).map(([v]) => v)).toEqual([NaN, 1]);
    expect(pool([NaN, NaN, NaN, 2]).map(([v]) => v)).toEqual([NaN, 2]);
    expect(pool([-Infinity, -Infinity, -Infinity, -Infinity]).map(([v]) => v)).toEqual([-Infinity, 0]);
  });

  it.each(cases)('avgPool and its gradient of $i by $k', (c) => {
    const [plane, outputs, pad] = [c.i[0] * c.i[1] * c.i[2], windows(c), c.p ?? [0, 0, 0]];
    for (const dtype of FLOATS) {
      for (const [includePad, divisor] of [[0, 0], [1, 0], [0, 7], [1, 4]]) {
        const [x, g] = [ints(dtype, c.nc * plane), ints(dtype, c.nc * outputs.length, 2)];
        const y = new Array<number>(g.length).fill(0);
        const gx = new Array<number>(x.length).fill(0);
        for (let e = 0; e < g.length; e++) {
          const base = Math.floor(e / outputs.length) * plane;
          const window = outputs[e % outputs.length];
          const inside = window.map((at) => flat(c, at)).filter((at) => at >= 0);
          const counted = includePad ? window.filter((at) => at.every((v, r) => v < c.i[r] + pad[r])).length : inside.length;
          for (const at of inside) {
            y[e] += x[base + at];
            gx[base + at] += g[e] / (divisor || counted);
          }
          y[e] /= divisor || counted;
        }
        expect(difference(
          run('avgPool', dtype, x, out(y.length), includePad, divisor, ...geometry(c))[0],
          y, dtype === 'float32' ? 6e-8 : 0,
        )).toBeNull();
        expect(difference(
          run('avgPoolGrad', dtype, g, out(gx.length), includePad, divisor, ...geometry(c))[0],
          gx, dtype === 'float32' ? 2e-7 : 1e-15,
        )).toBeNull();
      }
    }
  });
});

/** Σ g·∂f/∂x by central differences in float64. */
function slopes(f: (x: Float64Array) => ArrayLike<number>, x: Float64Array, g: ArrayLike<number>): number[] {
  const h = 1e-5;
  return range(x.length).map((i) => {
    const [up, down] = [h, -h].map((step) => f(Float64Array.from(x, (v, j) => (j === i ? v + step : v))));
    return range(g.length).reduce((sum, e) => sum + (g[e] * (up[e] - down[e])) / (2 * h), 0);
  });
}

describe('normalisation', () => {
  it.each([[4, 3, 4], [2, 5, 1], [8, 1, 2]])('batchNorm of [%i, %i, %i]', (n, c, s) => {
    const eps = 0.125;
    for (const dtype of FLOATS) {
      const x = ints(dtype, n * c * s);
      const channel = range(c).map((ch) => [...x].filter((_, i) => Math.floor(i / s) % c === ch));
      // Counts are powers of two, so the definition is exact.
      const mean = channel.map((xs) => xs.reduce((a, b) => a + b, 0) / (n * s));
      const variance = channel.map((xs, ch) => xs.reduce((a, b) => a + (b - mean[ch]) ** 2, 0) / (n * s));
      const stats = run('batchNormStats', dtype, x, out(c), out(c), n, c, s);
      expect(difference(stats[0], mean)).toBeNull();
      expect(difference(stats[1], variance)).toBeNull();

      const [gamma, beta] = [ints(dtype, c, 2), ints(dtype, c, 3)];
      const wanted = [...x].map((v, i) => {
        const ch = Math.floor(i / s) % c;
        return [(v - mean[ch]) / Math.sqrt(variance[ch] + eps), ch];
      });
      const tolerance = dtype === 'float32' ? 1e-6 : 1e-14;
      const size = [n, c, s, eps];
      expect(difference(
        run('batchNorm', dtype, x, stats[0], stats[1], gamma, beta, out(x.length), ...size)[0],
        wanted.map(([v, ch]) => v * gamma[ch] + beta[ch]), tolerance,
      )).toBeNull();
      expect(difference(
        run('batchNorm', dtype, x, stats[0], stats[1], null, null, out(x.length), ...size)[0],
        wanted.map(([v]) => v), tolerance,
      )).toBeNull();
    }
  });

  it('batchNormGrad is the slope of batchNorm over its own statistics', () => {
    const [n, c, s, eps] = [3, 2, 5, 0.1];
    const [x, g, gamma] = [ints('float64', n * c * s, 1), ints('float64', n * c * s, 2), ints('float64', c, 3)] as Float64Array[];
    const statistics = (v: Float64Array): TypedArray[] => run('batchNormStats', 'float64', v, out(c), out(c), n, c, s);
    const normal = (v: Float64Array, scale: Float64Array | null): TypedArray =>
      run('batchNorm', 'float64', v, ...statistics(v), scale, null, out(v.length), n, c, s, eps)[0];
    for (const scale of [gamma, null]) {
      const outputs = [out(x.length), out(c), out(c)];
      const [gx, ggamma, gbeta] = run('batchNormGrad', 'float64', x, g, ...statistics(x), scale, ...outputs, n, c, s, eps);
      expect(difference(gx, slopes((v) => normal(v, scale), x, g), 1e-7)).toBeNull();
      expect(difference(ggamma, slopes((v) => normal(x, v), gamma, g), 1e-7)).toBeNull();
      expect(difference(gbeta, range(c).map((ch) => g.reduce((sum, v, i) => sum + (Math.floor(i / s) % c === ch ? v : 0), 0)))).toBeNull();
    }
  });

  it('an empty batch has no statistics but zero gradients', () => {
    const none = new Float32Array(0);
    expect(run('batchNormStats', 'float32', none, out(2), out(2), 0, 2, 3).map((v) => [...v])).toEqual([[NaN, NaN], [NaN, NaN]]);
    const zeros = new Float32Array(2);
    const [, ggamma, gbeta] = run('batchNormGrad', 'float32', none, none, zeros, zeros, null, out(0), out(2), out(2), 0, 2, 3, 0.1);
    expect([...ggamma, ...gbeta]).toEqual([0, 0, 0, 0]);
  });
});

describe('softmax', () => {
  const sizes = [[1, 1, 1], [3, 10, 1], [2, 7, 5], [67, 11, 131], [2, 0, 3], [0, 4, 1]];
  it.each(sizes)('and its logarithm of [%i, %i, %i]', (outer, n, inner) => {
    const x = ints('float64', outer * n * inner);
    const row = (e: number): number[] => range(n).map((j) => Math.floor(e / (n * inner)) * n * inner + j * inner + (e % inner));
    const wanted = [...x].map((v, e) => 1 / row(e).reduce((sum, at) => sum + Math.exp(x[at] - v), 0));
    for (const dtype of FLOATS) {
      const tolerance = dtype === 'float32' ? 1e-6 : 1e-14;
      expect(difference(run('softmax', dtype, array(dtype, x), out(x.length), outer, n, inner)[0], wanted, tolerance)).toBeNull();
      expect(difference(
        run('logSoftmax', dtype, array(dtype, x), out(x.length), outer, n, inner)[0],
        wanted.map(Math.log), tolerance,
      )).toBeNull();
    }
  });

  it('survives large numbers and follows PyTorch with infinities', () => {
    const rows = array('float32', [1000, 1000, 0, -Infinity, -Infinity, -Infinity, Infinity, 1, NaN, 1]);
    expect([...run('softmax', 'float32', rows, out(10), 5, 2, 1)[0]]).toEqual([0.5, 0.5, 1, 0, NaN, NaN, NaN, NaN, NaN, NaN]);
    expect([...run('logSoftmax', 'float32', rows, out(10), 5, 2, 1)[0]].slice(2, 6)).toEqual([0, -Infinity, NaN, NaN]);
  });

  it.each([['softmax', 'softmaxGrad'], ['logSoftmax', 'logSoftmaxGrad']] as const)('%sGrad is its slope', (op, gradOp) => {
    const [outer, n, inner] = [2, 5, 3];
    const [x, g] = [ints('float64', 30, 1).map((v) => v / 4), ints('float64', 30, 2)] as Float64Array[];
    const f = (v: Float64Array): TypedArray => run(op, 'float64', v, out(30), outer, n, inner)[0];
    expect(difference(run(gradOp, 'float64', f(x), g, out(30), outer, n, inner)[0], slopes(f, x, g), 1e-7)).toBeNull();
    expect(run(gradOp, 'float32', new Float32Array(0), new Float32Array(0), out(0), 2, 0, 3)[0]).toHaveLength(0);
  });
});

describe('optimizers', () => {
  // Powers of two throughout, so that every value below is exact.
  const one = (v: number): Float32Array => Float32Array.of(v);
  it('sgdStep in PyTorch’s order', () => {
    /** Options are lr, momentum, dampening, weightDecay, nesterov, first, maximize. */
    const sgd = (momentumIn: number | null, ...options: number[]): number[] => {
      const [input, output] = momentumIn === null ? [null, null] : [one(momentumIn), out(1)];
      return run('sgdStep', 'float32', one(8), one(2), input, out(1), output, 1, ...options).map(([v]) => v);
    };
    expect(sgd(null, 0.5, 0, 0, 0, 0, 1, 0)).toEqual([7]);
    expect(sgd(null, 0.5, 0, 0, 0.25, 0, 1, 0)).toEqual([6]);
    expect(sgd(null, 0.5, 0, 0, 0.25, 0, 1, 1)).toEqual([8]);
    // First step: the gradient itself, undampened, whatever lies in the old momentum.
    expect(sgd(NaN, 0.5, 0.5, 0.75, 0, 0, 1, 0)).toEqual([7, 2]);
    expect(sgd(16, 0.5, 0.5, 0.75, 0, 0, 0, 0)).toEqual([8 - 0.5 * 8.5, 8.5]);
    expect(sgd(16, 0.5, 0.5, 0, 0.25, 1, 0, 0)).toEqual([8 - 0.5 * (4 + 0.5 * 12), 12]);
    const n = BLOCK + 1;
    const many = run('sgdStep', 'float32', new Float32Array(n), new Float32Array(n).fill(1), null, out(n), null, n, 1, 0, 0, 0, 0, 1, 0)[0];
    expect(many).toEqual(new Float32Array(n).fill(-1));
  });

  it('adamStep: bias corrections, amsgrad, both weight decays', () => {
    const adam = (vMax: number | null, m: number, v: number, decay: number, decoupled: number, step: number, maximize = 0): number[] => {
      const [input, output] = vMax === null ? [null, null] : [one(vMax), out(1)];
      return run('adamStep', 'float32', one(8), one(2), one(m), one(v), input, out(1), out(1), out(1), output, 1,
        0.5, 0.5, 0.75, 1, decay, decoupled, step, maximize).map(([x]) => x);
    };
    // m = 1, v = 1; m̂ = 1/½ = 2, v̂ = 1/¼ = 4; 8 − ½·2/(2 + 1).
    expect(difference(adam(null, 0, 0, 0, 0, 1), [8 - 1 / 3, 1, 1], 1e-7)).toBeNull();
    expect(difference(adam(null, 0, 0, 0, 0, 1, 1), [8 + 1 / 3, -1, 1], 1e-7)).toBeNull();
    // Decay 1/4 on the gradient: g = 4, m = 2, v = 4; m̂ = 4, v̂ = 16; 8 − ½·4/5.
    expect(difference(adam(null, 0, 0, 0.25, 0, 1), [7.6, 2, 4], 1e-7)).toBeNull();
    // Decoupled: p = 8 · (1 − ½·¼) = 7, then as without.
    expect(difference(adam(null, 0, 0, 0.25, 1, 1), [7 - 1 / 3, 1, 1], 1e-7)).toBeNull();
    // Second step: m = 3, v = 3 + 1 = 4; m̂ = 3/¾ = 4, v̂ = 4/(7/16).
    expect(difference(adam(null, 4, 4, 0, 0, 2), [8 - (0.5 * 4) / (Math.sqrt(64 / 7) + 1), 3, 4], 1e-7)).toBeNull();
    // The larger of the two maxima counts: v̂ = 28/(7/16) = 64.
    expect(difference(adam(28, 4, 4, 0, 0, 2), [8 - (0.5 * 4) / 9, 3, 4, 28], 1e-7)).toBeNull();
    expect(difference(adam(1, 4, 4, 0, 0, 2), [8 - (0.5 * 4) / (Math.sqrt(64 / 7) + 1), 3, 4, 4], 1e-7)).toBeNull();
  });
});

describe('random numbers', () => {
  it.each([0, 1, BLOCK + 1])('%i of them depend on seed, stream and number alone', (n) => {
    for (const dtype of FLOATS) {
      expect(difference(run('uniform', dtype, out(n), n, 5, 7, 0, 1)[0], range(n).map((i) => uniformAt(5, 7, i)))).toBeNull();
      const round = dtype === 'float32' ? Math.fround : Number;
      expect(difference(run('normal', dtype, out(n), n, 5, 7, 2, 3)[0], range(n).map((i) => round(2 + 3 * normalAt(5, 7, i))))).toBeNull();
    }
  });

  it('uniform never reaches its upper bound, however narrow', () => {
    // Between 1 and its successor float32 has nothing, so rounding to nearest would give the bound half of the time.
    const next = 1 + 2 ** -23;
    expect(new Set(run('uniform', 'float32', out(100), 100, 1, 2, 1, next)[0])).toEqual(new Set([1]));
    expect([...run('uniform', 'float32', out(2), 2, 1, 2, 3, 3)[0]]).toEqual([3, 3]);
  });
});
