/** Files: weights, checkpoints, safetensors, IDX and MNIST. Only re-exports. */
export { loadCheckpoint, readCheckpoint, saveCheckpoint } from './checkpoint.js';
export type { Checkpoint, CheckpointParts, CheckpointPlace, LoaderState, SavedOptimizer } from './checkpoint.js';
export { readIdx } from './idx.js';
export type { IdxArray } from './idx.js';
export { loadMnist } from './mnist.js';
export type { Mnist, MnistOptions } from './mnist.js';
export { downloadMnist } from './mnistDownload.js';
export { parseSafetensors, readSafetensors, serializeSafetensors } from './safetensors.js';
export type { SafetensorsDType, SafetensorsEntry, SafetensorsFile, SafetensorsInput } from './safetensors.js';
export { loadWeights, saveWeights } from './weights.js';
