/** Table entries of assembly/elementwise.ts. */
import { blocks, type KernelTable } from '../../src/backend/index.js';
import { wrap, type Wasm } from './wasm.js';

export const elementwise = (wasm: Wasm): KernelTable => ({
  relu: wrap(wasm, 'relu', { pieces: ([, , n]) => blocks(n) }),
});
