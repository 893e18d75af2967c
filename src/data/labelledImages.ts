/** What the image sets (`digits`, MNIST) have in common: plain arrays, before any tensor. */

export interface LabelledImages {
  /** [n, height, width], one byte a pixel: 0 is background, 255 full ink. */
  images: Uint8Array;
  /** [n]. */
  labels: Uint8Array;
  shape: [n: number, height: number, width: number];
}
