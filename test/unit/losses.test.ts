/** Losses against loops in doubles: every option, gradients by formula and by finite differences, and what they refuse. */
import { afterAll, describe, expect, it } from 'vitest';
import { gradcheck, gradgradcheck, logSoftmax } from '../../dist/src/autograd/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { crossEntropy, mseLoss, nllLoss, type CrossEntropyOptions, type Reduction } from '../../dist/src/nn/index.js';
import type { Tensor } from '../../dist/src/tensor/index.js';
import { closeTo, list } from '../helpers/numbers.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());

const values = (n: number, step = 0.73): number[] => Array.from({ length: n }, (_, i) => ((i * step * 7.13) % 4) - 2);
const f64 = (data: number[], shape: number[], requiresGrad = true): Tensor => nn.tensor(data, shape, { dtype: 'float64', requiresGrad });
const labels = (data: number[], shape = [data.length]): Tensor => nn.tensor(Int32Array.from(data), shape);
const close = closeTo(11);

const [N, C, S] = [3, 4, 2];
const logits = values(N * C * S);
const at = (n: number, c: number, s: number): number => (n * C + c) * S + s;
/** Log-probabilities at [n, c, s]. */
const logp = logits.map((_, i) => {
  const [n, c, s] = [Math.floor(i / (C * S)), Math.floor(i / S) % C, i % S];
  const sum = Array.from({ length: C }, (_e, k) => Math.exp(logits[at(n, k, s)])).reduce((a, b) => a + b);
  return logits[at(n, c, s)] - Math.log(sum);
});
const classWeight = [1, 0.5, 2, 0.25];
const REDUCTIONS: Reduction[] = ['mean', 'sum', 'none'];

/** Cross entropy with labels by the definition: nothing but loops. */
function byLoops(target: number[], weight: number[] | null, ignoreIndex: number, smoothing: number, reduction: Reduction): number[] {
  const losses: number[] = [];
  let total = 0;
  target.forEach((label, position) => {
    const [n, s] = [Math.floor(position / S), position % S];
    if (label === ignoreIndex) {
      losses.push(0);
      return;
    }
    const w = (c: number): number => (weight === null ? 1 : weight[c]);
    let smooth = 0;
    for (let c = 0; c < C; c++) smooth -= w(c) * logp[at(n, c, s)];
    losses.push((1 - smoothing) * -w(label) * logp[at(n, label, s)] + (smoothing / C) * smooth);
    total += w(label);
  });
  const sum = losses.reduce((a, b) => a + b, 0);
  return reduction === 'none' ? losses : [reduction === 'sum' ? sum : sum / total];
}

describe('crossEntropy with labels', () => {
  const target = [0, 3, 2, 2, 1, 0];
  it.each(REDUCTIONS)('%s: weights, ignored positions, smoothing', (reduction) => {
    for (const weight of [null, classWeight]) {
      for (const ignoreIndex of [-100, 2]) {
        for (const labelSmoothing of [0, 0.3, 1]) {
          const options: CrossEntropyOptions = { reduction, ignoreIndex, labelSmoothing, weight: weight && f64(weight, [C], false) };
          const loss = crossEntropy(f64(logits, [N, C, S]), labels(target, [N, S]), options);
          expect(loss.shape).toEqual(reduction === 'none' ? [N, S] : []);
          close(list(loss), byLoops(target, weight, ignoreIndex, labelSmoothing, reduction));
          expect(gradcheck((x) => crossEntropy(x, labels(target, [N, S]), options), f64(logits, [N, C, S]))).toBe(true);
        }
      }
    }
  });

  it('has the gradient (softmax − one-hot) / N', () => {
    const x = f64(logits.slice(0, 8), [2, 4]);
    crossEntropy(x, labels([3, 1])).backward();
    const p = list(logSoftmax(f64(logits.slice(0, 8), [2, 4]), 1)).map(Math.exp);
    close(list(x.grad!), p.map((v, i) => (v - (i === 3 || i === 5 ? 1 : 0)) / 2));
  });

  it('takes [C] with a scalar label, and rows without any', () => {
    close(list(crossEntropy(f64([1, 2, 3], [3]), labels([2], []))), [Math.log(Math.exp(-2) + Math.exp(-1) + 1)]);
    expect(crossEntropy(nn.zeros(0, 3), labels([]), { reduction: 'sum' }).item()).toBe(0);
    expect(crossEntropy(nn.zeros(0, 3), labels([])).item()).toBeNaN();
  });

  it('is NaN when a mean has nothing to average, and its sum is 0', () => {
    const all = labels([-100, -100]);
    expect(crossEntropy(nn.zeros(2, 3), all).item()).toBeNaN();
    expect(crossEntropy(nn.zeros(2, 3), all, { reduction: 'sum' }).item()).toBe(0);
  });

  it('reads nothing at ignored positions', () => {
    const x = nn.tensor([[-Infinity, 0], [-1, -2]], { requiresGrad: true });
    const loss = nllLoss(x, labels([0, 1]), { ignoreIndex: 0 });
    expect(loss.item()).toBe(2);
    loss.backward();
    expect(x.grad!.toArray()).toEqual([[0, 0], [0, -1]]);
  });

  it('survives logits far out', () => {
    const x = nn.tensor([[1000, -1000, 0]], { requiresGrad: true });
    const loss = crossEntropy(x, labels([1]));
    expect(loss.item()).toBe(2000);
    loss.backward();
    expect(x.grad!.toArray()).toEqual([[1, -1, 0]]);
  });

  it('has gradients of gradients', () => {
    expect(gradgradcheck((x) => crossEntropy(x, labels([0, 3]), { labelSmoothing: 0.1, weight: f64(classWeight, [C], false) }), f64(logits.slice(0, 8), [2, 4]))).toBe(true);
  });

  it('leaves the labels as they are', () => {
    const target = labels([0, -100]);
    crossEntropy(nn.zeros(2, 3), target);
    expect(list(target)).toEqual([0, -100]);
  });
});

