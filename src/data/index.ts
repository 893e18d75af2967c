/** Data: sets of examples, the embedded digits, and the order in which a training takes them. Only re-exports. */
export { DataLoader } from './dataLoader.js';
export type { DataLoaderOptions } from './dataLoader.js';
export { imageDataset, TensorDataset } from './dataset.js';
export type { Dataset } from './dataset.js';
export { digits } from './digits.js';
export type { DigitsOptions } from './digits.js';
export type { LabelledImages } from './labelledImages.js';
export { randomSplit, Subset } from './subset.js';
