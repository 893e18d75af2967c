/**
 * The scratch arrays of this thread from which the micro-kernel reads packed operands, and the sizes of GEMM blocks.
 * They belong to the module, not to the heap's workspace, for speed: V8 folds a module's constant array into the code
 * (base and length become immediates), but must re-check a heap view that arrives as an argument. Measured on one
 * 2.3 GHz core, Node 20 / 24: constant planes 6.2 / 6.0 GFLOP/s, the same loop over heap views 3.4 / 4.0.
 *
 * Kernels are synchronous, so a thread uses them for one piece at a time and nothing in them outlives a call of `run`.
 * Importers must bind the arrays to a constant of their own (`const A0 = panels.a0`): an imported binding is not folded.
 */

/**
 * Rows and columns of the register tile. V8 computes all products of a loop body before the first addition, so a tile
 * needs 2·MR·NR registers; 2×3 is the largest that fits 15 of them. Measured (GFLOP/s, Node 20 / 24):
 * 2×3 6.2 / 6.0, 3×2 5.4 / 4.6, 2×4 4.0 / 4.7, 3×3 3.6 / 4.9, 4×4 3.8 / 3.8 (spills); unrolling k twice loses a tenth.
 */
export const MR = 2;
export const NR = 3;

/** Longest run of k that is packed at once. A panel of A (8 KiB) and of B (12 KiB) stay in the first-level cache. */
export const KC = 512;

/** Rows and columns of C of a piece of a GEMM: A's block (256 KiB) stays in the second-level cache while B's panels pass. */
export const MC = 64;
export const NC = 96;

/** Doubles of each plane: 32 panels of KC; shorter k leaves room for more panels. */
export const PLANE = 16384;
/** Doubles of the tile of C that a piece works on. */
export const TILE = 16384;
/** Doubles of the slab, the padded part of an image that a block of a convolution reads. */
export const SLAB = 65536;
/** Columns that a block of a convolution may have. */
export const COLUMNS = 4096;

/**
 * Plane i of A holds row i of every row panel, plane j of B column j of every column panel, k contiguous: panel q begins at
 * q·kc. One index per operand then serves all rows of a tile, and V8 checks it once.
 */
export const panels = {
  a0: new Float64Array(PLANE), a1: new Float64Array(PLANE),
  b0: new Float64Array(PLANE), b1: new Float64Array(PLANE), b2: new Float64Array(PLANE),
  tile: new Float64Array(TILE),
  slab: new Float64Array(SLAB),
  /** Offsets into the slab: of the elements that are summed over, and of the columns. Offsets into the weights along k. */
  offsetsK: new Int32Array(KC),
  offsetsN: new Int32Array(COLUMNS),
  offsetsW: new Int32Array(KC),
};
