import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../dist/src/errors.js';
import { writeFileAtomic } from '../../dist/src/io/writeFile.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();

describe('writeFileAtomic', () => {
  it('writes, replaces, and leaves nothing beside the file', async () => {
    const own = join(folder, 'plain');
    mkdirSync(own);
    const path = join(own, 'w.safetensors');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path)]).toStrictEqual([1, 2, 3]);
    await writeFileAtomic(path, new Uint8Array([9, 8, 7, 6]).subarray(1, 3));
    expect([...readFileSync(path)]).toStrictEqual([8, 7]);
    await writeFileAtomic(path, new Uint8Array(0));
    expect(readFileSync(path).length).toBe(0);
    expect(readdirSync(own)).toStrictEqual(['w.safetensors']);
  });

  it('leaves one of the contents whole when several write at once', async () => {
    const own = join(folder, 'many');
    mkdirSync(own);
    const path = join(own, 'w');
    await Promise.all(Array.from({ length: 8 }, (_, i) => writeFileAtomic(path, new Uint8Array(100_003).fill(i))));
    const bytes = readFileSync(path);
    expect(bytes.length).toBe(100_003);
    expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
    expect(readdirSync(own)).toStrictEqual(['w']);
  });

  it('says which file could not be written and why', async () => {
    const path = join(folder, 'absent', 'w');
    const error = await rejection(writeFileAtomic(path, Uint8Array.of(1)));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code: 'CVY_DATA_WRITE', message: expect.stringContaining(path), cause: expect.objectContaining({ code: 'ENOENT' }) });
  });

  it('cannot replace a folder, and removes what it wrote aside', async () => {
    const own = join(folder, 'taken');
    mkdirSync(join(own, 'w', 'inside'), { recursive: true });
    expect(await rejection(writeFileAtomic(join(own, 'w'), Uint8Array.of(1)))).toMatchObject({ code: 'CVY_DATA_WRITE' });
    expect(readdirSync(own)).toStrictEqual(['w']);
  });

  // A limit on file size fails a write half-way as a full disk does. Past it the system also sends SIGXFSZ, which must not end the process.
  it.skipIf(process.platform === 'win32')('keeps the old file and removes its own when the disk takes no more', () => {
    const own = join(folder, 'full');
    mkdirSync(own);
    const path = join(own, 'w.safetensors');
    const old = Buffer.alloc(5000, 'old');
    writeFileSync(path, old);
    const script = join(folder, 'write.mjs');
    writeFileSync(script, `
      import { writeFileAtomic } from ${JSON.stringify(new URL('../../dist/src/io/writeFile.js', import.meta.url).href)};
      try {
        await writeFileAtomic(process.argv[2], new Uint8Array(1_000_000));
        console.log('written');
      } catch (error) {
        console.log([error.name, error.code, error.cause.code].join(' '));
      }
    `);
    const output = execFileSync('bash', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, script, path], { encoding: 'utf8' });
    expect(output.trim()).toBe('DataError CVY_DATA_WRITE EFBIG');
    expect(readFileSync(path).equals(old)).toBe(true);
    expect(readdirSync(own)).toStrictEqual(['w.safetensors']);
  });
});
