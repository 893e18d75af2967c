/**
 * The child's side of peers.mjs, for libraries that run in Node: reads requests from standard input and answers on standard output, one
 * JSON object a line. What is asked: `open` a case (answer: its outputs, to be checked), `sample` it for so many milliseconds, `close` it.
 */
import { createInterface } from 'node:readline';
import { Bench } from 'tinybench';

/** The library cannot do a case; the message says why. */
export class Unable extends Error {}

const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const floats = (text) => {
  const bytes = Buffer.from(text, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

const TYPED = '$float32';
/** Typed arrays travel as base64 of their bytes. */
const revive = (_key, value) => (value !== null && typeof value === 'object' && TYPED in value ? floats(value[TYPED]) : value);
export const encode = (value) => JSON.stringify(value, (_key, part) => (ArrayBuffer.isView(part) ? { [TYPED]: bytesOf(part).toString('base64') } : part));
export const decode = (text) => JSON.parse(text, revive);

/**
 * Serves one library until standard input ends. `about`: what is told of it. `open(case)` returns `outputs()`, the results of a first
 * run as Float32Arrays; `run()`, what is timed; and `close()`. Any of them may return a promise.
 */
export async function serve(about, open) {
  const answer = (value) => process.stdout.write(`${encode(value)}\n`);
  // Libraries that greet on standard output would be taken for answers.
  for (const name of ['log', 'info', 'debug']) console[name] = (...words) => console.error(...words);
  let held;
  const requests = {
    async open({ problem }) {
      held = await open(problem);
      return { outputs: await held.outputs() };
    },
    async sample({ ms }) {
      const bench = new Bench({ time: ms, iterations: 1, warmup: false, retainSamples: true, throws: true });
      bench.add('run', held.run);
      await bench.run();
      return { samples: [...bench.tasks[0].result.latency.samples] };
    },
    async close() {
      await held?.close?.();
      held = undefined;
      return {};
    },
  };
  answer({ ready: about });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = decode(line);
    try {
      answer(await requests[request.ask](request));
    } catch (error) {
      answer(error instanceof Unable ? { unable: error.message } : { failed: error?.message ?? String(error) });
    }
  }
  process.exit(0);
}

/** Arguments of the child: `{ threads, … }` as JSON. */
export const argument = () => JSON.parse(process.argv[2]);

/** Imports a package that may not be installed; ends the process with a message that peers.mjs understands. */
export async function need(name) {
  try {
    return await import(name);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ missing: error.code === 'ERR_MODULE_NOT_FOUND' ? `${name} is not installed` : `${name}: ${error.message}` })}\n`);
    return process.exit(0);
  }
}
