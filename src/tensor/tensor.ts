/**
 * Tensor: a handle on contiguous, row-major storage in one memory. It knows its shape, dtype, bytes and owner; what is
 * differentiable (add, relu, backward, …) is bound to it by src/autograd, which this file does not know.
 */
import { isFloat, type Backend, type DType, type TypedArray } from '../backend/index.js';
import { ArgumentError, BackendError, DtypeError, fmt, GraphError, MemoryError, ShapeError } from '../errors.js';
import { describeTensor, track, type Hold, type Owner, type Scoped, type Storage } from '../memory/index.js';
import { numel } from '../shape/index.js';
import { printTensor } from './print.js';

/** What the tape knows of a tensor. `gradFn` is opaque here. */
export class AutogradMeta {
  /** The accumulated gradient of a leaf. */
  grad: Tensor | null = null;
  /** True once the user has seen `grad`: it is then forgotten, not disposed, when it is cleared. */
  gradSeen = false;
  /** Functions that see the gradient, in the order of their registration. */
  hooks: readonly { readonly run: GradHook }[] | null = null;
  /** Whether `backward` accumulates into `grad` of a result, too. */
  retainsGrad = false;
  constructor(public requiresGrad: boolean, readonly gradFn: GradFn | null) {}
}

/** Sees a gradient; may return another one in its place. */
export type GradHook = (gradient: Tensor) => Tensor | null | undefined | void;

/** The operation that made a tensor, as far as a handle shows it. */
export interface GradFn {
  readonly name: string;
}

export type NestedArray = number | boolean | NestedArray[];

export class Tensor implements Owner, Scoped {
  kept = false;
  private readonly hold: Hold | null;
  private disposed = false;

  /**
   * Engine use: tensors are made by `nn.tensor`, `nn.zeros`, … or by operations.
   * A borrowed handle (`owned` false) does not count as a holder: whoever made it sees that the storage lives.
   */
  constructor(
    private dispatch: Backend,
    private readonly bytes: Storage,
    readonly shape: readonly number[],
    readonly dtype: DType,
    private autograd: AutogradMeta | null = null,
    readonly owned = true,
  ) {
    this.hold = owned ? bytes.arena.hold(this, [bytes], true) : null;
    if (owned) track(this);
  }

  /** Where operations on this tensor run. */
  get backend(): Backend {
    return this.dispatch;
  }

  /** Has operations on this tensor run on another backend of the same memory; keeps the handle, so optimizers still know it. */
  dispatchTo(backend: Backend): void {
    if (backend.memory !== this.dispatch.memory) {
      throw new BackendError('CVY_BACKEND_MIXED', `to: ${describeTensor(this.shape, this.dtype)} lives in the memory of '${this.dispatch.name}' but '${backend.name}' has another one; build the model there and use loadStateDict`);
    }
    this.dispatch = backend;
  }

  /** The bytes. @throws {MemoryError} CVY_MEMORY_DISPOSED, {BackendError} CVY_BACKEND_CLOSED. */
  get storage(): Storage {
    if (this.disposed) throw new MemoryError('CVY_MEMORY_DISPOSED', `tensor: ${describeTensor(this.shape, this.dtype)} was disposed but is used; keep() spares a tensor from scopes and from the DataLoader, which disposes a batch when the loop moves on`);
    if (this.bytes.arena.closed) throw new BackendError('CVY_BACKEND_CLOSED', `tensor: the convoy of ${describeTensor(this.shape, this.dtype)} is closed but the tensor is used`);
    return this.bytes;
  }

  /** Pointer of the first element. */
  get ptr(): number {
    return this.storage.ptr;
  }

  get meta(): AutogradMeta | null {
    return this.autograd;
  }

