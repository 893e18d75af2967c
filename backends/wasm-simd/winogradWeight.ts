/**
 * Weight gradient by Winograd's algorithm: Gᵀ[Σ over tiles (BᵀxB) ⊙ (A·g·Aᵀ)]G. For each position of a tile the sums are a product of
 * matrices, output channels × input channels, over tiles. Rows of tiles are cut into chunks, whose sums are added up in doubles, in their order.
 *
 * Where channels are one block, a piece transforms the tiles of a chunk for itself. Several blocks share what is transformed, as far as memory
 * allows. Pieces of phase 0, which transforms ahead: group × block of either kind × part of the rows of tiles. Of phase 1, which sums: group × pair
 * of blocks × chunk, or position × group × pair of blocks. Of phase 2, which adds up and transforms back: group × pair × some output channels.
 */
import type { ConvGeometry, Kernel, OpArgs, Work } from '../../src/backend/index.js';
import { partOf, roundUp } from './cut.js';
import { placeOf } from './partials.js';
import { nameOf, type Wasm } from './wasm.js';
import { eachImage } from './winograd.js';
import { LANES, plan, ZEROS, type Plan } from './winogradWeightPlan.js';

/** A pair of blocks of channels: output channels m0 … m1 − 1 and input channels c0 … c1 − 1 of a group. */
function pairOf({ rows, channels, mBlocks, cBlocks }: Plan, groups: number, place: number) {
  const { group, mBlock, cBlock } = placeOf(place, groups, mBlocks, cBlocks);
  const [[m0, m1], [c0, c1]] = [partOf(rows, mBlocks, mBlock), partOf(channels, cBlocks, cBlock)];
  return { group, mBlock, cBlock, m0, m1, c0, c1, gRow: 4 * roundUp(m1 - m0, LANES), vRow: 4 * roundUp(c1 - c0, LANES) };
}

