/**
 * What layers are before they know how many channels or features come in: no weights, only options. The first input tells, or a state
 * dict that is loaded. Then the object becomes what its ordinary class makes: it takes over the parameters and buffers of a new layer
 * and that class's prototype, so it prints, saves and fuses as one, and all that hold it keep holding it.
 */
import { inject } from 'inversify';
import type { Backend, Rng } from '../backend/index.js';
import { BACKEND, RNG, SPEC } from '../di/tokens.js';
import { ArgumentError } from '../errors.js';
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

export abstract class LazyLayer<S> extends Layer {
  constructor(@inject(SPEC) private readonly lazy: LazySpec<S>, @inject(BACKEND) backend: Backend, @inject(RNG) private readonly random: Rng) {
    super(backend);
  }

  override forward(input: Tensor, ...rest: ModuleInput[]): Tensor {
    const { forward } = this.lazy.type.prototype;
    this.named(() => {
      this.become(this.lazy.sizeOf(input));
      return input;
    });
    // Not this.forward: hooks, if there are any, are at work already.
    return (forward as (...inputs: ModuleInput[]) => Tensor).call(this, input, ...rest);
  }

  /** Takes the size from the state dict that is about to be loaded, if it has the layer's weight there. */
  override beforeLoad(state: Shapes, prefix: string): void {
    const weight = state[`${prefix}weight`] ?? state[`${prefix}running_mean`];
    if (weight !== undefined) this.become(this.lazy.sizeIn(weight.shape));
  }

  override ownParameters(): [string, Parameter][] {
    throw this.unknown();
  }

  override ownBuffers(): [string, Tensor][] {
    throw this.unknown();
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

  private become(size: number): void {
    const { type, of } = this.lazy;
    const made = new type(of(size), this.backend, this.random);
    Reflect.deleteProperty(this, 'lazy');
    Reflect.deleteProperty(this, 'random');
    for (const key of Object.keys(made)) if (!(key in this)) Object.assign(this, { [key]: made[key as keyof Layer] });
    Object.setPrototypeOf(this, type.prototype as object);
    for (const [key, tensor] of made.ownBuffers()) this.registerBuffer(key, tensor);
  }
}
