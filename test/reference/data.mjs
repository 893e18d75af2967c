/**
 * The folder of reference cases that PyTorch computed: reading its groups and tensors, and holding results against them.
 * What the fields mean is in that folder's README.md.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** CONVOY_REFERENCE, or ../shared/reference beside the repository. */
export const FOLDER = process.env.CONVOY_REFERENCE
  ? resolve(process.env.CONVOY_REFERENCE)
  : fileURLToPath(new URL('../../../shared/reference', import.meta.url));

export const present = () => existsSync(FOLDER);

/** Names of all groups, sorted. */
export const groupNames = () => readdirSync(FOLDER).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)).sort();

/** `{ name, cases, tensors }`; tensors by name as `{ shape, dtype: 'F32' | 'I64', data }`, I64 as doubles. */
export function readGroup(name) {
  const { cases, tensors } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  return { name, cases, tensors: tensors === undefined ? new Map() : readTensors(join(FOLDER, tensors)) };
}

/** Not the library's own reader: a mistake there must not hide here. */
function readTensors(path) {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const tensors = new Map();
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(JSON.parse(bytes.toString('utf8', 8, start)))) {
    if (name === '__metadata__') continue;
    const own = new Uint8Array(bytes.subarray(start + begin, start + end)).buffer;
    tensors.set(name, { dtype, shape, data: dtype === 'F32' ? new Float32Array(own) : Float64Array.from(new BigInt64Array(own), Number) });
  }
  return tensors;
}

/** A value of `args`: "inf" and "-inf" stand for infinities. */
export const decode = (value) => (value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value);

/** In words where `actual` is not what was expected, or null. */
export function difference(actual, expected, rtol, atol) {
  if (actual.shape.length !== expected.shape.length || actual.shape.some((size, i) => size !== expected.shape[i])) {
    return `shape is [${actual.shape}] but [${expected.shape}] is right`;
  }
  let worst = null;
  for (let i = 0; i < expected.data.length; i++) {
    const [a, e] = [Number(actual.data[i]), expected.data[i]];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const excess = expected.dtype === 'I64' || !Number.isFinite(e) ? Infinity : Math.abs(a - e) / (atol + rtol * Math.abs(e));
    if (!(excess <= 1) && (worst === null || excess > worst.excess)) worst = { excess, i, a, e };
  }
  if (worst === null) return null;
  const by = Number.isFinite(worst.excess) ? `, ${worst.excess.toPrecision(3)} times the tolerance` : '';
  return `element ${worst.i} of [${expected.shape}] is ${worst.a} but ${worst.e} is right${by}`;
}

/** The same for plain numbers and lists of them, as the groups without tensors have. */
export function listDifference(actual, expected, rtol, atol) {
  const flat = (value) => (Array.isArray(value) ? value.map(decode) : [decode(value)]);
  const [a, e] = [flat(actual), flat(expected)];
  return difference({ shape: [a.length], data: a.map(Number) }, { shape: [e.length], data: e.map(Number) }, rtol, atol);
}
