/**
 * Padding layers of every mode and rank. The operation itself is nn/functional/pad.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import { ArgumentError, checkNumber, fmt, ShapeError } from '../../errors.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { pad, type PadMode } from '../functional/pad.js';
import { SpecLayer } from '../layer.js';
import { python } from '../options.js';

/** One number for all sides, or a pair an axis from the last one on; negative numbers crop. */
export type PadSize = number | readonly number[];

export interface PadSpec {
  readonly padding: readonly number[];
  readonly mode: PadMode;
  /** Null where the mode has none. */
  readonly value: number | null;
  /** Whether the printed form shows it. */
  readonly shown: boolean;
}

/** @throws {ArgumentError} CVY_ARG_VALUE. */
export function padSpec(op: string, axes: number, mode: PadMode, padding: PadSize, value: number | null = null, shown = false): PadSpec {
  const list = typeof padding === 'number' ? new Array<number>(2 * axes).fill(padding) : Array.isArray(padding) ? [...padding as readonly number[]] : [];
  if (list.length !== 2 * axes || list.some((size) => !Number.isInteger(size))) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op}: padding is ${Array.isArray(padding) ? fmt(padding) : String(padding)} but must be an integer or ${2 * axes} of them`);
  }
  return { padding: list, mode, value, shown };
}

/** What all of them do: pad the last axes, of which there are half as many as numbers. */
@injectedAsBase
export abstract class Pad extends SpecLayer<PadSpec> {
  protected compute(input: Tensor): Tensor {
    const { padding, mode, value } = this.spec;
    const axes = padding.length / 2;
    // A constant goes around anything, the other modes around channels, with or without a batch.
    if (input?.shape && (mode === 'constant' ? input.ndim < axes : input.ndim !== axes + 1 && input.ndim !== axes + 2)) {
      const required = mode === 'constant' ? `at least ${axes}` : `${axes + 1} or ${axes + 2}`;
      throw new ShapeError('CVY_SHAPE_RANK', `${this.constructor.name}: input has ${input.ndim} axes but ${required} are required (input ${fmt(input.shape)})`);
    }
    return pad(input, padding, value === null ? { mode } : { mode, value });
  }

  override extraRepr(): string {
    const { padding, value, shown } = this.spec;
    return shown ? `padding=${python(padding)}, value=${python(value)}` : python(padding);
  }
}

/** Pads with a number. @shape input [..., L]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ConstantPad1d */
@injectedAsBase
export class ConstantPad1d extends Pad {}

/** Pads with a number. @shape input [..., H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ConstantPad2d */
@injectedAsBase
export class ConstantPad2d extends Pad {}

/** Pads with a number. @shape input [..., D, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ConstantPad3d */
@injectedAsBase
export class ConstantPad3d extends Pad {}

/** Pads with zeros. @shape input [..., L]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ZeroPad1d */
@injectedAsBase
export class ZeroPad1d extends Pad {}

/** Pads with zeros. @shape input [..., H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ZeroPad2d */
@injectedAsBase
export class ZeroPad2d extends Pad {}

/** Pads with zeros. @shape input [..., D, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ZeroPad3d */
@injectedAsBase
export class ZeroPad3d extends Pad {}

/** Pads with what a mirror at the edge shows. @shape input [N, C, L] or [C, L]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReflectionPad1d */
@injectedAsBase
export class ReflectionPad1d extends Pad {}

/** Pads with what a mirror at the edge shows. @shape input [N, C, H, W] or [C, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReflectionPad2d */
@injectedAsBase
export class ReflectionPad2d extends Pad {}

/** Pads with what a mirror at the edge shows. @shape input [N, C, D, H, W] or [C, D, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReflectionPad3d */
@injectedAsBase
export class ReflectionPad3d extends Pad {}

/** Pads with the cells of the edge. @shape input [N, C, L] or [C, L]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReplicationPad1d */
@injectedAsBase
export class ReplicationPad1d extends Pad {}

/** Pads with the cells of the edge. @shape input [N, C, H, W] or [C, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReplicationPad2d */
@injectedAsBase
export class ReplicationPad2d extends Pad {}

/** Pads with the cells of the edge. @shape input [N, C, D, H, W] or [C, D, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.ReplicationPad3d */
@injectedAsBase
export class ReplicationPad3d extends Pad {}

/** Pads with the cells of the other end. @shape input [N, C, L] or [C, L]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.CircularPad1d */
@injectedAsBase
export class CircularPad1d extends Pad {}

/** Pads with the cells of the other end. @shape input [N, C, H, W] or [C, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.CircularPad2d */
@injectedAsBase
export class CircularPad2d extends Pad {}

/** Pads with the cells of the other end. @shape input [N, C, D, H, W] or [C, D, H, W]. @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL. @source torch.nn.CircularPad3d */
@injectedAsBase
export class CircularPad3d extends Pad {}

const constant = (op: string, axes: number) => (padding: PadSize, value: number): PadSpec => padSpec(op, axes, 'constant', padding, checkNumber(op, 'value', value), true);
const plain = (op: string, axes: number, mode: PadMode) => (padding: PadSize): PadSpec => padSpec(op, axes, mode, padding, mode === 'constant' ? 0 : null);

export const factories = {
  /** See {@link ConstantPad1d}. */
  ConstantPad1d: factory(ConstantPad1d, constant('ConstantPad1d', 1)),
  /** See {@link ConstantPad2d}. */
  ConstantPad2d: factory(ConstantPad2d, constant('ConstantPad2d', 2)),
  /** See {@link ConstantPad3d}. */
  ConstantPad3d: factory(ConstantPad3d, constant('ConstantPad3d', 3)),
  /** See {@link ZeroPad1d}. */
  ZeroPad1d: factory(ZeroPad1d, plain('ZeroPad1d', 1, 'constant')),
  /** See {@link ZeroPad2d}. */
  ZeroPad2d: factory(ZeroPad2d, plain('ZeroPad2d', 2, 'constant')),
  /** See {@link ZeroPad3d}. */
  ZeroPad3d: factory(ZeroPad3d, plain('ZeroPad3d', 3, 'constant')),
  /** See {@link ReflectionPad1d}. */
  ReflectionPad1d: factory(ReflectionPad1d, plain('ReflectionPad1d', 1, 'reflect')),
  /** See {@link ReflectionPad2d}. */
  ReflectionPad2d: factory(ReflectionPad2d, plain('ReflectionPad2d', 2, 'reflect')),
  /** See {@link ReflectionPad3d}. */
  ReflectionPad3d: factory(ReflectionPad3d, plain('ReflectionPad3d', 3, 'reflect')),
  /** See {@link ReplicationPad1d}. */
  ReplicationPad1d: factory(ReplicationPad1d, plain('ReplicationPad1d', 1, 'replicate')),
  /** See {@link ReplicationPad2d}. */
  ReplicationPad2d: factory(ReplicationPad2d, plain('ReplicationPad2d', 2, 'replicate')),
  /** See {@link ReplicationPad3d}. */
  ReplicationPad3d: factory(ReplicationPad3d, plain('ReplicationPad3d', 3, 'replicate')),
  /** See {@link CircularPad1d}. */
  CircularPad1d: factory(CircularPad1d, plain('CircularPad1d', 1, 'circular')),
  /** See {@link CircularPad2d}. */
  CircularPad2d: factory(CircularPad2d, plain('CircularPad2d', 2, 'circular')),
  /** See {@link CircularPad3d}. */
  CircularPad3d: factory(CircularPad3d, plain('CircularPad3d', 3, 'circular')),
};
