/** Looking into models. Only re-exports. */
export { convMatrix } from './convMatrix.js';
export type { ConvMatrix } from './convMatrix.js';
export { featureMaps, influence } from './featureMaps.js';
export type { InfluenceOptions } from './featureMaps.js';
export { imageGrid } from './imageGrid.js';
export type { ImageGridOptions, Picture } from './imageGrid.js';
export { convOutputShape, convTransposeOutputShape, poolOutputShape } from './outputShape.js';
export type { ConvOutputOptions, ConvTransposeOutputOptions } from './outputShape.js';
export type { Palette } from './palette.js';
export { parameterCount } from './parameterCount.js';
export type { ParameterCount } from './parameterCount.js';
export { receptiveField } from './receptiveField.js';
export type { ReceptiveField } from './receptiveField.js';
export { savePicture, toPng, toSvg, toTerminal } from './show.js';
export type { PictureOptions, TerminalOptions } from './show.js';
export { summary } from './summary.js';
export type { Summary, SummaryRow } from './summary.js';
