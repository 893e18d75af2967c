/** Weight gradients in chunks of pixels, whose sums are apart: they lie side by side in the shared workspace, and a second phase adds them up in their order. */
import type { Wasm } from './wasm.js';

/** Bytes that the partial sums of all chunks may take. */
export const PARTIALS = 2 ** 24;
/** Multiplications that a piece should have at least, and pixels of a chunk where there are more than PIECES: fewer cost more to add up than they gain. */
export const LEAST = 65536;
export const LEAST_PIXELS = 512;
/** Partial sums that a piece adds up, of all chunks; and weights that it has at least. */
const SUMMED = 65536;
const LEAST_SUMMED = 256;

/** Weights of a piece that adds up so many chunks. */
const weightsBy = (chunks: number): number => Math.max(LEAST_SUMMED, Math.floor(SUMMED / chunks / LEAST_SUMMED) * LEAST_SUMMED);

/** Pieces of the second phase and bytes of all sums; none where there is but one chunk, whose sums are the result. */
export const partialPieces = (weights: number, chunks: number): number => (chunks > 1 ? Math.ceil(weights / weightsBy(chunks)) : 0);
export const partialBytes = (weights: number, chunks: number): number => (chunks > 1 ? 4 * chunks * weights : 0);

/** Where a piece of the first phase belongs: pieces are chunk × group × block of rows × block of channels, the last ones next to each other. */
export function placeOf(piece: number, groups: number, mBlocks: number, cBlocks: number): { chunk: number; group: number; mBlock: number; cBlock: number } {
  const cBlock = piece % cBlocks;
  const rest = (piece - cBlock) / cBlocks;
  const mBlock = rest % mBlocks;
  const outer = (rest - mBlock) / mBlocks;
  const group = outer % groups;
  return { chunk: (outer - group) / groups, group, mBlock, cBlock };
}

/** Pieces begin … end − 1 of the second phase. */
export function addPartials({ functions: { convSumParts } }: Wasm, partials: number, weights: number, chunks: number, gw: number, begin: number, end: number): void {
  const each = weightsBy(chunks);
  convSumParts(partials, 4 * weights, chunks, gw, begin * each, Math.min(weights, end * each));
}
