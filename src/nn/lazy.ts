/**
 * What layers are before they know how many channels or features come in: no weights, only options. The first input tells, or a state
 * dict that is loaded. Then the object becomes what its ordinary class makes: it takes over the parameters and buffers of a new layer
 * and that class's prototype, so it prints, saves and fuses as one, and all that hold it keep holding it.
 */
import { inject } from 'inversify';
import type { Backend, Rng } from '../backend/index.js';
import { drawingOnce } from '../backend/rng.js';
import { BACKEND, RNG, SPEC } from '../di/tokens.js';
import { ArgumentError, DataError, fmt } from '../errors.js';
import type { OnBackend } from '../autograd/index.js';
import type { Tensor } from '../tensor/index.js';
import type { LayerClass } from './factory.js';
import { Layer } from './layer.js';
import type { ModuleInput } from './module.js';
import type { Parameter } from './parameter.js';
import type { Shapes } from './stateDict.js';

export interface LazySpec<S> {
  /** The class that the layer becomes. */
  readonly type: LayerClass<Layer, S>;
  /** The spec for so many input channels or features; for 0, one that is only printed. */
  of(size: number): S;
  /** Input channels or features. @throws {ShapeError} CVY_SHAPE_RANK. */
  sizeOf(input: Tensor): number;
  /** The same from the shape of a saved weight. */
  sizeIn(weight: readonly number[]): number;
}

/** Made for a state dict that is being loaded, with where the random numbers stood before. No property, or it would be a submodule. */
const candidates = new WeakMap<object, { readonly made: Layer; readonly position: number }>();

export abstract class LazyLayer<S> extends Layer {
  constructor(@inject(SPEC) private readonly lazy: LazySpec<S>, @inject(BACKEND) backend: Backend, @inject(RNG) private readonly random: Rng) {
    super(backend);
  }

  override forward(input: Tensor, ...rest: ModuleInput[]): Tensor {
    const { forward } = this.lazy.type.prototype;
    this.named(() => {
      this.become(this.makeOrdinary(this.lazy.sizeOf(input)));
      return input;
    });
    // Not this.forward: hooks, if there are any, are at work already.
    return (forward as (...inputs: ModuleInput[]) => Tensor).call(this, input, ...rest);
  }

  /** Takes the size from the state dict that is about to be loaded, if it has the layer's weight there. */
  override beforeLoad(state: Shapes, prefix: string): void {
    const weight = state[`${prefix}weight`] ?? state[`${prefix}running_mean`];
    if (weight === undefined) return;
    const size = this.lazy.sizeIn(weight.shape);
    if (!(size >= 1)) throw new DataError('CVY_DATA_MISMATCH', `loadStateDict: a weight is ${fmt(weight.shape)}, of which ${this.whereabouts()} cannot take its size (${prefix}weight)`);
    const { position } = this.random;
    candidates.set(this, { made: this.makeOrdinary(size), position });
  }

  /** Becomes what `beforeLoad` made, or forgets it and its random numbers when the state dict did not fit. */
  override afterLoad(loaded: boolean): void {
    const candidate = candidates.get(this);
    if (candidate === undefined) return;
    candidates.delete(this);
    if (loaded) this.become(candidate.made);
    else this.random.position = Math.min(this.random.position, candidate.position);
  }

  override ownParameters(): [string, Parameter][] {
    return this.known().ownParameters();
  }

  override ownBuffers(): [string, Tensor][] {
    return this.known().ownBuffers();
  }

  override extraRepr(): string {
    return this.lazy.type.prototype.extraRepr.call({ spec: this.lazy.of(0) } as unknown as Layer);
  }

  protected compute(): Tensor {
    throw this.unknown();
  }

  protected override moveTo(target: OnBackend): void {
    this.backend = target.backend;
  }

  private unknown(): ArgumentError {
    return new ArgumentError('CVY_ARG_VALUE', `parameters: ${this.whereabouts()} has no weights yet but its first input must tell their size (${this.toString()}); call forward once, on an example`);
  }

  /** What stands in for this layer while a state dict is loaded. */
  private known(): Layer {
    const candidate = candidates.get(this);
    if (candidate === undefined) throw this.unknown();
    return candidate.made;
  }

  /** A checkpointed function that runs again finds the layer made. */
  private makeOrdinary(size: number): Layer {
    return drawingOnce(() => new this.lazy.type(this.lazy.of(size), this.backend, this.random));
  }

  private become(made: Layer): void {
    const { type } = this.lazy;
    Reflect.deleteProperty(this, 'lazy');
    Reflect.deleteProperty(this, 'random');
    for (const key of Object.keys(made)) if (!(key in this)) Object.assign(this, { [key]: made[key as keyof Layer] });
    Object.setPrototypeOf(this, type.prototype as object);
    for (const [key, tensor] of made.ownBuffers()) this.registerBuffer(key, tensor);
  }
}
