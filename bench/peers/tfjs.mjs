/** TensorFlow.js as a child of peers.mjs: its plain JavaScript backend, or WebAssembly, which uses one thread in Node. Images lie NHWC there. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argument, need, serve } from './child.mjs';

const { backend, rate } = argument();
const tf = await need('@tensorflow/tfjs');
if (backend === 'wasm') {
  const { setWasmPaths } = await need('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))), '/'));
}
await tf.setBackend(backend);
await tf.ready();

const nhwc = (data, shape) => tf.tidy(() => tf.tensor(data, shape).transpose([0, 2, 3, 1]));
const hwio = (data, shape) => tf.tidy(() => tf.tensor(data, shape).transpose([2, 3, 1, 0]));

function single({ op, inputs: [a, b], numbers }) {
  const wrap = (tensors, run, order) => ({
    outputs: () => tf.tidy(() => [order ? run().transpose(order).dataSync() : run().dataSync()]),
    run: () => tf.tidy(() => void run().dataSync()),
    close: () => tf.dispose(tensors),
  });
  if (op === 'matmul') {
    const [, m, n, k] = numbers;
    const [x, y] = [tf.tensor(a, [m, k]), tf.tensor(b, [k, n])];
    return wrap([x, y], () => tf.matMul(x, y));
  }
  const [n, groups, cin, cout, , h, w, , kh, kw, , , , , sh, sw, , ph, , , dh, dw] = numbers;
  const [x, weight] = [nhwc(a, [n, cin, h, w]), hwio(b, [cout, cin / groups, kh, kw])];
  return wrap([x, weight], () => tf.conv2d(x, weight, [sh, sw], ph, 'NHWC', [dh, dw]), [0, 3, 1, 2]);
}

/** A linear layer's weight [out, c·h·w] for images that are flattened as h, w, c. */
const linear = (data, shape, image) => tf.tidy(() => {
  const [out] = shape;
  const ordered = image ? tf.tensor(data, [out, ...image]).transpose([2, 3, 1, 0]) : tf.tensor(data, shape).transpose();
  return ordered.reshape([shape[1], out]);
});

const MODELS = {
  cnn2(weights, variable) {
    const w = (key, image) => variable(image === 'conv' ? hwio(weights[key].data, weights[key].shape) : linear(weights[key].data, weights[key].shape, image));
    const b = (key) => variable(tf.tensor(weights[key].data));
    const [w0, b0, w3, b3, w7, b7] = [w('0.weight', 'conv'), b('0.bias'), w('3.weight', 'conv'), b('3.bias'), w('7.weight', [32, 7, 7]), b('7.bias')];
    const block = (x, weight, bias) => tf.maxPool(tf.relu(tf.add(tf.conv2d(x, weight, 1, 'same'), bias)), 2, 2, 'valid');
    return (x) => {
      const y = block(block(x, w0, b0), w3, b3);
      return tf.add(tf.matMul(y.reshape([y.shape[0], -1]), w7), b7);
    };
  },
  mlp(weights, variable) {
    const [w1, b1, w3, b3] = ['1.weight', '1.bias', '3.weight', '3.bias'].map((key) => {
      const { data, shape } = weights[key];
      return variable(shape.length === 2 ? linear(data, shape) : tf.tensor(data));
    });
    return (x) => tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x.reshape([x.shape[0], -1]), w1), b1)), w3), b3);
  },
};

function model({ op, model: name, weights, batches, steps }) {
  const variables = [];
  const forward = MODELS[name](weights, (tensor) => {
    variables.push(tf.variable(tensor));
    return variables.at(-1);
  });
  const data = batches.map(({ pixels, labels }) => ({ x: tf.tensor(pixels, [labels.length, 28, 28, 1]), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 10) }));
  const optimizer = tf.train.sgd(rate);
  let at = 0;
  const next = () => data[at++ % data.length];
  const train = () => tf.tidy(() => {
    const { x, y } = next();
    return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)), true, variables).dataSync()[0];
  });
  const infer = () => tf.tidy(() => forward(next().x).dataSync());
  return {
    outputs: () => [op === 'train' ? Float32Array.from({ length: steps }, train) : infer()],
    run: op === 'train' ? () => void train() : () => void infer(),
    close: () => tf.dispose([variables, data]),
  };
}

await serve({ version: tf.version.tfjs }, (problem) => (problem.op === 'train' || problem.op === 'infer' ? model(problem) : single(problem)));
