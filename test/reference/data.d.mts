export interface ReferenceCase {
  readonly name: string;
  readonly op: string;
  readonly args: Record<string, unknown>;
  readonly inputs?: Record<string, unknown>;
  readonly params?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly grad_output?: Record<string, unknown>;
  readonly grads?: Record<string, unknown>;
}
export interface Group {
  readonly name: string;
  readonly cases: readonly ReferenceCase[];
  readonly tensors: Map<string, { shape: number[]; dtype: 'F32' | 'I64'; data: Float32Array | Float64Array }>;
}
export const FOLDER: string;
export function present(): boolean;
export function groupNames(): string[];
export function readGroup(name: string): Group;
type Numbers = { readonly shape: readonly number[]; readonly data: ArrayLike<number>; readonly dtype?: string };
export function difference(actual: Numbers, expected: Numbers, rtol: number, atol: number): string | null;
