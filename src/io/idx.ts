/**
 * Reads IDX, the format of the MNIST files: two zero bytes, a type byte, the number of axes, the axes as big-endian
 * 32-bit integers, then the elements, big-endian, row-major. Plain or gzip. Not MNIST itself (data/mnist.ts), and it does not write.
 */
import { DataError, fmt } from '../errors.js';
import { gunzipIfNeeded } from './gunzip.js';
import { readBytes } from './readFile.js';

export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

export interface IdxArray {
  shape: number[];
  /** Row-major, in the host's byte order, never a view of the bytes that were read. */
  data: IdxData;
}

interface IdxType {
  name: string;
  bytes: number;
  read(view: DataView, at: number, length: number): IdxData;
}

const TYPES: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { name: 'uint8', bytes: 1, read: (v, at, n) => new Uint8Array(v.buffer, v.byteOffset + at, n).slice() }],
  [0x09, { name: 'int8', bytes: 1, read: (v, at, n) => new Int8Array(v.buffer, v.byteOffset + at, n).slice() }],
  [0x0b, { name: 'int16', bytes: 2, read: (v, at, n) => new Int16Array(n).map((_, i) => v.getInt16(at + 2 * i)) }],
  [0x0c, { name: 'int32', bytes: 4, read: (v, at, n) => new Int32Array(n).map((_, i) => v.getInt32(at + 4 * i)) }],
  [0x0d, { name: 'float32', bytes: 4, read: (v, at, n) => new Float32Array(n).map((_, i) => v.getFloat32(at + 4 * i)) }],
  [0x0e, { name: 'float64', bytes: 8, read: (v, at, n) => new Float64Array(n).map((_, i) => v.getFloat64(at + 8 * i)) }],
]);

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/**
 * An IDX array from unpacked bytes. `name` stands for them in messages.
 * @throws {DataError} CVY_DATA_FORMAT for a wrong magic number, a cut-off header or data of another length than the header says
 * @source The format's description on Yann LeCun's MNIST page
 */
export function parseIdx(bytes: Uint8Array, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) {
    throw new DataError('CVY_DATA_FORMAT', `readIdx: ${name} holds ${bytes.length} bytes but an IDX file starts with 4 of magic number`);
  }
  const magic = view.getUint32(0);
  const type = TYPES.get((magic >>> 8) & 0xff);
  const axes = magic & 0xff;
  if (magic >>> 16 !== 0 || !type || axes === 0) {
    const known = [...TYPES].map(([code, { name: typeName }]) => `${hex(code, 2)} ${typeName}`).join(', ');
    throw new DataError('CVY_DATA_FORMAT', `readIdx: ${name} starts with ${hex(magic, 8)} but an IDX file with 0x0000, the type (${known}) and the number of axes, at least 1`);
  }
  const header = 4 + 4 * axes;
  if (bytes.length < header) {
    throw new DataError('CVY_DATA_FORMAT', `readIdx: ${name} holds ${bytes.length} bytes but the header of ${axes} axes takes ${header}`);
  }
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = shape.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== length * type.bytes) {
    throw new DataError('CVY_DATA_FORMAT', `readIdx: ${name} holds ${found} bytes of data but its header requires ${length * type.bytes} (shape ${fmt(shape)}, ${type.name})`);
  }
  return { shape, data: type.read(view, header, length) };
}

/**
 * An IDX array from a file (plain or gzip, told apart by its bytes), or from the file's bytes.
 * @param name stands for bytes in messages; a path names itself
 * @throws {DataError} CVY_DATA_MISSING when there is no such file; CVY_DATA_FORMAT when it is damaged or of another format
 */
export async function readIdx(source: string | Uint8Array, name = 'buffer'): Promise<IdxArray> {
  if (typeof source !== 'string') return parseIdx(await gunzipIfNeeded('readIdx', name, source), name);
  return parseIdx(await gunzipIfNeeded('readIdx', source, await readBytes('readIdx', source)), source);
}
