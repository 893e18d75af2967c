/**
 * How a layer class becomes a factory of `nn`: every layer file lists its own in `factories`, one line each, and factories.ts gathers them.
 */
import type { Backend, Rng } from '../backend/index.js';
import type { Module } from './module.js';

/** A class whose constructor takes SPEC, BACKEND and RNG by injection. */
export type LayerClass<M extends Module, S> = new (spec: S, backend: Backend, rng: Rng) => M;

/** What builds layers with a backend and random numbers injected: an `nn`. */
export interface LayerMaker {
  make<M extends Module, S>(layer: LayerClass<M, S>, spec: S): M;
}

/** Makes a layer from a user's arguments, which are checked before any memory is taken. */
export type Factory<A extends unknown[], M extends Module> = (nn: LayerMaker, ...args: A) => M;

/** The factory of `layer`, whose spec `check` makes of the arguments that users type. */
export const factory = <A extends unknown[], M extends Module, S>(layer: LayerClass<M, S>, check: (...args: A) => S): Factory<A, M> =>
  (nn, ...args) => nn.make(layer, check(...args));
