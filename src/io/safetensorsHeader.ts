/**
 * The JSON header of a safetensors file: read, checked and located. What it promises holds for every later read:
 * tensors lie inside the file, do not overlap, leave no hole, and take exactly the bytes that dtype and shape need.
 */
import { DataError, fmt } from '../errors.js';

export type SafetensorsDType = 'F32' | 'F64' | 'I32' | 'I64' | 'BOOL' | 'U8';

/** Bytes of one element. */
export const WIDTH: Readonly<Record<SafetensorsDType, number>> = { F32: 4, F64: 8, I32: 4, I64: 8, BOOL: 1, U8: 1 };

/** The format's own limit, which keeps a damaged length from being taken for a huge header. */
export const HEADER_MAX_BYTES = 100_000_000;

/** Where a tensor lies; begin and end count from the start of the file. */
export interface TensorPlace {
  name: string;
  dtype: SafetensorsDType;
  shape: number[];
  begin: number;
  end: number;
}

export interface Header {
  places: TensorPlace[];
  metadata: Record<string, string>;
}

const bad = (name: string, what: string, cause?: unknown): DataError =>
  new DataError('CVY_DATA_FORMAT', `parseSafetensors: ${name}: ${what}`, cause === undefined ? undefined : { cause });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/**
 * The checked header of a file's bytes. `name` stands for them in messages.
 * @throws {DataError} CVY_DATA_FORMAT at the first thing that is wrong
 */
export function parseHeader(bytes: Uint8Array, name: string): Header {
  if (bytes.length < 8) throw bad(name, `${bytes.length} bytes are there but 8 of header length are required`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > HEADER_MAX_BYTES) throw bad(name, `the header length is ${length} bytes but at most ${HEADER_MAX_BYTES} are allowed; it may be no safetensors file`);
  if (length > bytes.length - 8) throw bad(name, `the header length is ${length} bytes but only ${bytes.length - 8} follow; the file may be cut off`);
  const json = parseJson(bytes.subarray(8, 8 + length), name);
  const { __metadata__: metadata = {}, ...tensors } = json;
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw bad(name, `__metadata__ is ${JSON.stringify(metadata).slice(0, 80)} but an object of strings is required`);
  }
  const start = 8 + length;
  const places = Object.entries(tensors).map(([key, entry]) => checkPlace(name, key, entry, start));
  checkLayout(name, places, start, bytes.length);
  return { places, metadata: metadata as Record<string, string> };
}

function parseJson(bytes: Uint8Array, name: string): Record<string, unknown> {
  let json: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (error) {
    throw bad(name, `the header is no JSON (${error instanceof Error ? error.message : String(error)}) but a JSON object is required; the file may be damaged or of another format`, error);
  }
  if (!isObject(json)) throw bad(name, `the header is ${Array.isArray(json) ? 'an array' : String(json)} but a JSON object is required`);
  const twice = duplicateKey(text);
  if (twice !== undefined) throw bad(name, `the header names '${twice}' twice but a name may stand there once`);
  return json;
}

/** The first key that an object of valid JSON holds twice: JSON.parse would keep the last one and say nothing. */
function duplicateKey(json: string): string | undefined {
  const seen: Set<string>[] = [];
  for (const { 0: token, 1: colon } of json.matchAll(/[{}]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) {
    if (token === '{') seen.push(new Set());
    else if (token === '}') seen.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = seen[seen.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

function checkPlace(file: string, name: string, entry: unknown, start: number): TensorPlace {
  if (!isObject(entry)) throw bad(file, `tensor '${name}' is described by ${JSON.stringify(entry)} but an object with dtype, shape and data_offsets is required`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(WIDTH, dtype)) {
    throw bad(file, `tensor '${name}' has dtype ${JSON.stringify(dtype)} but one of ${Object.keys(WIDTH).join(', ')} is required`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    throw bad(file, `tensor '${name}' has shape ${JSON.stringify(shape)} but an array of sizes from 0 is required`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[1] < offsets[0]) {
    throw bad(file, `tensor '${name}' has data_offsets ${JSON.stringify(offsets)} but [begin, end] in bytes with begin ≤ end is required`);
  }
  const required = shape.reduce<number>((product, size) => product * size, WIDTH[dtype as SafetensorsDType]);
  if (offsets[1] - offsets[0] !== required) {
    throw bad(file, `tensor '${name}' takes ${offsets[1] - offsets[0]} bytes but ${required} are required (shape ${fmt(shape)}, ${dtype}, data_offsets ${fmt(offsets)})`);
  }
  return { name, dtype: dtype as SafetensorsDType, shape: [...shape], begin: start + offsets[0], end: start + offsets[1] };
}

/** Refuses overlaps, holes and bytes after the last tensor, as the format does: nothing can hide in a file, nothing is missing. */
function checkLayout(file: string, places: readonly TensorPlace[], start: number, end: number): void {
  let at = start;
  let before = 'the header';
  for (const place of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (place.end > end) throw bad(file, `tensor '${place.name}' ends at byte ${place.end} but the file has ${end}; it may be cut off`);
    if (place.begin !== at) {
      throw bad(file, `tensor '${place.name}' begins at byte ${place.begin} ${place.begin < at ? 'inside' : 'with a hole after'} ${before} but ${at} is required`);
    }
    at = place.end;
    before = `tensor '${place.name}'`;
  }
  if (at !== end) throw bad(file, `${end - at} bytes follow ${before} but the tensors must fill the file (${end} bytes)`);
}
