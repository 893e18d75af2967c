/**
 * The table of i32 that ../depthwise.ts writes, in the order of these enums: all that follows from a shape. How the kernels of few channels read
 * it, and how they fill a slab by it.
 */
import { fillSlab } from './slab';

/** Counts in elements; what ends in At is in bytes from the table's beginning. */
export const enum Shape { channels, rows, groups, sizeD, sizeH, sizeW, outputPlane, groupStride, rowStride, blocks, weightsAt, linesAt, slabAt, end }
/**
 * Rows of the output that are jumpH apart, in depths jumpD apart: those of an input gradient have taps of their own for each
 * remainder modulo the stride. `size` is that of the record, `before` the blocks of those before.
 */
export const enum Lines {
  size, before, depths, lowD, stepD, lenD, firstD, jumpD, lowH, stepH, lenH, countH, firstH, jumpH, lowW, stepW, countW, residues, run,
  rowsPer, colsPer, rowBlocks, colBlocks, columns, end,
}
/** The same for columns. The byte offsets of their taps follow: in the slab, then in a row of weights. */
export const enum Columns { count, taps, end }

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function at(p: usize, field: i32): i32 {
  return load<i32>(p + (<usize>field << 2));
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function placesOf(columns: usize): usize {
  return columns + (<usize>Columns.end << 2);
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function weightsOf(columns: usize): usize {
  return placesOf(columns) + (<usize>at(columns, Columns.taps) << 2);
}
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function nextOf(columns: usize): usize {
  return weightsOf(columns) + (<usize>at(columns, Columns.taps) << 2);
}

// @ts-ignore: AssemblyScript allows decorators here
@inline
export function linesOf(table: usize, block: i32): usize {
  let lines = table + (<usize>Shape.end << 2);
  while (block >= at(lines, Lines.before) + at(lines, Lines.colBlocks) * at(lines, Lines.rowBlocks) * at(lines, Lines.depths)) lines += <usize>at(lines, Lines.size) << 2;
  return lines;
}

/** Fills the slab for rows h0 … h1 − 1 and columns from w0 on of depth jd. */
// @ts-ignore: AssemblyScript allows decorators here
@inline
export function fill(table: usize, lines: usize, source: usize, jd: i32, h0: i32, h1: i32, w0: i32): void {
  const channels = at(table, Shape.channels);
  const lenD = at(lines, Lines.lenD);
  // Where other planes follow in the slab they follow the tallest block, for which the taps were tabulated.
  const rows = channels * lenD == 1 ? h1 - h0 : at(lines, Lines.rowsPer);
  fillSlab(
    source, channels, at(table, Shape.sizeD), at(table, Shape.sizeH), at(table, Shape.sizeW), at(lines, Lines.lowD) + jd * at(lines, Lines.stepD), lenD,
    at(lines, Lines.lowH) + h0 * at(lines, Lines.stepH), (rows - 1) * at(lines, Lines.stepH) + at(lines, Lines.lenH),
    at(lines, Lines.lowW) + w0 * at(lines, Lines.stepW), at(lines, Lines.stepW), at(lines, Lines.residues), at(lines, Lines.run),
    table + <usize>at(table, Shape.slabAt),
  );
}
