/**
 * Anomaly mode: every recorded operation's output, and every gradient on its way back, is read and looked at, and the first that is
 * not finite is an error that says which operation made it and in which layer. Off, it costs a comparison with null.
 */
import { isFloat } from '../backend/index.js';
import { checkFlag, checkOptions, fmt, GraphError } from '../errors.js';
import { checkResult, checkSynchronous } from '../memory/index.js';
import { unravel } from '../shape/index.js';
import type { Tensor } from '../tensor/index.js';

export interface AnomalyOptions {
  /** Whether infinities count, too; default true. Masks of −Infinity are a reason to say false. */
  infinity?: boolean;
}

/** Where an operation was recorded. */
export interface Origin {
  readonly place: string;
  /** Its stack is that of the forward call. */
  readonly call: Error;
}

/** What is looked for, null for nothing. */
export let watch: Required<AnomalyOptions> | null = null;

type Label = () => string;
let layer: Label | null = null;
let left: Label | null = null;

/** Whether anomalies are looked for. @source torch.is_anomaly_enabled */
export const isAnomalyEnabled = (): boolean => watch !== null;

/**
 * Looks for NaN and infinities from now on, or no longer. Every value is read by the calling thread: for finding an error only.
 * @throws {ArgumentError} CVY_ARG_TYPE, CVY_ARG_OPTION
 * @source torch.autograd.set_detect_anomaly
 */
export function setDetectAnomaly(mode: boolean, options: AnomalyOptions = {}): void {
  watch = checkFlag('setDetectAnomaly', 'mode', mode) ? settings('setDetectAnomaly', options) : null;
  layer = left = null;
}

/**
 * Runs `fn`, forward calls and `backward` alike, and throws where the first NaN or infinity appears: the message names the operation,
 * the layer with its path in the model and what went into it; of a gradient, the error's `cause` has the stack of the forward call.
 *
 * @throws {GraphError} CVY_GRAPH_ANOMALY; {ArgumentError} CVY_ARG_ASYNC for an asynchronous function (use setDetectAnomaly)
 * @source torch.autograd.detect_anomaly
 */
export function detectAnomaly<R>(fn: () => R, options: AnomalyOptions = {}): R {
  checkSynchronous('detectAnomaly', fn);
  const before = watch;
  watch = settings('detectAnomaly', options);
  layer = left = null;
  try {
    const result = fn();
    checkResult('detectAnomaly', result);
    return result;
  } finally {
    watch = before;
  }
}

function settings(op: string, options: AnomalyOptions): Required<AnomalyOptions> {
  checkOptions(op, options, ['infinity']);
  return { infinity: checkFlag(op, 'infinity', options.infinity ?? true) };
}

/** Runs a layer's `fn`; `label` names the layer. */
export function inLayer<R>(label: Label, fn: () => R): R {
  const outer = layer;
  layer = label;
  try {
    return fn();
  } finally {
    layer = outer;
    left = label;
  }
}

/** Runs `fn` unwatched: what a gradient is composed of may overflow where a mask hides it. */
export function unwatched<R>(fn: () => R): R {
  const before = watch;
  watch = null;
  try {
    return fn();
  } finally {
    watch = before;
  }
}

const place = (): string => (layer !== null ? `; in layer ${layer()}` : left !== null ? `; after layer ${left()}` : '');

/** Frames of the stack: between a user's call and the operation lie a dozen of the library's own. */
const FRAMES = 50;

export function originOf(): Origin {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const call = new Error('the forward call whose gradient is not finite');
  Error.stackTraceLimit = limit;
  return { place: place(), call };
}

/** @throws {GraphError} CVY_GRAPH_ANOMALY when an element of `y` is not finite. */
export function examine(name: string, y: Tensor, inputs: readonly Tensor[]): void {
  const found = first(y);
  if (found !== null) throw new GraphError('CVY_GRAPH_ANOMALY', `${name}: ${found} of the output but must be finite (output ${fmt(y.shape)} ${y.dtype}, ${fed('input', inputs)})${place()}`);
}

/** The same for what an operation's gradient gave, from the gradients `gs` of its outputs. */
export function examineGradients(name: string, origin: Origin | null, gs: readonly (Tensor | null)[], results: readonly (Tensor | null)[]): void {
  results.forEach((result, i) => {
    const found = result === null ? null : first(result);
    if (found === null) return;
    const where = origin === null ? '; recorded before anomalies were looked for, so its layer is unknown' : origin.place;
    throw new GraphError('CVY_GRAPH_ANOMALY', `backward of ${name}: ${found} of the gradient of input ${i} but must be finite (gradient ${fmt(result!.shape)} ${result!.dtype}, ${fed('gradient of output', gs)})${where}`, { cause: origin?.call });
  });
}

/** The first element that is not finite, in words. */
function first(x: Tensor): string | null {
  if (!isFloat(x.dtype)) return null;
  const { infinity } = watch!;
  const at = x.dataSync().findIndex((value) => (infinity ? !Number.isFinite(value) : Number.isNaN(value)));
  return at < 0 ? null : `${x.dataSync()[at]} is element ${fmt(unravel(at, x.shape))}`;
}

const fed = (role: string, tensors: readonly (Tensor | null)[]): string =>
  tensors.map((x, i) => (x === null ? '' : `${role} ${i} ${fmt(x.shape)} ${first(x) === null ? 'is finite' : 'is not'}`)).filter(Boolean).join(', ') || 'no inputs';
