/** Options that several commands share, and how their values are read. A wrong value is refused with the option's name. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { PRECISIONS, type Precision } from '../backend/index.js';

/** Reads a whole number. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new InvalidArgumentError(`A whole number ${most === Number.MAX_SAFE_INTEGER ? `≥ ${least}` : `from ${least} to ${most}`} is required.`);
  }
  return value;
};

/** Reads a number within bounds; `range` says them in words. */
export const realNumber = (range: string, isInside: (value: number) => boolean) => (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !isInside(value)) throw new InvalidArgumentError(`A number ${range} is required.`);
  return value;
};

const collect = (value: string, previous: string[] = []): string[] => [...previous, value];

/** The models that train, eval and predict know. */
export const MODELS = ['mlp', 'cnn1', 'cnn2', 'cnn2bn'] as const;
export type ModelName = (typeof MODELS)[number];

/** The optimizers that train knows; what they are is in optimizers.ts, which loads the engine. */
export const OPTIMIZER_NAMES = ['sgd', 'adam', 'adamw', 'nadam', 'adamax', 'rmsprop', 'adagrad', 'adadelta'] as const;
export type OptimizerName = (typeof OPTIMIZER_NAMES)[number];

export const modelOption = (meaning: string): Option => new Option('--model <name>', meaning).choices(MODELS);

/** Which kernels run the model. */
export interface EngineOptions {
  readonly backend?: string;
  readonly kernels?: string;
  readonly threads?: number;
  readonly plugin?: readonly string[];
  /** True unless --no-turbo was given. */
  readonly turbo?: boolean;
  readonly precision?: Precision;
  readonly fallback?: 'error' | 'warn' | 'allow';
}

/** Adds --backend, --kernels, --threads, --plugin, --no-turbo, --precision and --fallback. */
export const withEngine = (command: Command): Command => command
  .option('--backend <name>', 'what runs the model (default: worker-pool)')
  .option('--kernels <name>', 'kernel set that the worker pool runs (default: wasm-simd)')
  .option('--threads <n>', 'threads, this one included (default: one a core)', wholeNumber(1, 256))
  .addOption(pluginOption())
  .addOption(turboOption())
  .addOption(new Option('--precision <level>', 'highest, high or fast: how much algorithms may round for speed (default: high)').choices(PRECISIONS))
  .addOption(new Option('--fallback <policy>', 'when the backend lacks a kernel (default: warn)').choices(['error', 'warn', 'allow']));

export const pluginOption = (): Option => new Option('--plugin <package>', 'register a backend of a third party; may be repeated').argParser(collect);

/** The library leaves V8's experimental compilers off; a command owns its process, so it may turn them on. */
export const turboOption = (): Option => new Option('--no-turbo', 'leave V8’s experimental WebAssembly compilers off');

export const limitOption = (): Option => new Option('--limit <n>', 'use only so many images').argParser(wholeNumber(1, 2 ** 31 - 1));

export const dataOption = (): Option => new Option('--data <dir>', "folder with the MNIST files, or 'digits': synthetic ones (default: digits)");

export const weightsOption = (): Option => new Option('--weights <file>', 'safetensors file, as --out of train wrote it').makeOptionMandatory();

/** Examples below a command's help. */
export const withExamples = (command: Command, examples: readonly (readonly [line: string, meaning: string])[]): Command =>
  command.addHelpText('after', ['', 'Examples:', ...examples.flatMap(([line, meaning]) => [`  $ ${line}`, `      ${meaning}`])].join('\n'));
