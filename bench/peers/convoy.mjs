/** Convoy as a child of peers.mjs, through the functions that users call. */
import { conv2d, createConvoy, noGrad, scope } from '../../dist/src/index.js';
import { variantsOf } from '../harness.mjs';
import { open as openModel } from '../train.mjs';
import { argument, serve } from './child.mjs';

const { threads, turbo, precision } = argument();
const convoy = createConvoy();
const nn = await convoy.nn({ seed: 0, threads, turbo, precision });

/** Steps of a model whose weights and batches are given. */
function model({ op, model: name, weights, batches, steps }) {
  const opened = openModel(nn, name, batches.map(({ pixels, labels }) => ({ pixels, labels: Int32Array.from(labels) })));
  opened.model.loadStateDict(Object.fromEntries(Object.entries(weights).map(([key, { shape, data }]) => [key, nn.tensor(data, shape)])));
  return {
    outputs: () => scope(() => [op === 'train' ? Float32Array.from({ length: steps }, () => opened.train().item()) : opened.infer().dataSync()]),
    run: () => scope(() => void opened[op]()),
  };
}

function single({ op, inputs: [a, b], numbers }) {
  const wrap = (run) => ({ outputs: () => scope(() => [noGrad(run).dataSync()]), run: () => scope(() => void noGrad(run)) });
  if (op === 'matmul') {
    const [, m, n, k] = numbers;
    const [x, y] = [nn.tensor(a, [m, k]), nn.tensor(b, [k, n])];
    return wrap(() => x.matmul(y));
  }
  const [n, groups, cin, cout, , h, w, , kh, kw, , , , , sh, sw, , ph, pw, , dh, dw] = numbers;
  const [x, weight] = [nn.tensor(a, [n, cin, h, w]), nn.tensor(b, [cout, cin / groups, kh, kw])];
  return wrap(() => conv2d(x, weight, null, { stride: [sh, sw], padding: [ph, pw], dilation: [dh, dw], groups }));
}

const [{ name, why }] = variantsOf(convoy);
await serve({ version: `${name}${why ? ` (${why})` : ''}` }, (problem) => (problem.op === 'train' || problem.op === 'infer' ? model(problem) : single(problem)));
