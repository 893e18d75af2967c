/** A convoy for the length of one command, with the plugins that the user named. */
import { createConvoy, DEFAULT_KERNELS, type Convoy, type NNOptions } from '../convoy/index.js';
import type { NN } from '../nn/nn.js';
import type { EngineOptions } from './options.js';
import { loadPlugin } from './plugins.js';

/** Runs `work` with a convoy that is closed afterwards. */
export async function withConvoy<R>(plugins: readonly string[] | undefined, work: (convoy: Convoy) => Promise<R>): Promise<R> {
  const convoy = createConvoy();
  try {
    for (const name of plugins ?? []) convoy.use(await loadPlugin(name));
    return await work(convoy);
  } finally {
    await convoy.close();
  }
}

/** The same with an `nn` on the backend that the options ask for. */
export const withNN = <R>(options: EngineOptions, seed: number, work: (nn: NN) => Promise<R>): Promise<R> =>
  withConvoy(options.plugin, async (convoy) => work(await openNN(convoy, options, seed)));

/** An `nn` on the backend that the options ask for. */
export function openNN(convoy: Convoy, { backend, kernels, threads, turbo, precision, fallback }: EngineOptions, seed: number): Promise<NN> {
  const given: NNOptions = { seed };
  if (backend !== undefined) given.backend = backend;
  if (kernels !== undefined) given.kernels = kernels;
  if (threads !== undefined) given.threads = threads;
  if (turbo !== undefined) given.turbo = turbo;
  if (precision !== undefined) given.precision = precision;
  if (fallback !== undefined) given.fallback = fallback;
  return convoy.nn(given);
}

/** `worker-pool over wasm-simd, 2 threads` */
export function engineName(nn: NN, { kernels }: EngineOptions): string {
  const { name, threads } = nn.backend;
  return `${name}${name === 'worker-pool' ? ` over ${kernels ?? DEFAULT_KERNELS}` : ''}, ${threads} thread${threads === 1 ? '' : 's'}`;
}

/** The options as they would be typed. */
export const engineArgs = ({ backend, kernels, threads, plugin, turbo, precision, fallback }: EngineOptions): string[] => [
  ...Object.entries({ backend, kernels, threads, plugin, precision, fallback }).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat().flatMap((one) => [`--${name}`, String(one)]))),
  ...(turbo === false ? ['--no-turbo'] : []),
];
