/**
 * Channels become pixels, pixels channels, channels change places: each is a view, a change of axes and a view.
 */
import { checkTogether, permute } from '../../autograd/index.js';
import { ArgumentError, fmt, ShapeError } from '../../errors.js';
import { numel } from '../../shape/index.js';
import type { Tensor } from '../../tensor/index.js';

/** @throws {ArgumentError} CVY_ARG_VALUE unless `value` is an integer ≥ 1. */
export function checkFactor(op: string, name: string, value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 1) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${String(value)} but must be an integer ≥ 1`);
  return value as number;
}

function checkImage(op: string, input: Tensor): { lead: number[]; c: number; h: number; w: number } {
  checkTogether(op, input);
  if (input.ndim < 3) throw new ShapeError('CVY_SHAPE_RANK', `${op}: input has ${input.ndim} axes but at least 3 are required (input ${fmt(input.shape)})`);
  const [c, h, w] = input.shape.slice(-3);
  return { lead: input.shape.slice(0, -3), c, h, w };
}

/** The axes behind `lead` in another order. */
const behind = (x: Tensor, lead: number, order: readonly number[]): Tensor => permute(x, [...Array.from({ length: lead }, (_, i) => i), ...order.map((i) => lead + i)]);

/**
 * Each group of r² channels becomes an image r times as high and wide.
 * @shape input [*, C·r², H, W]; returns [*, C, H·r, W·r]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.pixel_shuffle
 */
export function pixelShuffle(input: Tensor, upscaleFactor: number): Tensor {
  const r = checkFactor('pixelShuffle', 'upscaleFactor', upscaleFactor);
  const { lead, c, h, w } = checkImage('pixelShuffle', input);
  if (c % (r * r) !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `pixelShuffle: input has ${c} channels but a multiple of ${r}² is required (input ${fmt(input.shape)})`);
  const cells = input.reshape([...lead, c / (r * r), r, r, h, w]);
  return behind(cells, lead.length, [0, 3, 1, 4, 2]).reshape([...lead, c / (r * r), h * r, w * r]);
}

/**
 * The inverse: each square of r × r pixels becomes r² channels.
 * @shape input [*, C, H·r, W·r]; returns [*, C·r², H, W]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.pixel_unshuffle
 */
export function pixelUnshuffle(input: Tensor, downscaleFactor: number): Tensor {
  const r = checkFactor('pixelUnshuffle', 'downscaleFactor', downscaleFactor);
  const { lead, c, h, w } = checkImage('pixelUnshuffle', input);
  if (h % r !== 0 || w % r !== 0) throw new ShapeError('CVY_SHAPE_KERNEL', `pixelUnshuffle: input is ${h}×${w} but both must be multiples of ${r} (input ${fmt(input.shape)})`);
  const cells = input.reshape([...lead, c, h / r, r, w / r, r]);
  return behind(cells, lead.length, [0, 2, 4, 1, 3]).reshape([...lead, c * r * r, h / r, w / r]);
}

/**
 * Channels of `groups` groups taken in turn, one of each: what mixes the groups of grouped convolutions.
 * @shape input [N, C, …]; returns the same
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS; {ArgumentError} CVY_ARG_VALUE
 * @source torch.nn.functional.channel_shuffle
 */
export function channelShuffle(input: Tensor, groups: number): Tensor {
  checkFactor('channelShuffle', 'groups', groups);
  checkTogether('channelShuffle', input);
  if (input.ndim < 3) throw new ShapeError('CVY_SHAPE_RANK', `channelShuffle: input has ${input.ndim} axes but at least 3 are required (input ${fmt(input.shape)})`);
  const [n, c, ...rest] = input.shape;
  if (c % groups !== 0) throw new ShapeError('CVY_SHAPE_CHANNELS', `channelShuffle: input has ${c} channels but a multiple of ${groups} groups is required (input ${fmt(input.shape)})`);
  // Not −1: with no examples or no pixels it cannot be told.
  return permute(input.reshape([n, groups, c / groups, numel(rest)]), [0, 2, 1, 3]).reshape([n, c, ...rest]);
}
