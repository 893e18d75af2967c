/**
 * jax-js as a child of peers.mjs: its WebAssembly backend, which uses one thread in Node. Steps of a model are
 * under jit; single operations are not, because jit makes them six times slower there. */
import { argument, need, serve } from './child.mjs';

const { rate } = argument();
const { defaultDevice, init, jit, lax, nn, numpy: np, valueAndGrad } = await need('@jax-js/jax');
await init('wasm');
defaultDevice('wasm');

const array = (data, shape) => np.array(data).reshape(shape);

function single({ op, inputs: [a, b], numbers }) {
  const wrap = (x, y, f) => {
    const run = () => f(x.ref, y.ref).dataSync();
    return { outputs: () => [run()], run: () => void run(), close: () => [x, y].forEach((one) => one.dispose()) };
  };
  if (op === 'matmul') {
    const [, m, n, k] = numbers;
    return wrap(array(a, [m, k]), array(b, [k, n]), (x, y) => np.matmul(x, y));
  }
  const [n, groups, cin, cout, , h, w, , kh, kw, , , , , sh, sw, , ph, pw, , dh, dw] = numbers;
  return wrap(array(a, [n, cin, h, w]), array(b, [cout, cin / groups, kh, kw]), (x, weight) =>
    lax.convGeneralDilated(x, weight, [sh, sw], [[ph, ph], [pw, pw]], { rhsDilation: [dh, dw], featureGroupCount: groups }));
}

const conv = (x, weight, bias) => lax.convGeneralDilated(x, weight, [1, 1], [[2, 2], [2, 2]]).add(bias.reshape([1, -1, 1, 1]));
const pool = (x) => lax.reduceWindow(x, np.max, [2, 2], [2, 2]);
const linear = (x, weight, bias) => np.matmul(x, weight.transpose()).add(bias);

/** Parameters by PyTorch's names, each used once. */
const MODELS = {
  cnn2(p, x) {
    const first = pool(nn.relu(conv(x, p['0.weight'], p['0.bias'])));
    const second = pool(nn.relu(conv(first, p['3.weight'], p['3.bias'])));
    return linear(second.reshape([second.shape[0], -1]), p['7.weight'], p['7.bias']);
  },
  mlp: (p, x) => linear(nn.relu(linear(x.reshape([x.shape[0], -1]), p['1.weight'], p['1.bias'])), p['3.weight'], p['3.bias']),
};

function model({ op, model: name, weights, batches, steps }) {
  let params = Object.fromEntries(Object.entries(weights).map(([key, { shape, data }]) => [key, array(data, shape)]));
  const refs = (tree) => Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, value.ref]));
  const data = batches.map(({ pixels, labels }) => ({
    x: array(pixels, [labels.length, 1, 28, 28]), y: nn.oneHot(np.array(labels, { dtype: np.int32 }), 10),
  }));
  const loss = (p, x, y) => np.mean(np.sum(nn.logSoftmax(MODELS[name](p, x), -1).mul(y), -1)).mul(-1);
  const step = jit((p, x, y) => {
    const [value, grads] = valueAndGrad(loss)(refs(p), x, y);
    return [value, Object.fromEntries(Object.entries(p).map(([key, old]) => [key, old.sub(grads[key].mul(rate))]))];
  });
  const forward = jit((p, x) => MODELS[name](p, x));
  let at = 0;
  const next = () => data[at++ % data.length];
  const train = () => {
    const { x, y } = next();
    const [value, fresh] = step(params, x.ref, y.ref);
    params = fresh;
    return value.dataSync()[0];
  };
  const infer = () => forward(refs(params), next().x.ref).dataSync();
  return {
    outputs: () => [op === 'train' ? Float32Array.from({ length: steps }, train) : infer()],
    run: op === 'train' ? () => void train() : () => void infer(),
    close: () => [...Object.values(params), ...data.flatMap(Object.values)].forEach((one) => one.dispose()),
  };
}

await serve({ version: null }, (problem) => (problem.op === 'train' || problem.op === 'infer' ? model(problem) : single(problem)));