  /** Engine use: gives the tensor another history (recorded in-place changes). */
  set meta(meta: AutogradMeta | null) {
    this.autograd = meta;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get numel(): number {
    return numel(this.shape);
  }

  /** The shape, or the size of one axis (negative ones count from the back). */
  size(): readonly number[];
  size(axis: number): number;
  size(axis?: number): number | readonly number[] {
    if (axis === undefined) return this.shape;
    const size = this.shape[axis < 0 ? axis + this.shape.length : axis];
    if (size === undefined) throw new ShapeError('CVY_SHAPE_AXIS', `size: axis is ${axis} but must be from ${-this.ndim} to ${this.ndim - 1} (input ${fmt(this.shape)})`);
    return size;
  }

  get requiresGrad(): boolean {
    return this.autograd !== null && (this.autograd.requiresGrad || this.autograd.gradFn !== null);
  }

  /** Recording can be switched on for leaves of a float dtype. */
  set requiresGrad(value: boolean) {
    if (this.autograd?.gradFn) {
      if (value) return;
      throw new GraphError('CVY_GRAPH_LEAF', `requiresGrad: ${describeTensor(this.shape, this.dtype)} is the result of ${this.autograd.gradFn.name} but only a leaf can be switched off; use detach()`);
    }
    if (value && !isFloat(this.dtype)) throw new DtypeError('CVY_DTYPE', `requiresGrad: dtype is ${this.dtype} but float32 or float64 is required (input ${fmt(this.shape)})`);
    if (this.autograd) this.autograd.requiresGrad = value;
    else if (value) this.autograd = new AutogradMeta(true, null);
  }

  /** Sets `requiresGrad` and returns the tensor. */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** True when no recorded operation made this tensor. */
  get isLeaf(): boolean {
    return !this.autograd?.gradFn;
  }

  /** The operation that made the tensor, null for leaves. */
  get gradFn(): GradFn | null {
    return this.autograd?.gradFn ?? null;
  }

  /** The gradient that `backward` accumulated, or null. */
  get grad(): Tensor | null {
    if (this.autograd?.grad) this.autograd.gradSeen = true;
    return this.autograd?.grad ?? null;
  }

  /** Replaces the gradient; null clears it, as optimizers do before a step. */
  set grad(value: Tensor | null) {
    const meta = this.autograd;
    if (value === null) {
      if (!meta?.grad) return;
      if (!meta.gradSeen) meta.grad.dispose();
      meta.grad = null;
      meta.gradSeen = false;
      return;
    }
    if (!(value instanceof Tensor) || value.shape.length !== this.shape.length || value.shape.some((size, i) => size !== this.shape[i]) || value.dtype !== this.dtype) {
      throw new ShapeError('CVY_SHAPE_MISMATCH', `grad: ${value instanceof Tensor ? describeTensor(value.shape, value.dtype) : typeof value} is given but ${describeTensor(this.shape, this.dtype)} is required`);
    }
    if (value.backend.memory !== this.dispatch.memory) {
      throw new BackendError('CVY_BACKEND_MIXED', `grad: the gradient lives in the memory of '${value.backend.name}' but its tensor in another one of '${this.dispatch.name}' and they must share one (tensor ${fmt(this.shape)}); move it with gradient.to(nn)`);
    }
    if (!meta) this.autograd = new AutogradMeta(false, null);
    this.grad = null;
    value.kept = true;
    this.autograd!.grad = value;
    this.autograd!.gradSeen = true;
  }

  /** The value of a tensor of one element. @throws {ShapeError} CVY_SHAPE_NUMEL. */
  item(): number {
    if (this.numel !== 1) throw new ShapeError('CVY_SHAPE_NUMEL', `item: the tensor has ${this.numel} elements but 1 is required (input ${fmt(this.shape)})`);
    return this.dataSync()[0];
  }

  /** A copy of the elements, row-major. On a device this blocks. */
  dataSync(): TypedArray {
    return this.backend.memory.read(this.ptr, this.dtype, this.numel);
  }

  /** A copy of the elements, row-major, without blocking where the device allows it. */
  async data(): Promise<TypedArray> {
    const { memory } = this.backend;
    return memory.readAsync ? memory.readAsync(this.ptr, this.dtype, this.numel) : this.dataSync();
  }

  /** The elements as nested arrays (a number for a scalar; booleans for bool). Who knows the rank may say so: `toArray<number[][]>()`. */
  toArray<A extends NestedArray = NestedArray>(): A {
    const flat = this.dataSync();
    let at = 0;
    const build = (axis: number): NestedArray => {
      if (axis === this.shape.length) return this.dtype === 'bool' ? flat[at++] !== 0 : flat[at++];
      return Array.from({ length: this.shape[axis] }, () => build(axis + 1));
    };
    return build(0) as A;
  }

  /** For JSON.stringify: as toArray. */
  toJSON(): NestedArray {
    return this.toArray();
  }

  toString(): string {
    return printTensor(this);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.disposed ? `tensor(disposed, shape=${fmt(this.shape)})` : this.toString();
  }

  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    throw new ArgumentError('CVY_ARG_TYPE', `tensor: it was used with a JavaScript operator but those know numbers only (input ${fmt(this.shape)}); use add, sub, mul, div, lt, gt, … or item()`);
  }

  describe(): string {
    return describeTensor(this.shape, this.dtype);
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Drops this handle. Storage that views, the tape, gradients or optimizers hold lives on. Harmless when repeated. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    if (this.hold !== null) this.bytes.arena.drop(this.hold);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
