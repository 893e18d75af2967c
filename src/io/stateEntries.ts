/**
 * Tensors as safetensors entries and back: which dtype travels as which, and whether what a file holds fits a model.
 */
import type { DType } from '../backend/index.js';
import { DataError, didYouMean, fmt } from '../errors.js';
import { sameShape } from '../shape/index.js';
import { fromData, type Tensor } from '../tensor/index.js';
import type { SafetensorsDType, SafetensorsEntry, SafetensorsInput } from './safetensors.js';

/** PyTorch keeps integers as int64, so that is what files hold. */
const WRITTEN: Record<DType, SafetensorsDType> = { float32: 'F32', float64: 'F64', int32: 'I64', bool: 'BOOL' };
/** What may be read into a dtype. A float64 is rounded to float32, as PyTorch does; nothing else changes a value. */
const READ: Record<DType, readonly SafetensorsDType[]> = {
  float32: ['F32', 'F64'], float64: ['F64', 'F32'], int32: ['I64', 'I32', 'U8'], bool: ['BOOL'],
};

/** Copies of the tensors' elements, ready to be serialised. */
export const toEntries = (tensors: Readonly<Record<string, Tensor>>): [string, SafetensorsInput][] =>
  Object.entries(tensors).map(([name, tensor]) => [name, { dtype: WRITTEN[tensor.dtype], shape: tensor.shape, data: tensor.dataSync() as SafetensorsInput['data'] }]);

/** Why an entry cannot become a tensor's value, or nothing. */
function misfit(name: string, own: Tensor, { dtype, shape, data }: SafetensorsEntry): string[] {
  if (!sameShape(own.shape, shape)) return [`${name} is ${fmt(shape)} but must be ${fmt(own.shape)}`];
  if (!READ[own.dtype].includes(dtype)) return [`${name} is ${dtype} but ${READ[own.dtype].join(' or ')} is required for ${own.dtype}`];
  const beyond = own.dtype === 'int32' ? data.findIndex((value) => (value | 0) !== value) : -1;
  return beyond >= 0 ? [`${name} holds ${data[beyond]} at element ${beyond} but an integer of 32 bits is required`] : [];
}

/**
 * New tensors with the entries' values for every tensor of `own`, by name; nothing is changed.
 * @throws {DataError} CVY_DATA_MISMATCH that names every missing, unexpected and unfitting entry
 */
export function fromEntries(op: string, file: string, own: Readonly<Record<string, Tensor>>, entries: ReadonlyMap<string, SafetensorsEntry>): Record<string, Tensor> {
  const missing = Object.keys(own).filter((name) => !entries.has(name));
  const unexpected = [...entries.keys()].filter((name) => !Object.hasOwn(own, name));
  const problems = [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${unexpected.map((name) => name + didYouMean(name, missing).replace('; did you mean', ' – is it')).join(', ')}`] : []),
    ...Object.keys(own).flatMap((name) => (entries.has(name) ? misfit(name, own[name], entries.get(name)!) : [])),
  ];
  if (problems.length > 0) {
    throw new DataError('CVY_DATA_MISMATCH', `${op}: ${file} holds ${entries.size} tensors but they do not fit the model's ${Object.keys(own).length} (${problems.join('; ')})`);
  }
  return Object.fromEntries(Object.keys(own).map((name) => [name, fromData(own[name].backend, entries.get(name)!.data, own[name].shape, { dtype: own[name].dtype })]));
}
