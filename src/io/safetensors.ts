/**
 * Parses and serialises safetensors: an 8-byte little-endian header length, a JSON header, then the raw tensors.
 * Works on bytes and typed arrays; what a state dict is and which names fit a model is known elsewhere.
 */
import { ArgumentError, DataError, fmt } from '../errors.js';
import { readBytes } from './readFile.js';
import { type Header, parseHeader, type SafetensorsDType, type TensorPlace, WIDTH } from './safetensorsHeader.js';

export type { SafetensorsDType } from './safetensorsHeader.js';

/** One tensor, row-major. I64 travels as float64 holding safe integers, BOOL as bytes 0 or 1. */
export interface SafetensorsEntry {
  dtype: SafetensorsDType;
  shape: readonly number[];
  data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

/** Tensors to write: I64 may also be plain numbers or an Int32Array. */
export interface SafetensorsInput {
  dtype: SafetensorsDType;
  shape: readonly number[];
  data: SafetensorsEntry['data'] | readonly number[];
}

export interface SafetensorsFile {
  tensors: Map<string, SafetensorsEntry>;
  /** The header's `__metadata__`; empty when the file has none. */
  metadata: Record<string, string>;
}

/**
 * The tensors of a file's bytes in the order of its header, as copies. `name` stands for the bytes in messages.
 * @throws {DataError} CVY_DATA_FORMAT for a wrong header length, header, dtype, offset or byte count, a name that stands twice,
 * an I64 beyond ±(2⁵³ − 1) or a BOOL that is neither 0 nor 1
 * @source The format's description in the safetensors project
 */
export function parseSafetensors(bytes: Uint8Array, name: string): Map<string, SafetensorsEntry> {
  return readTensors(bytes, name, parseHeader(bytes, name));
}

/**
 * A file's tensors and its metadata.
 * @throws {DataError} CVY_DATA_MISSING when there is no such file; CVY_DATA_FORMAT as parseSafetensors
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const bytes = await readBytes('readSafetensors', path);
  const header = parseHeader(bytes, path);
  return { tensors: readTensors(bytes, path, header), metadata: header.metadata };
}

const readTensors = (bytes: Uint8Array, file: string, header: Header): Map<string, SafetensorsEntry> =>
  new Map(header.places.map((place) => [place.name, { dtype: place.dtype, shape: place.shape, data: readData(bytes, file, place) }]));

function readData(bytes: Uint8Array, file: string, { name, dtype, begin, end }: TensorPlace): SafetensorsEntry['data'] {
  // A copy: aligned wherever the tensor lies in the file, and no tensor keeps the whole file alive.
  const own = new Uint8Array(end - begin);
  own.set(bytes.subarray(begin, end));
  switch (dtype) {
    case 'F32': return new Float32Array(own.buffer);
    case 'F64': return new Float64Array(own.buffer);
    case 'I32': return new Int32Array(own.buffer);
    case 'U8': return own;
    case 'BOOL': {
      const at = own.findIndex((value) => value > 1);
      if (at >= 0) throw new DataError('CVY_DATA_FORMAT', `parseSafetensors: ${file}: tensor '${name}' holds ${own[at]} at element ${at} but a BOOL is 0 or 1`);
      return own;
    }
    case 'I64': return Float64Array.from(new BigInt64Array(own.buffer), (value, i) => {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) {
        throw new DataError('CVY_DATA_FORMAT', `parseSafetensors: ${file}: tensor '${name}' holds ${value} at element ${i} but an I64 within ±${Number.MAX_SAFE_INTEGER} is required`);
      }
      return number;
    });
  }
}

/**
 * The bytes of a safetensors file. The header lists the tensors in the given order and is padded with spaces to a multiple of 8;
 * the data lie by falling element width, so that every tensor is aligned in the file.
 * @param entries name and tensor; a Map will do
 * @throws {ArgumentError} CVY_ARG_VALUE for a name given twice, data that does not fill the shape or a value that the dtype
 * cannot hold; CVY_ARG_TYPE for an array of another type than the dtype's
 */
export function serializeSafetensors(entries: Iterable<readonly [string, SafetensorsInput]>, metadata?: Readonly<Record<string, string>>): Uint8Array {
  const tensors = [...entries].map(([name, entry]) => ({ name, entry, begin: 0, bytes: toBytes(name, entry) }));
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name) || name === '__metadata__') {
      throw new ArgumentError('CVY_ARG_VALUE', `serializeSafetensors: tensor '${name}' ${names.has(name) ? 'is given twice' : 'has the name of the metadata'} but names must be unique`);
    }
    names.add(name);
  }
  const placed = [...tensors].sort((a, b) => WIDTH[b.entry.dtype] - WIDTH[a.entry.dtype]);
  let size = 0;
  for (const tensor of placed) {
    tensor.begin = size;
    size += tensor.bytes.length;
  }
  // Joined by hand: an object would move names such as '0' to the front.
  const lines = tensors.map(({ name, entry: { dtype, shape }, begin, bytes }) =>
    `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, begin + bytes.length] })}`);
  if (metadata) lines.unshift(`"__metadata__":${JSON.stringify(checkMetadata(metadata))}`);
  const json = new TextEncoder().encode(`{${lines.join(',')}}`);
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(start + size).fill(0x20, 8 + json.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true);
  file.set(json, 8);
  for (const { begin, bytes } of placed) file.set(bytes, start + begin);
  return file;
}

function checkMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw new ArgumentError('CVY_ARG_TYPE', `serializeSafetensors: metadata '${key}' is a ${typeof value} but a string is required`);
  }
  return metadata;
}

function toBytes(name: string, { dtype, shape, data }: SafetensorsInput): Uint8Array {
  const op = `serializeSafetensors: tensor '${name}'`;
  if (!Object.hasOwn(WIDTH, dtype)) throw new ArgumentError('CVY_ARG_VALUE', `${op} has dtype '${dtype}' but one of ${Object.keys(WIDTH).join(', ')} is required`);
  const length = shape.reduce((product, size) => product * size, 1);
  if (length !== data.length || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ArgumentError('CVY_ARG_VALUE', `${op} has ${data.length} elements but its shape requires ${length} (shape ${fmt(shape)})`);
  }
  if (dtype === 'I64') return viewBytes(BigInt64Array.from(data, (value, i) => BigInt(checkInteger(op, value, i))));
  const type = { F32: Float32Array, F64: Float64Array, I32: Int32Array, BOOL: Uint8Array, U8: Uint8Array }[dtype];
  if (!(data instanceof type)) throw new ArgumentError('CVY_ARG_TYPE', `${op} is a ${data.constructor.name} but ${dtype} requires a ${type.name}`);
  if (dtype === 'BOOL') {
    const at = data.findIndex((value) => value > 1);
    if (at >= 0) throw new ArgumentError('CVY_ARG_VALUE', `${op} holds ${data[at]} at element ${at} but a BOOL is 0 or 1`);
  }
  return viewBytes(data);
}

function checkInteger(op: string, value: number, i: number): number {
  if (!Number.isSafeInteger(value)) throw new ArgumentError('CVY_ARG_VALUE', `${op} holds ${value} at element ${i} but an I64 within ±${Number.MAX_SAFE_INTEGER} is required`);
  return value;
}

const viewBytes = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