describe('crossEntropy with probabilities', () => {
  const target = values(N * C * S, 0.31).map((v) => Math.abs(v));
  it.each(REDUCTIONS)('%s: weights and smoothing; a mean is over positions', (reduction) => {
    for (const weight of [null, classWeight]) {
      for (const labelSmoothing of [0, 0.2]) {
        const losses: number[] = [];
        for (let n = 0; n < N; n++) {
          for (let s = 0; s < S; s++) {
            let loss = 0;
            for (let c = 0; c < C; c++) loss -= (weight?.[c] ?? 1) * logp[at(n, c, s)] * (target[at(n, c, s)] * (1 - labelSmoothing) + labelSmoothing / C);
            losses.push(loss);
          }
        }
        const sum = losses.reduce((a, b) => a + b);
        const options: CrossEntropyOptions = { reduction, labelSmoothing, weight: weight && f64(weight, [C], false) };
        const both = [f64(logits, [N, C, S]), f64(target, [N, C, S])];
        close(list(crossEntropy(both[0], both[1], options)), reduction === 'none' ? losses : [reduction === 'sum' ? sum : sum / (N * S)]);
        expect(gradcheck((x, t) => crossEntropy(x, t, options), both)).toBe(true);
      }
    }
    expect(gradgradcheck((x, t) => crossEntropy(x, t, { reduction }), [f64(logits.slice(0, 4), [1, 4]), f64(target.slice(0, 4), [1, 4])])).toBe(true);
  });

  it('takes [C] and cannot ignore', () => {
    close(list(crossEntropy(f64([0, 0], [2]), f64([0.5, 0.5], [2]))), [Math.log(2)]);
    expect(() => crossEntropy(f64([0, 0], [2]), f64([0.5, 0.5], [2]), { ignoreIndex: 1 })).toThrow('no label to ignore');
  });
});

describe('nllLoss and mseLoss', () => {
  it.each(REDUCTIONS)('nllLoss %s', (reduction) => {
    const x = f64(logp, [N, C, S]);
    close(list(nllLoss(x, labels([0, 3, 2, 2, 1, 0], [N, S]), { reduction, weight: f64(classWeight, [C], false), ignoreIndex: 2 })), byLoops([0, 3, 2, 2, 1, 0], classWeight, 2, 0, reduction));
  });

  it('mseLoss', () => {
    const both = (): [Tensor, Tensor] => [f64([1, 2, 3, 4], [2, 2]), f64([0, 4, 3, 1], [2, 2])];
    expect(mseLoss(...both()).item()).toBe(14 / 4);
    expect(mseLoss(...both(), { reduction: 'sum' }).item()).toBe(14);
    expect(mseLoss(...both(), { reduction: 'none' }).toArray()).toEqual([[1, 4], [0, 9]]);
    const [x, t] = both();
    mseLoss(x, t).backward();
    expect([list(x.grad!), list(t.grad!)]).toEqual([[0.5, -1, 0, 1.5], [-0.5, 1, -0, -1.5]]);
    expect(gradgradcheck((a, b) => mseLoss(a, b), both())).toBe(true);
  });
});

