/**
 * Every error that Convoy throws: one class per family, one stable code per cause.
 * Messages follow `<op>: <found> but <required> (<every shape, labelled>)[; <one thing to try>]`.
 */

/** Code → what it means. `docs/errors.md` is held equal to this table by a test. */
export const ERROR_CODES = {
  CVY_SHAPE_RANK: 'a tensor has another number of axes than the operation takes',
  CVY_SHAPE_CHANNELS: 'channel counts of input, weight and groups do not fit',
  CVY_SHAPE_KERNEL: 'a window is larger than the padded input',
  CVY_SHAPE_FEATURES: 'the last axis of the input is not the layer’s number of features',
  CVY_SHAPE_NUMEL: 'a view or reshape would change the number of elements',
  CVY_SHAPE_BROADCAST: 'two shapes cannot be broadcast together',
  CVY_SHAPE_MISMATCH: 'two tensors that must agree in shape do not',
  CVY_SHAPE_AXIS: 'an axis or index lies outside the tensor',
  CVY_DTYPE: 'a tensor has a dtype that the operation does not take',
  CVY_ARG_VALUE: 'an argument has a value outside its range',
  CVY_ARG_TYPE: 'an argument has the wrong JavaScript type',
  CVY_ARG_OPTION: 'an option is unknown, or pinned but not built yet',
  CVY_ARG_ASYNC: 'an asynchronous function was passed where only a synchronous one works',
  CVY_BACKEND_UNKNOWN: 'no backend of that name is registered',
  CVY_BACKEND_UNAVAILABLE: 'the backend’s probe says that it cannot run here',
  CVY_BACKEND_UNSUPPORTED: 'the backend has no kernel for an op, and fallback is not allowed or not possible',
  CVY_BACKEND_MIXED: 'tensors of different convoys or devices met in one operation',
  CVY_BACKEND_CLOSED: 'the convoy that owns the tensor or model was closed',
  CVY_BACKEND_KERNEL: 'a kernel failed',
  CVY_BACKEND_WORKER: 'a thread of the worker pool cannot serve, or was lost and replaced',
  CVY_BACKEND_DIVERGED: 'CONVOY_VALIDATE found a kernel that differs from cpu-naive',
  CVY_PLUGIN_API: 'a plugin speaks another API number than this Convoy',
  CVY_PLUGIN_NAME: 'a plugin’s name is taken or malformed',
  CVY_PLUGIN_INVALID: 'an object is not a plugin, or lacks a required part',
  CVY_MEMORY_EXHAUSTED: 'the heap is full',
  CVY_MEMORY_DISPOSED: 'a tensor was used after it had been disposed',
  CVY_GRAPH_LEAF: 'backward was called where no gradient is recorded, or an in-place change hit a leaf that requires one',
  CVY_GRAPH_TWICE: 'backward went through the same graph twice without retainGraph',
  CVY_GRAPH_VERSION: 'a tensor that backward needs was changed in place after it had been saved',
  CVY_GRAPH_SCALAR: 'backward without a gradient was called on a tensor of more than one element',
  CVY_GRAPH_GRADCHECK: 'a recorded gradient and finite differences disagree',
  CVY_GRAPH_FUNCTION: 'a function of defineFunction broke a rule of such functions, such as how many gradients it returns',
  CVY_GRAPH_CHECKPOINT: 'a checkpointed function computed something else when it ran again, or a gradient was asked for inside it',
  CVY_GRAPH_ANOMALY: 'a NaN or an infinity appeared while detectAnomaly looked for it',
  CVY_DATA_MISSING: 'a file or folder does not exist',
  CVY_DATA_FORMAT: 'a file is damaged or of another format',
  CVY_DATA_MISMATCH: 'images, labels or weights do not fit each other or the model',
  CVY_DATA_DOWNLOAD: 'a download failed or its checksum is wrong',
  CVY_DATA_WRITE: 'a file could not be written; the old one is intact',
  CVY_TRAIN_DIVERGED: 'the loss became NaN or infinite',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Base of all errors. `code` is stable; `message` may be reworded. */
export class ConvoyError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Shapes that do not fit. */
export class ShapeError extends ConvoyError {}
/** Dtypes that do not fit. */
export class DtypeError extends ConvoyError {}
/** Arguments and options. */
export class ArgumentError extends ConvoyError {}
/** Choosing and running backends. */
export class BackendError extends ConvoyError {}
/** Registering plugins. */
export class PluginError extends ConvoyError {}
/** Heap and storage. */
export class MemoryError extends ConvoyError {}
/** Recording and backward. */
export class GraphError extends ConvoyError {}
/** Files and data sets. */
export class DataError extends ConvoyError {}
/** A training that cannot go on. */
export class TrainError extends ConvoyError {}

/** `[2, 3, 4]`, the way shapes appear in messages. */
export const fmt = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** The name in `names` nearest to `name` by edit distance, as ` did you mean '…'?`, or nothing when none is near. */
export function didYouMean(name: string, names: Iterable<string>): string {
  let best = '';
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best ? `; did you mean '${best}'?` : '';
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Throws for every key of `options` that is not in `known`: an unknown option is never ignored. */
export function checkOptions(op: string, options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new ArgumentError('CVY_ARG_TYPE', `${op}: options are ${options === null ? 'null' : Array.isArray(options) ? 'an array' : typeof options} but must be an object with ${known.length ? known.join(', ') : 'no keys'}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new ArgumentError('CVY_ARG_OPTION', `${op}: option '${key}' is unknown but only ${known.length ? known.join(', ') : 'none'} can be given${key === 'inplace' ? '; Convoy has no in-place layers, leave it out' : didYouMean(key, known)}`);
    }
  }
}

/** @throws {ArgumentError} CVY_ARG_TYPE unless `value` is true or false. */
export function checkFlag(op: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new ArgumentError('CVY_ARG_TYPE', `${op}: ${name} is ${value === null ? 'null' : typeof value} but must be true or false`);
  return value;
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless `value` is a finite number from `least` to `most`, or to just below `most`. */
export function checkNumber(op: string, name: string, value: unknown, least = -Infinity, most = Infinity, below = false): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && (below ? value < most : value <= most)) return value;
  const bounds = [least === -Infinity ? '' : ` ≥ ${least}`, most === Infinity ? '' : ` ${below ? '<' : '≤'} ${most}`].filter(Boolean).join(' and');
  throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${String(value)} but must be a finite number${bounds}`);
}

/** @throws {ArgumentError} CVY_ARG_VALUE unless `value` is one of `choices`. */
export function checkChoice<T extends string>(op: string, name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is '${String(value)}' but must be one of ${choices.join(', ')}`);
  return value as T;
}
