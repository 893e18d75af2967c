/**
 * The pass that folds batch norms into weights for good. What a Sequential fuses at every call without being asked is fusion.ts.
 */
import { noGrad } from '../autograd/index.js';
import { ArgumentError, didYouMean } from '../errors.js';
import { scope } from '../memory/index.js';
import { deepCopy } from './copy.js';
import { fold, folding, isConvolution, isPlain, type Folding } from './foldNorm.js';
import { withActivation } from './fusion.js';
import type { Layer } from './layer.js';
import { Sequential } from './layers/container.js';
import { Identity } from './layers/identity.js';
import { Module } from './module.js';
import { parameter } from './parameter.js';

/** Dotted names, in the model, of modules that are called one after the other. */
export type FuseGroup = readonly string[];

/** Where a module stands: a property of the module that holds it. */
interface Place {
  readonly name: string;
  readonly holder: Module;
  readonly key: string;
  readonly module: Module;
}

/**
 * A copy of a model in evaluation mode that computes the same, up to rounding, with fewer layers: every batch norm that follows a
 * convolution of as many axes (plain or transposed) or, on [N, C], a Linear (BatchNorm1d) within a Sequential is folded into that layer's
 * weight and bias, and an Identity takes its place, so that names stay. The model itself is left alone. Layers that stand in several
 * places are left out.
 *
 * In modules with a `forward` of their own only the author knows what is called after what: `groups` name such modules, each a
 * convolution or linear layer and its batch norm, then, behind a plain convolution, a ReLU or ReLU6: `fuse(model, [['conv1', 'bn1', 'relu1']])`, or
 * `['conv1', 'relu1']`. With either, the convolution's place is taken by a Sequential of both (`conv1.0.weight`).
 *
 * @throws {ArgumentError} CVY_ARG_VALUE in training mode, for a name that the model does not have and for a group that cannot be
 * fused; CVY_ARG_TYPE unless given a module and lists of names
 * @source torch.ao.quantization.fuse_modules, torch.nn.utils.fusion
 */
export function fuse<M extends Module>(model: M, groups: readonly FuseGroup[] = []): M {
  if (!(model instanceof Module)) throw new ArgumentError('CVY_ARG_TYPE', `fuse: the model is ${model === null ? 'null' : typeof model} but must be a module`);
  if (!Array.isArray(groups) || groups.some((group) => !Array.isArray(group) || group.some((name) => typeof name !== 'string'))) {
    throw new ArgumentError('CVY_ARG_TYPE', `fuse: groups are ${JSON.stringify(groups)} but must be lists of module names; as in fuse(model, [['conv1', 'bn1']])`);
  }
  const training = model.namedModules().find(([, module]) => module.training);
  if (training !== undefined) {
    throw new ArgumentError('CVY_ARG_VALUE', `fuse: ${training[0] === '' ? 'the model' : `'${training[0]}'`} is in training mode but evaluation mode is required, in which statistics are fixed; call model.eval() first`);
  }
  const copy = deepCopy(model);
  for (const group of groups) fuseGroup(copy, group);
  const places = placesOf(copy);
  for (const place of places) if (place.module instanceof Sequential) fuseRow(place.module, places);
  if (copy instanceof Sequential) fuseRow(copy, places);
  // Names in messages are the copy's own from here on.
  copy.modules();
  return copy;
}

/** Every module below the root, once for each place it stands in. */
function placesOf(root: Module): Place[] {
  const found: Place[] = [];
  const within: Module[] = [];
  const walk = (holder: Module, prefix: string): void => {
    if (within.includes(holder)) return;
    within.push(holder);
    for (const [key, module] of holder.ownModules()) {
      found.push({ name: prefix + key, holder, key, module });
      walk(module, `${prefix}${key}.`);
    }
    within.pop();
  };
  walk(root, '');
  return found;
}

const isAlone = (module: Module, places: readonly Place[]): boolean => places.filter((place) => place.module === module).length === 1;

/** Folds what follows each other in a Sequential; one that is called in a way of its own is left alone. */
function fuseRow(row: Sequential, places: readonly Place[]): void {
  if (row.forward !== Sequential.prototype.forward) return;
  let before: Module | undefined;
  for (const [key, module] of row.ownModules()) {
    const pair = folding(before, module);
    if (pair !== null && isAlone(pair[0], places)) absorb(pair, { holder: row, key });
    else if (!isPlain(module, Identity)) before = module;
  }
}

/** Gives the layer the folded weights, and its norm's place to an Identity. */
function absorb(pair: Folding, { holder, key }: Pick<Place, 'holder' | 'key'>): void {
  const [layer, norm] = pair;
  const { requiresGrad } = layer.weight;
  const { weight, bias } = noGrad(() => scope(() => fold(pair)));
  Object.assign(layer, { weight: parameter(weight, requiresGrad), bias: parameter(bias, layer.bias?.requiresGrad ?? requiresGrad), spec: { ...layer.spec, bias: true } });
  put(holder, key, new Identity({}, norm.backend));
}

/** Puts an evaluating module into a place. */
function put(holder: Module, key: string, module: Module): void {
  Object.assign(holder, { [key]: module.eval() });
}

function fuseGroup(model: Module, group: FuseGroup): void {
  const places = placesOf(model);
  const [first, ...rest] = group.map((name): Place => {
    const place = places.find((candidate) => candidate.name === name);
    if (place === undefined) throw new ArgumentError('CVY_ARG_VALUE', `fuse: '${name}' is no module of the model but every name of group ${said(group)} must be${didYouMean(name, places.map((candidate) => candidate.name))}`);
    return place;
  });
  const refuse = (found: string): ArgumentError => new ArgumentError('CVY_ARG_VALUE', `fuse: ${found} but a convolution with its batch norm, a ReLU or ReLU6 or both, in this order, or a Linear with a BatchNorm1d is required, with running statistics over as many channels (group ${said(group)})`);
  const kinds = `the group is ${[first, ...rest].filter(Boolean).map(({ module }) => `${module.constructor.name}(${module.extraRepr()})`).join(', ') || 'empty'}`;
  if (first === undefined) throw refuse(kinds);
  for (const { name, module } of [first, ...rest]) if (!isAlone(module, places)) throw new ArgumentError('CVY_ARG_VALUE', `fuse: '${name}' stands in several places of the model but must stand in one (group ${said(group)})`);
  const layer = first.module;
  const pair = folding(layer, rest[0]?.module);
  const [relu, ...more] = pair === null ? rest : rest.slice(1);
  const withRelu = relu !== undefined && isConvolution(layer) && withActivation(relu.module) !== null && (relu.module as Layer).backend === layer.backend;
  if (more.length > 0 || (relu !== undefined ? !withRelu : pair === null)) throw refuse(kinds);
  if (pair !== null) absorb(pair, rest[0]);
  if (!withRelu) return;
  put(first.holder, first.key, new Sequential([layer, relu.module]));
  put(relu.holder, relu.key, new Identity({}, (relu.module as Layer).backend));
}

const said = (group: FuseGroup): string => `[${group.join(', ')}]`;