export function convGradWeightWinograd(wasm: Wasm): Kernel<OpArgs['convGradWeight']> {
  const { winogradCells, winogradSum, winogradGradWeight } = wasm.functions;

  /** Transforms rows of tiles first … last − 1 of channels c0 … c1 − 1 of a group, of the gradient or of x, to `to`. */
  function transform(
    the: Plan, isGrad: boolean, source: number, geometry: ConvGeometry, group: number, c0: number, c1: number, first: number, last: number,
    to: number, scratch: number,
  ): void {
    const [, groups, , , , iH, iW, , , , , oH, oW, , , , , pH, pW] = geometry;
    const { kernel, m, rows, channels, down, across, gPosition, vPosition } = the;
    const [all, h, w, lowH, lowW] = isGrad ? [rows, oH, oW, 0, 0] : [channels, iH, iW, -pH, -pW];
    eachImage(first, last, down, (image, row, count, before) => winogradCells(
      source + 4 * ((image * groups + group) * all + c0) * h * w, 4 * h * w, c1 - c0, h, w, row * m + lowH, lowW,
      kernel, count, across, isGrad ? 1 : 0, to + 4 * before * across * roundUp(c1 - c0, LANES), isGrad ? gPosition : vPosition, scratch,
    ));
  }

  /** Phase 0: some rows of tiles of a block of channels, first those of the gradient. */
  function transformAhead(the: Plan, x: number, g: number, geometry: ConvGeometry, piece: number, { own, shared }: Work): void {
    const { positions, rows, channels, mBlocks, cBlocks, parts, lines, across, gPosition, vPosition, gAt, vAt } = the;
    const part = piece % parts;
    const place = (piece - part) / parts;
    const ofGrad = geometry[1] * mBlocks;
    const isGrad = place < ofGrad;
    const at = isGrad ? place : place - ofGrad;
    const [all, blocks] = isGrad ? [rows, mBlocks] : [channels, cBlocks];
    const block = at % blocks;
    const [c0, c1] = partOf(all, blocks, block);
    const [first, last] = partOf(lines, parts, part);
    const to = shared + (isGrad ? gAt + at * positions * gPosition : vAt + at * positions * vPosition) + 4 * first * across * roundUp(c1 - c0, LANES);
    transform(the, isGrad, isGrad ? g : x, geometry, (at - block) / blocks, c0, c1, first, last, to, own + ZEROS);
  }

  /** Phase 1 after that: the sums of one position. Pieces of a position are neighbours, since they read the same tiles. */
  function sumPosition(the: Plan, groups: number, piece: number, { own, shared }: Work): void {
    const { positions, mBlocks, cBlocks, lines, across, run, gPosition, vPosition, sumsBytes, gAt, vAt } = the;
    const pairs = groups * mBlocks * cBlocks;
    const place = piece % pairs;
    const position = (piece - place) / pairs;
    const { group, mBlock, cBlock, m0, m1, c0, c1, vRow } = pairOf(the, groups, place);
    const gTiles = shared + gAt + ((group * mBlocks + mBlock) * positions + position) * gPosition;
    const vTiles = shared + vAt + ((group * cBlocks + cBlock) * positions + position) * vPosition;
    const to = shared + place * sumsBytes + position * (m1 - m0) * vRow;
    winogradSum(1, gTiles, 0, m1 - m0, vTiles, 0, c1 - c0, lines * across, Math.ceil(lines / run), own, own + ZEROS, 0, to);
  }

  /** Phase 1 without it: transforms a chunk's tiles, as many as the own workspace holds at once, and sums all positions. */
  function sumChunk(the: Plan, x: number, g: number, geometry: ConvGeometry, piece: number, { own, shared }: Work): void {
    const { positions, chunks, lines, across, run, most, gPosition, vPosition, sumsBytes } = the;
    const chunk = piece % chunks;
    const { group, m0, m1, c0, c1 } = pairOf(the, geometry[1], (piece - chunk) / chunks);
    const [scratch, gTiles, vTiles, sums] = [own + ZEROS, own + the.gAt, own + the.vAt, own + the.sumsAt];
    const to = shared + piece * sumsBytes;
    const [first, last] = partOf(lines, chunks, chunk);
    const turns = Math.ceil((last - first) / most);
    for (let turn = 0; turn < turns; turn++) {
      const [begin, end] = partOf(last - first, turns, turn);
      transform(the, true, g, geometry, group, m0, m1, first + begin, first + end, gTiles, scratch);
      transform(the, false, x, geometry, group, c0, c1, first + begin, first + end, vTiles, scratch);
      winogradSum(
        positions, gTiles, gPosition, m1 - m0, vTiles, vPosition, c1 - c0, (end - begin) * across, Math.ceil((end - begin) / run),
        own, scratch, turn === 0 ? 0 : sums, turn === turns - 1 ? to : sums,
      );
    }
  }

  /** Phase 2: the weights of some output channels, from the sums of all chunks. */
  function addUp(the: Plan, gw: number, groups: number, piece: number, { own, shared }: Work): void {
    const { kernel, rows, channels, chunks, sumsBytes, addRows, addPieces } = the;
    const part = piece % addPieces;
    const place = (piece - part) / addPieces;
    const { group, m0, m1, c0, c1, vRow } = pairOf(the, groups, place);
    const o0 = part * addRows;
    const count = Math.min(addRows, m1 - m0 - o0);
    if (count <= 0) return;
    const taps = 4 * kernel * kernel;
    winogradGradWeight(
      shared + place * chunks * sumsBytes + o0 * vRow, (m1 - m0) * vRow, sumsBytes, chunks, count, c1 - c0, kernel,
      gw + ((group * rows + m0 + o0) * channels + c0) * taps, channels * taps, own + ZEROS,
    );
  }

  return {
    name: nameOf(wasm, 'convGradWeight_winograd'),
    phases: 3,
    pieces([, , , ...geometry], phase) {
      const { positions, mBlocks, cBlocks, chunks, ahead, parts, addPieces } = plan(geometry);
      if (phase === 0) return geometry[1] * (mBlocks + cBlocks) * parts;
      return geometry[1] * mBlocks * cBlocks * (phase === 2 ? addPieces : ahead ? positions : chunks);
    },
    workspace([, , , ...geometry]) {
      const { shared, own } = plan(geometry);
      return { shared, own };
    },
    run({ f32: floats }, [x, g, gw, ...geometry], begin, end, work) {
      const the = plan(geometry);
      const groups = geometry[1];
      floats.fill(0, work.own >>> 2, (work.own + ZEROS) >>> 2);
      for (let piece = begin; piece < end; piece++) {
        if (work.phase === 0) transformAhead(the, x, g, geometry, piece, work);
        else if (work.phase === 2) addUp(the, gw, groups, piece, work);
        else if (the.ahead) sumPosition(the, groups, piece, work);
        else sumChunk(the, x, g, geometry, piece, work);
      }
    },
  };
}
