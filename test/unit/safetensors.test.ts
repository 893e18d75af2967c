import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ArgumentError, DataError } from '../../dist/src/errors.js';
import { parseSafetensors, readSafetensors, serializeSafetensors } from '../../dist/src/io/safetensors.js';
import type { SafetensorsInput } from '../../dist/src/io/safetensors.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

/** A file from a header's text and as many data bytes. */
function file(header: string, data: Uint8Array | number = 0, length?: number): Uint8Array {
  const json = Buffer.from(header);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length ?? json.length));
  return Buffer.concat([size, json, typeof data === 'number' ? Buffer.alloc(data) : data]);
}

function refusal(bytes: Uint8Array): string {
  try {
    parseSafetensors(bytes, 'x.safetensors');
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code: 'CVY_DATA_FORMAT' });
    expect((error as Error).message).toContain('x.safetensors');
    return (error as Error).message;
  }
  throw new Error('the file was accepted');
}

const i64 = (...values: bigint[]): Uint8Array => new Uint8Array(BigInt64Array.from(values).buffer);

const EVERY: [string, SafetensorsInput][] = [
  ['flag', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ['0', { dtype: 'F32', shape: [2, 1], data: Float32Array.of(-0, NaN) }],
  ['count', { dtype: 'I64', shape: [], data: [-(2 ** 53 - 1)] }],
  ['bytes', { dtype: 'U8', shape: [2], data: Uint8Array.of(255, 0) }],
  ['ünï "quoted"\n', { dtype: 'F64', shape: [1, 2], data: Float64Array.of(Math.PI, -Infinity) }],
  ['ints', { dtype: 'I32', shape: [1], data: Int32Array.of(-7) }],
  ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
  ['__proto__', { dtype: 'I64', shape: [2], data: Int32Array.of(1, -1) }],
];

describe('serializeSafetensors', () => {
  it('comes back the same, every dtype, odd names and empty tensors included', () => {
    const back = parseSafetensors(serializeSafetensors(EVERY, { step: '7' }), 'memory');
    expect(new Set(back.keys())).toStrictEqual(new Set(EVERY.map(([name]) => name)));
    for (const [name, { dtype, shape, data }] of EVERY) {
      const entry = back.get(name);
      expect(entry?.dtype).toBe(dtype);
      expect(entry?.shape).toStrictEqual(shape);
      expect([...(entry?.data ?? [])].every((value, i) => Object.is(value, data[i]))).toBe(true);
      expect(entry?.data.length).toBe(data.length);
    }
    expect(back.get('count')?.data).toBeInstanceOf(Float64Array);
  });

  it('aligns every tensor to its width and pads the header with spaces to 8', () => {
    for (let extra = 0; extra < 8; extra++) {
      const bytes = serializeSafetensors(EVERY, { pad: 'x'.repeat(extra) });
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(length % 8).toBe(0);
      const text = Buffer.from(bytes.subarray(8, 8 + length)).toString();
      expect(text).toMatch(/^\{.*\} {0,7}$/);
      const widths: Record<string, number> = { F32: 4, F64: 8, I32: 4, I64: 8, BOOL: 1, U8: 1 };
      const { __metadata__: _, ...header } = JSON.parse(text) as Record<string, { dtype: string; data_offsets: [number, number] }>;
      for (const { dtype, data_offsets: [begin] } of Object.values(header)) expect(begin % widths[dtype]).toBe(0);
    }
  });

  it('writes an empty file that is one', () => {
    expect(parseSafetensors(serializeSafetensors([]), 'memory').size).toBe(0);
  });

  it('writes the part of an array that a view shows', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const bytes = serializeSafetensors([['v', { dtype: 'F32', shape: [2], data: whole.subarray(1, 3) }]]);
    expect(parseSafetensors(bytes, 'memory').get('v')?.data).toStrictEqual(Float32Array.of(2, 3));
  });

  it('refuses what a file cannot hold', () => {
    const one: SafetensorsInput = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
    const wrong: [[string, SafetensorsInput][], string, RegExp][] = [
      [[['a', one], ['a', one]], 'CVY_ARG_VALUE', /'a' is given twice/],
      [[['__metadata__', one]], 'CVY_ARG_VALUE', /__metadata__/],
      [[['a', { ...one, shape: [2] }]], 'CVY_ARG_VALUE', /1 elements.*requires 2.*\[2\]/],
      [[['a', { ...one, shape: [-1, -1] }]], 'CVY_ARG_VALUE', /\[-1, -1\]/],
      [[['a', { ...one, dtype: 'F64' }]], 'CVY_ARG_TYPE', /Float32Array.*Float64Array/],
      [[['a', { dtype: 'I64', shape: [1], data: [0.5] }]], 'CVY_ARG_VALUE', /0\.5 at element 0/],
      [[['a', { dtype: 'I64', shape: [2], data: [0, 2 ** 53] }]], 'CVY_ARG_VALUE', /9007199254740992 at element 1/],
      [[['a', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 2) }]], 'CVY_ARG_VALUE', /2 at element 1/],
    ];
    for (const [entries, code, message] of wrong) {
      expect(() => serializeSafetensors(entries)).toThrow(message);
      expect(() => serializeSafetensors(entries)).toThrow(ArgumentError);
      expect(() => serializeSafetensors(entries)).toThrow(expect.objectContaining({ code }) as Error);
    }
  });
});

