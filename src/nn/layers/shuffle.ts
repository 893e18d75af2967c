/**
 * Layers that exchange channels and pixels. The operations themselves are nn/functional/shuffle.ts.
 */
import { injectedAsBase } from '../../di/injectedAsBase.js';
import type { Tensor } from '../../tensor/index.js';
import { factory } from '../factory.js';
import { channelShuffle, checkFactor, pixelShuffle, pixelUnshuffle } from '../functional/shuffle.js';
import { SpecLayer } from '../layer.js';
import { keyword } from '../options.js';

/** The one argument, checked. */
export interface FactorSpec {
  readonly factor: number;
}

const spec = <A>(op: string, name: string) => (value: number | A): FactorSpec => ({ factor: checkFactor(op, name, keyword(op, name, value)) });

/**
 * Each group of r² channels becomes an image r times as high and wide.
 * @shape input [*, C·r², H, W]; returns [*, C, H·r, W·r]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS
 * @source torch.nn.PixelShuffle
 */
@injectedAsBase
export class PixelShuffle extends SpecLayer<FactorSpec> {
  protected compute(input: Tensor): Tensor {
    return pixelShuffle(input, this.spec.factor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.spec.factor}`;
  }
}

/**
 * The inverse of PixelShuffle.
 * @shape input [*, C, H·r, W·r]; returns [*, C·r², H, W]
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_KERNEL
 * @source torch.nn.PixelUnshuffle
 */
@injectedAsBase
export class PixelUnshuffle extends SpecLayer<FactorSpec> {
  protected compute(input: Tensor): Tensor {
    return pixelUnshuffle(input, this.spec.factor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.spec.factor}`;
  }
}

/**
 * Channels of the groups taken in turn.
 * @shape input [N, C, …]; returns the same
 * @throws {ShapeError} CVY_SHAPE_RANK, CVY_SHAPE_CHANNELS
 * @source torch.nn.ChannelShuffle
 */
@injectedAsBase
export class ChannelShuffle extends SpecLayer<FactorSpec> {
  protected compute(input: Tensor): Tensor {
    return channelShuffle(input, this.spec.factor);
  }

  override extraRepr(): string {
    return `groups=${this.spec.factor}`;
  }
}

export const factories = {
  /** See {@link PixelShuffle}. */
  PixelShuffle: factory(PixelShuffle, spec<{ upscaleFactor: number }>('PixelShuffle', 'upscaleFactor')),
  /** See {@link PixelUnshuffle}. */
  PixelUnshuffle: factory(PixelUnshuffle, spec<{ downscaleFactor: number }>('PixelUnshuffle', 'downscaleFactor')),
  /** See {@link ChannelShuffle}. */
  ChannelShuffle: factory(ChannelShuffle, spec<{ groups: number }>('ChannelShuffle', 'groups')),
};
