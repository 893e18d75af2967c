/** Anomaly mode: the first NaN or infinity, in forward and backward, with operation and layer. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createConvoy, defineFunction, detectAnomaly, isAnomalyEnabled, Module, noGrad, setDetectAnomaly, type Tensor } from '../../dist/src/index.js';

const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
afterAll(() => convoy.close());
afterEach(() => setDetectAnomaly(false));
const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** A function whose gradient is not finite, while its value is. */
const spoil = (value: number): ((x: Tensor) => Tensor) => defineFunction({ name: 'spoil', forward: (_ctx, x: Tensor) => x.mul(2), backward: (_ctx, g) => g.mul(0).add(value) });

class Net extends Module {
  readonly body = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU(), nn.Linear(2, 3)));
  readonly last = nn.Linear(3, 1);
  constructor(private readonly between: (x: Tensor) => Tensor = (x) => x) {
    super();
  }

  forward(x: Tensor): Tensor {
    return this.last.forward(this.between(this.body.forward(x)));
  }
}

describe('detectAnomaly', () => {
  it('lets finite values pass and returns the result', () => {
    const model = new Net();
    const x = nn.ones([1, 2], { requiresGrad: true });
    expect(detectAnomaly(() => {
      model.forward(x).sum().backward();
      return isAnomalyEnabled();
    })).toBe(true);
    expect(isAnomalyEnabled()).toBe(false);
  });

  it('names operation and layer in forward', () => {
    const model = new Net();
    const inner = model.parameters()[2];
    expect(inner.shape).toEqual([3, 2]);
    noGrad(() => inner.set_([1, 0], Infinity));
    const x = nn.ones(1, 2);
    // A positive input, so that the infinity counts.
    noGrad(() => model.parameters().slice(0, 2).forEach((p) => p.fill_(1)));
    expect(() => detectAnomaly(() => model.forward(x))).toThrow(code('CVY_GRAPH_ANOMALY'));
    expect(() => detectAnomaly(() => model.forward(x))).toThrow(/^matmul: Infinity is element \[0, 1\] of the output but must be finite \(output \[1, 3\] float32, input 0 \[1, 2\] is finite, input 1 \[3, 2\] is not, input 2 \[3\] is finite\); in layer 'body\.1\.1' Linear\(in_features=2, out_features=3, bias=True\)$/);
    // And not when nothing is recorded.
    expect(() => detectAnomaly(() => noGrad(() => model.forward(x)))).toThrow(/in layer 'body\.1\.1'/);
    // A NaN only: inf · 0 behind the next layer.
    noGrad(() => model.last.weight.fill_(0));
    expect(() => detectAnomaly(() => model.forward(x), { infinity: false })).toThrow(/^matmul: NaN is .*; in layer 'last' Linear/);
  });

  it('says behind which layer a function of a model’s own went wrong', () => {
    const model = new Net((x) => x.sub(x).log());
    model.parameters();
    expect(() => detectAnomaly(() => model.forward(nn.ones(1, 2)))).toThrow(/^log: -Infinity is element \[0, 0\] .*; after layer 'body\.1\.1' Linear/);
  });

  it('names operation and layer of the forward call in backward, with its stack as the cause', () => {
    const act = nn.Tanh() as unknown as { compute(x: Tensor): Tensor };
    act.compute = spoil(NaN);
    const model = nn.Sequential(nn.Linear(2, 2), act as unknown as Module, nn.Linear(2, 2));
    const run = (): void => detectAnomaly(() => model.forward(nn.ones(1, 2)).sum().backward());
    expect(run).toThrow(/^backward of spoil: NaN is element \[0, 0\] of the gradient of input 0 but must be finite \(gradient \[1, 2\] float32, gradient of output 0 \[1, 2\] is finite\); in layer '1' Tanh\(\)$/);
    try {
      run();
    } catch (error) {
      expect(((error as Error).cause as Error).stack).toContain('anomaly.test.ts');
    }
    act.compute = spoil(-Infinity);
    expect(run).toThrow(/^backward of spoil: -Infinity/);
  });

  it('finds the gradient of a square root at 0, and of what was recorded before it was on', () => {
    const x = nn.zeros([2], { requiresGrad: true });
    expect(() => detectAnomaly(() => x.sqrt().sum().backward())).toThrow(/^backward of sqrt: Infinity is element \[0\]/);
    const y = x.sqrt().sum();
    expect(() => detectAnomaly(() => y.backward())).toThrow(/its layer is unknown$/);
  });

  it('does not mind what gradients are composed of', () => {
    // Its gradient divides by 0 where a mask hides it.
    const x = nn.tensor([0, 2, 3], undefined, { requiresGrad: true });
    detectAnomaly(() => x.prod().backward(null, { createGraph: true }));
    expect(x.grad!.toArray()).toEqual([6, 0, 0]);
  });

  it('can be switched on and off, and is put back', () => {
    const x = nn.zeros(2);
    setDetectAnomaly(true);
    expect(() => x.log()).toThrow(code('CVY_GRAPH_ANOMALY'));
    setDetectAnomaly(true, { infinity: false });
    expect(x.log().toArray()).toEqual([-Infinity, -Infinity]);
    expect(() => x.div(0)).toThrow(/^div: NaN/);
    expect(() => detectAnomaly(() => x.log())).toThrow(/^log: -Infinity/);
    expect(() => x.div(0)).toThrow(/^div: NaN/);
    setDetectAnomaly(false);
    expect(x.div(0).toArray()).toEqual([NaN, NaN]);
  });

  it('refuses what it does not know', () => {
    expect(() => setDetectAnomaly(1 as never)).toThrow(code('CVY_ARG_TYPE'));
    expect(() => detectAnomaly(() => 1, { nan: true } as never)).toThrow(code('CVY_ARG_OPTION'));
    expect(() => detectAnomaly(async () => {})).toThrow(code('CVY_ARG_ASYNC'));
    expect(() => detectAnomaly(() => Promise.resolve())).toThrow(code('CVY_ARG_ASYNC'));
    expect(isAnomalyEnabled()).toBe(false);
  });
});
