/**
 * Which convolutions Winograd's algorithm serves: by shape and precision alone, so that bits do not depend on threads. The limits
 * are measured, see docs/decisions/0007-winograd.md and 0014-winograd-2x4.md.
 */
import type { ConvGeometry, Precision } from '../../src/backend/index.js';
import { ACROSS, outputsOf, positionsOf } from './winograd.js';

export type WinogradOp = 'conv' | 'convGradInput' | 'convGradWeight';

/** Channels that either side must have: transforms cost as much as the products of about four. */
const CHANNELS = 8;
/** Pairs of channels from which on it serves under precision 'high', where little work is not worth any more rounding. */
const PAIRS = 512;
/** Tiles that transforming the weights, or summing and transforming their gradients, must be spread over. */
const TILES = 32;
/**
 * The same of weight gradients of 5 × 5 under 'high', whose errors are the largest: with fewer some were beyond PyTorch's tolerance (docs/decisions/0007).
 * And most tiles of their rows, each of which is summed whole.
 */
const MANY = 256;
const WIDE = 64;
/** Multiplications that must be saved: by so much are they fewer. Small planes fill their last tiles badly. */
const SAVED = 2;
/** Most tiles of a row: the shortest block, one row of tiles, must stay in the second-level cache. */
const WIDEST = 128;

/** Whether the algorithm can do it: a plane, stride 1, no dilation, 3 × 3 or 5 × 5, and something to compute. */
export function feasible([n, , cin, cout, iD, iH, iW, kD, kH, kW, oD, oH, oW, , sH, sW, pD, , , , dH, dW]: ConvGeometry): boolean {
  return iD === 1 && kD === 1 && oD === 1 && pD === 0 && kH === kW && (kH === 3 || kH === 5) && sH === 1 && sW === 1 && dH === 1 && dW === 1
    && n * cin * cout * iH * iW * oH * oW > 0;
}

export function usesWinograd(op: WinogradOp, geometry: ConvGeometry, precision: Precision): boolean {
  if (precision === 'highest' || !feasible(geometry)) return false;
  const [n, groups, cin, cout, , iH, iW, , , kernel, , oH, oW] = geometry;
  const [channels, rows] = [cin / groups, cout / groups];
  const [h, w] = op === 'convGradInput' ? [iH, iW] : [oH, oW];
  const across = Math.ceil(w / ACROSS);
  const tiles = n * Math.ceil(h / outputsOf(kernel)) * across;
  const [least, widest] = precision === 'high' && kernel === 5 && op === 'convGradWeight' ? [MANY, WIDE] : [TILES, WIDEST];
  return Math.min(channels, rows) >= CHANNELS && (precision === 'fast' || channels * rows >= PAIRS) && tiles >= least && across <= widest
    && n * h * w * kernel * kernel >= SAVED * positionsOf(kernel) * tiles;
}
