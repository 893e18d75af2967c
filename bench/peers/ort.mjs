/** ONNX Runtime as a child of peers.mjs: in WebAssembly (onnxruntime-web) or native (onnxruntime-node). It does not train. */
import { argument, need, serve, Unable } from './child.mjs';

const { runtime, threads } = argument();
const { default: ort } = await need(`onnxruntime-${runtime}`);
const { networkModel, singleModel } = await need('./onnx.mjs');
if (runtime === 'web') ort.env.wasm.numThreads = threads;
ort.env.logLevel = 'error';

const tensor = ([data, shape]) => new ort.Tensor('float32', data, shape);

async function session(model) {
  return ort.InferenceSession.create(model, { executionProviders: [runtime === 'web' ? 'wasm' : 'cpu'], intraOpNumThreads: threads, interOpNumThreads: 1 });
}

async function wrap(model, feeds) {
  const opened = await session(model);
  let at = 0;
  const run = async () => (await opened.run(feeds[at++ % feeds.length])).y.data;
  return { outputs: async () => [await run()], run: async () => void (await run()), close: () => opened.release() };
}

await serve({ version: ort.env.versions[runtime] ?? ort.env.versions.common }, (problem) => {
  if (problem.op === 'train') throw new Unable('no training in this package');
  if (problem.op === 'infer') {
    const { model, weights, batches } = problem;
    const size = batches[0].labels.length;
    return wrap(networkModel(model, weights, size), batches.map(({ pixels }) => ({ a: tensor([pixels, [size, 1, 28, 28]]) })));
  }
  const { model, feeds } = singleModel(problem);
  return wrap(model, [Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensor(feed)]))]);
});