describe('parseSafetensors', () => {
  const entry = (dtype: string, shape: string, offsets: string): string => `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;

  it('reads a hand-made file whose header is not padded, as copies', () => {
    const bytes = file(`{"w":${entry('F32', '[1]', '[0,4]')},"n":${entry('I64', '[]', '[4,12]')}}`, Buffer.concat([Buffer.from(Float32Array.of(1.5).buffer), i64(-3n)]));
    const tensors = parseSafetensors(bytes, 'x.safetensors');
    bytes.fill(0);
    expect(tensors.get('w')?.data).toStrictEqual(Float32Array.of(1.5));
    expect(tensors.get('n')).toStrictEqual({ dtype: 'I64', shape: [], data: Float64Array.of(-3) });
  });

  it('reads I64 exactly up to 2⁵³ − 1 and refuses the next', () => {
    const header = `{"n":${entry('I64', '[2]', '[0,16]')}}`;
    const most = BigInt(Number.MAX_SAFE_INTEGER);
    expect(parseSafetensors(file(header, i64(most, -most)), 'x').get('n')?.data).toStrictEqual(Float64Array.of(2 ** 53 - 1, -(2 ** 53 - 1)));
    expect(refusal(file(header, i64(0n, most + 1n)))).toMatch(/9007199254740992 at element 1/);
    expect(refusal(file(header, i64(-most - 1n, 0n)))).toMatch(/-9007199254740992 at element 0/);
  });

  it('refuses every kind of damage and says what is wrong', () => {
    const f32 = entry('F32', '[1]', '[0,4]');
    const cases: [Uint8Array, RegExp][] = [
      [Buffer.alloc(0), /0 bytes are there but 8/],
      [Buffer.alloc(7), /7 bytes are there but 8/],
      [file('{}', 0, 3), /header length is 3 bytes but only 2 follow/],
      [file('{}', 0, 200_000_000), /at most 100000000/],
      [Buffer.from('\x89PNG\r\n\x1a\nabcdefgh'), /header length/],
      [file('{"w":'), /no JSON/],
      [file(''), /no JSON/],
      [Buffer.concat([file('', 0, 2), Buffer.from([0xff, 0xfe])]), /no JSON/],
      [file('[]'), /an array but a JSON object/],
      [file('null'), /null but a JSON object/],
      [file(`{"w":${f32},"w":${f32}}`, 4), /'w' twice/],
      [file(`{"w":${f32},"\\u0077":${f32}}`, 4), /'w' twice/],
      [file(`{"w" :{"dtype":"F32","dtype":"I32","shape":[1],"data_offsets":[0,4]}}`, 4), /'dtype' twice/],
      [file(`{"__metadata__":{"a":1}}`), /__metadata__/],
      [file(`{"w":7}`), /'w' is described by 7/],
      [file(`{"w":${entry('F16', '[2]', '[0,4]')}}`, 4), /'w' has dtype "F16" but one of F32/],
      [file(`{"w":${entry('toString', '[2]', '[0,4]')}}`, 4), /dtype "toString"/],
      [file(`{"w":{"dtype":"F32","data_offsets":[0,4]}}`, 4), /shape undefined/],
      [file(`{"w":${entry('F32', '[-1]', '[0,4]')}}`, 4), /shape \[-1\]/],
      [file(`{"w":${entry('F32', '[1.5]', '[0,6]')}}`, 6), /shape \[1\.5\]/],
      [file(`{"w":${entry('F32', '[1]', '[0]')}}`, 4), /data_offsets \[0\]/],
      [file(`{"w":${entry('F32', '[1]', '[4,0]')}}`, 4), /data_offsets \[4,0\]/],
      [file(`{"w":${entry('F32', '[1]', '[-4,0]')}}`, 4), /data_offsets \[-4,0\]/],
      [file(`{"w":${entry('F32', '[3]', '[0,8]')}}`, 8), /takes 8 bytes but 12 are required \(shape \[3\], F32/],
      [file(`{"w":${entry('F32', '[4294967296,4294967296]', '[0,4]')}}`, 4), /takes 4 bytes/],
      [file(`{"w":${f32}}`, 3), /'w' ends at byte .* cut off/],
      [file(`{"w":${f32}}`, 5), /1 bytes follow tensor 'w'/],
      [file(`{}`, 1), /1 bytes follow the header/],
      [file(`{"w":${f32},"v":${entry('F32', '[1]', '[2,6]')}}`, 6), /'v' begins at byte .* inside tensor 'w'/],
      [file(`{"w":${f32},"v":${f32}}`, 4), /'v' begins at byte .* inside tensor 'w'/],
      [file(`{"w":${f32},"v":${entry('F32', '[1]', '[8,12]')}}`, 12), /'v' begins at byte .* hole after tensor 'w'/],
      [file(`{"w":${entry('BOOL', '[2]', '[0,2]')}}`, Buffer.of(1, 7)), /7 at element 1 but a BOOL/],
    ];
    for (const [bytes, message] of cases) expect(refusal(bytes)).toMatch(message);
  });

  it('takes braces, quotes and repeated inner keys in names for what they are', () => {
    const bytes = file(`{"a{\\"b\\":":${entry('U8', '[1]', '[0,1]')} , "__metadata__":{"a{\\"b\\":":"}"}}`, 1);
    expect([...parseSafetensors(bytes, 'x').keys()]).toStrictEqual(['a{"b":']);
  });

  it('refuses a good file with any one byte of its tail cut off', () => {
    const bytes = serializeSafetensors(EVERY);
    for (let length = 0; length < bytes.length; length++) refusal(bytes.subarray(0, length));
  });
});

describe('readSafetensors', () => {
  const folder = temporaryFolder();

  it('returns tensors and metadata', async () => {
    const path = join(folder, 'a.safetensors');
    writeFileSync(path, serializeSafetensors(EVERY, { epoch: '3' }));
    const { tensors, metadata } = await readSafetensors(path);
    expect(tensors.size).toBe(EVERY.length);
    expect(metadata).toStrictEqual({ epoch: '3' });
  });

  it('names a missing and a damaged file', async () => {
    expect(await rejection(readSafetensors(join(folder, 'absent')))).toMatchObject({ code: 'CVY_DATA_MISSING', message: expect.stringContaining('absent') });
    const path = join(folder, 'damaged');
    writeFileSync(path, 'x');
    expect(await rejection(readSafetensors(path))).toMatchObject({ code: 'CVY_DATA_FORMAT', message: expect.stringContaining(path) });
  });
});

const reference = process.env.CONVOY_REFERENCE || fileURLToPath(new URL('../../../shared/reference', import.meta.url));
const present = existsSync(reference);
if (!present) console.log(`safetensors: ${reference} is absent, its files are not read`);

describe.skipIf(!present)('the reference files', () => {
  it('parse, and survive writing and reading again', () => {
    const paths = [reference, join(reference, 'models')].flatMap((dir) => readdirSync(dir).filter((name) => name.endsWith('.safetensors')).map((name) => join(dir, name)));
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const tensors = parseSafetensors(readFileSync(path), path);
      expect(tensors.size).toBeGreaterThan(0);
      const back = parseSafetensors(serializeSafetensors(tensors), path);
      expect([...back.keys()]).toStrictEqual([...tensors.keys()]);
      for (const [name, { dtype, shape, data }] of tensors) {
        const entry = back.get(name);
        expect([entry?.dtype, entry?.shape]).toStrictEqual([dtype, shape]);
        expect(entry && Buffer.from(entry.data.buffer).equals(Buffer.from(data.buffer)), `${path} ${name}`).toBe(true);
      }
    }
  });
});
