import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../dist/src/errors.js';
import { parseIdx, readIdx } from '../../dist/src/io/idx.js';
import { idxBytes, rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();
let files = 0;
function write(bytes: Uint8Array): string {
  const path = join(folder, `file${files++}`);
  writeFileSync(path, bytes);
  return path;
}

async function refuses(path: string, code: string, ...parts: (string | RegExp)[]): Promise<void> {
  const error = await rejection(readIdx(path));
  expect(error).toBeInstanceOf(DataError);
  expect(error).toMatchObject({ code });
  for (const part of [path, ...parts]) expect((error as Error).message).toMatch(part);
}

describe('readIdx', () => {
  const good = idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 255]);

  it('reads plain and gzip alike, told apart by their bytes', async () => {
    for (const bytes of [good, gzipSync(good)]) {
      const { shape, data } = await readIdx(write(bytes));
      expect(shape).toStrictEqual([2, 1, 3]);
      expect(data).toStrictEqual(Uint8Array.of(1, 2, 3, 4, 5, 255));
    }
  });

  it('reads from a buffer, and what it returns is a copy', async () => {
    const bytes = Buffer.from(good);
    const { data } = await readIdx(bytes);
    bytes.fill(0);
    expect([...data]).toStrictEqual([1, 2, 3, 4, 5, 255]);
    expect((await readIdx(gzipSync(good))).shape).toStrictEqual([2, 1, 3]);
  });

  it('reads every element type, big-endian, from an odd offset', () => {
    const cases: [number, number, (v: DataView, value: number) => void, number, unknown][] = [
      [0x09, 1, (v, x) => v.setInt8(0, x), -128, Int8Array],
      [0x0b, 2, (v, x) => v.setInt16(0, x), -12345, Int16Array],
      [0x0c, 4, (v, x) => v.setInt32(0, x), -123456789, Int32Array],
      [0x0d, 4, (v, x) => v.setFloat32(0, x), 0.15625, Float32Array],
      [0x0e, 8, (v, x) => v.setFloat64(0, x), Math.PI, Float64Array],
    ];
    for (const [type, width, put, value, array] of cases) {
      const element = new Uint8Array(width);
      put(new DataView(element.buffer), value);
      const bytes = new Uint8Array([99, ...idxBytes([1], element, type)]).subarray(1);
      const { data } = parseIdx(bytes, 'odd');
      expect(data).toBeInstanceOf(array);
      expect([...data]).toStrictEqual([value]);
    }
  });

  it('accepts an axis of length 0', () => {
    expect(parseIdx(idxBytes([0, 28], []), 'empty')).toStrictEqual({ shape: [0, 28], data: new Uint8Array() });
  });

  it('names a missing file and a folder', async () => {
    await refuses(join(folder, 'absent'), 'CVY_DATA_MISSING', 'does not exist');
    const path = join(folder, 'sub');
    mkdirSync(path);
    await refuses(path, 'CVY_DATA_FORMAT', 'is a folder');
  });

  it('refuses a wrong magic number with what was found', async () => {
    await refuses(write(Buffer.from('PNG, not IDX')), 'CVY_DATA_FORMAT', '0x504e472c', '0x0000');
    await refuses(write(idxBytes([1], [0], 0x0a)), 'CVY_DATA_FORMAT', '0x00000a01');
    await refuses(write(Buffer.from([0, 0, 8, 0, 7])), 'CVY_DATA_FORMAT', '0x00000800');
    await refuses(write(Buffer.from([0, 0])), 'CVY_DATA_FORMAT', 'holds 2 bytes');
    await refuses(write(Buffer.alloc(0)), 'CVY_DATA_FORMAT', 'holds 0 bytes');
  });

  it('refuses data shorter or longer than the header says', async () => {
    await refuses(write(good.subarray(0, -1)), 'CVY_DATA_FORMAT', '5 bytes of data', 'requires 6', '[2, 1, 3]');
    await refuses(write(Buffer.concat([good, Buffer.of(0)])), 'CVY_DATA_FORMAT', '7 bytes of data', 'requires 6');
    await refuses(write(good.subarray(0, 9)), 'CVY_DATA_FORMAT', 'holds 9 bytes', 'takes 16');
    await refuses(write(idxBytes([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [])), 'CVY_DATA_FORMAT', '0 bytes of data');
  });

  it('refuses gzip cut off at any place', async () => {
    const packed = gzipSync(idxBytes([500], Array.from({ length: 500 }, (_, i) => (i * i) % 251)));
    for (const length of [2, 9, 15, packed.length >> 1, packed.length - 8, packed.length - 1]) {
      await refuses(write(packed.subarray(0, length)), 'CVY_DATA_FORMAT', 'cut off', `${length} bytes`);
    }
  });

  it('refuses gzip with a flipped bit, in the data and in the checksum', async () => {
    const packed = gzipSync(idxBytes([500], Array.from({ length: 500 }, (_, i) => (i * i) % 251)));
    for (const at of [3, packed.length >> 1, packed.length - 6]) {
      const damaged = Buffer.from(packed);
      damaged[at] ^= 0x10;
      const error = await rejection(readIdx(write(damaged)));
      expect(error, `byte ${at}`).toMatchObject({ code: 'CVY_DATA_FORMAT' });
      expect((error as Error).cause).toBeInstanceOf(Error);
    }
  });
});