describe('as modules', () => {
  it('give what the functions give, and save their weights', () => {
    const [x, t] = [nn.tensor(logits, [6, 4]), labels([0, 1, 2, 3, 0, 2])];
    const weight = nn.tensor(classWeight);
    const loss = nn.CrossEntropyLoss({ weight, labelSmoothing: 0.1, reduction: 'sum', ignoreIndex: 3 });
    expect(loss.forward(x, t).item()).toBe(crossEntropy(x, t, { weight, labelSmoothing: 0.1, reduction: 'sum', ignoreIndex: 3 }).item());
    expect(Object.keys(loss.stateDict())).toEqual(['weight']);
    expect(loss.toString()).toBe('CrossEntropyLoss()');
    expect(nn.NLLLoss({ reduction: 'none' }).forward(x, t).shape).toEqual([6]);
    expect(nn.MSELoss().forward(x, x).item()).toBe(0);
  });

  it('name themselves in errors', () => {
    expect(() => nn.CrossEntropyLoss().forward(nn.zeros(1, 3), labels([3]))).toThrow('; in layer CrossEntropyLoss()');
    expect(() => nn.MSELoss().forward(nn.zeros(1, 3), undefined as never)).toThrow('an operand is undefined but must be a tensor');
  });
});

describe('mistakes', () => {
  const x = nn.zeros(2, 3, 4);
  it.each<[string, string, string, () => unknown]>([
    ['a label that is too large', 'CVY_DATA_MISMATCH', 'the label at position 1 is 10 but with 10 classes must be from 0 to 9', () => crossEntropy(nn.zeros(2, 10), labels([9, 10]))],
    ['a negative label', 'CVY_DATA_MISMATCH', 'the label at position [1, 2] is -1 but', () => crossEntropy(x, labels([0, 0, 0, 0, 0, 0, -1, 0], [2, 4]))],
    ['float labels', 'CVY_DTYPE', "labels have dtype float32 but int32 is required", () => crossEntropy(x, nn.zeros(2, 4))],
    ['one-hot integers', 'CVY_DTYPE', 'dtypes are float32, int32', () => crossEntropy(nn.zeros(1, 2), labels([0, 1], [1, 2]))],
    ['another number of labels', 'CVY_SHAPE_MISMATCH', 'target has shape [3] but [2] is required', () => crossEntropy(nn.zeros(2, 3), labels([0, 0, 0]))],
    ['weights of other classes', 'CVY_SHAPE_MISMATCH', 'weight has shape [2] but [3] is required', () => nllLoss(nn.zeros(2, 3), labels([0, 0]), { weight: nn.ones(2) })],
    ['a scalar input', 'CVY_SHAPE_RANK', 'input is a scalar', () => crossEntropy(nn.tensor(1), labels([0], []))],
    ['an unknown reduction', 'CVY_ARG_VALUE', "reduction is 'avg' but must be one of mean, sum, none", () => mseLoss(x, x, { reduction: 'avg' as never })],
    ['too much smoothing', 'CVY_ARG_VALUE', 'labelSmoothing is 1.5 but must be a finite number ≥ 0 and ≤ 1', () => crossEntropy(x, x, { labelSmoothing: 1.5 })],
    ['an unknown option', 'CVY_ARG_OPTION', "did you mean 'ignoreIndex'?", () => nllLoss(x, x, { ignoreIdx: 1 } as never)],
    ['smoothing where there is none', 'CVY_ARG_OPTION', "option 'labelSmoothing' is unknown", () => nllLoss(x, x, { labelSmoothing: 0.1 } as never)],
    ['shapes that would broadcast', 'CVY_SHAPE_MISMATCH', 'input has shape [2, 1] but target has [2]', () => mseLoss(nn.zeros(2, 1), nn.zeros(2))],
    ['mixed precision', 'CVY_DTYPE', 'dtypes are float32, float64', () => mseLoss(nn.zeros(2), f64([0, 0], [2]))],
  ])('%s', (_name, code, message, run) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as string }));
  });
});
