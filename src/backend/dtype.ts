/**
 * The dtypes that tensors and kernels know, with their byte widths and typed arrays. Not conversion (that is the `cast` op).
 */

export type DType = 'float32' | 'float64' | 'int32' | 'bool';
export type FloatDType = 'float32' | 'float64';
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Bytes of one element. A bool is one byte, 0 or 1. */
export const BYTES: Readonly<Record<DType, number>> = { float32: 4, float64: 8, int32: 4, bool: 1 };

/** Order is the number of a dtype among kernel arguments (`cast`). */
export const DTYPES: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

export const isFloat = (dtype: DType): dtype is FloatDType => dtype === 'float32' || dtype === 'float64';

/** A fresh typed array of `length` elements of `dtype`. */
export function typedArray(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case 'float32': return new Float32Array(length);
    case 'float64': return new Float64Array(length);
    case 'int32': return new Int32Array(length);
    case 'bool': return new Uint8Array(length);
  }
}
