/**
 * Copying a state dict into a model's tensors. Which tensors those are is Module's business.
 */
import { noGrad } from '../autograd/index.js';
import { ArgumentError, DataError, didYouMean, fmt } from '../errors.js';
import { sameShape } from '../shape/index.js';
import { Tensor } from '../tensor/index.js';

/** Tensors by PyTorch's names. */
export type StateDict = Record<string, Tensor>;

/** What tells a lazy layer its size: tensors, or a file's entries. */
export type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/** Names that were not in both, which only `strict: false` lets pass. */
export interface LoadResult {
  /** In the model only: those tensors are as before. */
  missingKeys: string[];
  /** In the state dict only. */
  unexpectedKeys: string[];
}

/** @throws {ArgumentError} CVY_ARG_TYPE for anything but tensors by name. */
export function checkState(state: Readonly<StateDict>): void {
  if (state === null || typeof state !== 'object' || Object.values(state).some((value) => !(value instanceof Tensor))) {
    const found = state === null || typeof state !== 'object' ? String(state) : `one with ${Object.keys(state).filter((name) => !(state[name] instanceof Tensor)).join(', ')} no tensor`;
    throw new ArgumentError('CVY_ARG_TYPE', `loadStateDict: the state dict is ${found} but must be an object of tensors by name; make tensors with nn.tensor(…)`);
  }
}

/** @throws {DataError} CVY_DATA_MISMATCH, with all that does not fit. */
export function load(own: StateDict, state: Readonly<StateDict>, strict: boolean): LoadResult {
  const missingKeys = Object.keys(own).filter((name) => !Object.hasOwn(state, name));
  const unexpectedKeys = Object.keys(state).filter((name) => !Object.hasOwn(own, name));
  const common = Object.keys(own).filter((name) => Object.hasOwn(state, name));
  const problems = [
    strict && missingKeys.length > 0 ? `missing ${missingKeys.join(', ')}` : '',
    strict && unexpectedKeys.length > 0 ? `unexpected ${unexpectedKeys.map((name) => name + (missingKeys.length > 0 ? didYouMean(name, missingKeys).replace('; did you mean', ' – is it') : '')).join(', ')}` : '',
    ...common.filter((name) => !sameShape(own[name].shape, state[name].shape)).map((name) => `${name} is ${fmt(state[name].shape)} but must be ${fmt(own[name].shape)}`),
  ].filter(Boolean);
  if (problems.length > 0) throw new DataError('CVY_DATA_MISMATCH', `loadStateDict: the state dict has ${Object.keys(state).length} entries but does not fit the model (${problems.join('; ')})`);
  noGrad(() => {
    for (const name of common) own[name].copy_(state[name].to({ backend: own[name].backend }));
  });
  return { missingKeys, unexpectedKeys };
}
