import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../dist/src/errors.js';
import { MNIST_FILES } from '../../dist/src/io/mnist.js';
import { type DownloadProgress, MNIST_SHA256, downloadMnist } from '../../dist/src/io/mnistDownload.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

/** 10 kB that pack to about half. */
const plain = Buffer.concat(Array.from({ length: 160 }, (_, i) => Buffer.from(createHash('sha256').update(String(i)).digest('hex'))));
const packed = gzipSync(plain);
const files = { 'a-ubyte': createHash('sha256').update(plain).digest('hex') };
/** The same content packed otherwise (stored): right in itself, wrong when joined to a part of the other packing. */
const repacked = gzipSync(plain, { level: 0 });

interface Call { url: string; range: string | undefined }
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let origin: string;
let calls: Call[] = [];

/** What each first path segment answers; the test's mirrors are such segments. */
const mirrors: Record<string, Handler> = {
  good: (request, response) => ranged(packed, request, response),
  repacked: (request, response) => ranged(repacked, request, response),
  noRanges: (_, response) => response.writeHead(200, { 'content-length': packed.length }).end(packed),
  wrong: (request, response) => ranged(gzipSync(Buffer.from('other content')), request, response),
  damaged: (request, response) => ranged(Buffer.concat([packed.subarray(0, 100), Buffer.alloc(packed.length - 100)]), request, response),
  unpacked: (_, response) => response.writeHead(200).end(plain),
  missing: (_, response) => response.writeHead(404).end('no'),
  breaksOff: (_, response) => {
    response.writeHead(200, { 'content-length': packed.length });
    // Not at once: what a stream still holds when it fails is lost to its reader.
    response.write(packed.subarray(0, 1000), () => setTimeout(() => response.destroy(), 50));
  },
  silent: () => undefined,
  hangs: (_, response) => void response.writeHead(200, { 'content-length': packed.length }).write(packed.subarray(0, 500)),
  slow: (_, response) => {
    response.writeHead(200, { 'content-length': packed.length });
    const step = Math.ceil(packed.length / 6);
    for (let i = 0; i < 6; i++) setTimeout(() => void (i < 5 ? response.write(packed.subarray(i * step, (i + 1) * step)) : response.end(packed.subarray(i * step))), i * 300);
  },
  liar: (_, response) => response.writeHead(206, { 'content-range': `bytes 5-9/${packed.length}` }).end('12345'),
  encoded: (_, response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed),
};

function ranged(bytes: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= bytes.length) response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  else if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`, 'content-length': bytes.length - from }).end(bytes.subarray(from));
  else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
}

beforeAll(async () => {
  server = createServer((request, response) => {
    calls.push({ url: request.url ?? '', range: request.headers.range });
    // A server may pack what the client says it can unpack, and then ranges count other bytes.
    if (request.headers['accept-encoding'] !== 'identity') response.writeHead(406).end();
    else mirrors[(request.url ?? '').split('/')[1]](request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const folder = temporaryFolder();
let dir = '';
let folders = 0;
beforeEach(() => {
  calls = [];
  dir = join(folder, `out${folders++}`);
  mkdirSync(dir);
});

const part = (): string => join(dir, 'a-ubyte.gz.part');
const download = (names: string[], more: object = {}): ReturnType<typeof downloadMnist> =>
  downloadMnist(dir, { mirrors: names.map((name) => `${origin}/${name}/`), files, stallMs: 10_000, ...more });

function isComplete(): void {
  expect(readFileSync(join(dir, 'a-ubyte')).equals(plain)).toBe(true);
  expect(readdirSync(dir)).toStrictEqual(['a-ubyte']);
}

describe('downloadMnist', () => {
  it('fetches, unpacks and reports progress up to the whole', async () => {
    const progress: DownloadProgress[] = [];
    dir = join(dir, 'made', 'here');
    expect(await download(['good'], { onProgress: (p: DownloadProgress) => progress.push(p) })).toStrictEqual({ fetched: ['a-ubyte'], kept: [] });
    isComplete();
    expect(calls).toStrictEqual([{ url: '/good/a-ubyte.gz', range: undefined }]);
    expect(progress.at(-1)).toStrictEqual({ file: 'a-ubyte', mirror: `${origin}/good/`, received: packed.length, total: packed.length });
  });

  it('does not fetch what is there and right, plain or packed', async () => {
    writeFileSync(join(dir, 'a-ubyte'), plain);
    expect(await download(['good'])).toStrictEqual({ fetched: [], kept: ['a-ubyte'] });
    isComplete();
    writeFileSync(join(dir, 'a-ubyte'), 'wrong');
    writeFileSync(join(dir, 'a-ubyte.gz'), packed);
    expect(await download(['good'])).toStrictEqual({ fetched: [], kept: ['a-ubyte'] });
    expect(readFileSync(join(dir, 'a-ubyte')).equals(plain)).toBe(true);
    expect(calls).toStrictEqual([]);
  });

  it('replaces a file that is there and wrong', async () => {
    writeFileSync(join(dir, 'a-ubyte'), plain.subarray(0, -1));
    writeFileSync(join(dir, 'a-ubyte.gz'), packed.subarray(0, -1));
    expect((await download(['good'])).fetched).toStrictEqual(['a-ubyte']);
    expect(readFileSync(join(dir, 'a-ubyte')).equals(plain)).toBe(true);
  });

  it('continues a part where it stopped', async () => {
    writeFileSync(part(), packed.subarray(0, 777));
    const progress: DownloadProgress[] = [];
    await download(['good'], { onProgress: (p: DownloadProgress) => progress.push(p) });
    isComplete();
    expect(calls).toStrictEqual([{ url: '/good/a-ubyte.gz', range: 'bytes=777-' }]);
    expect(progress.at(-1)).toMatchObject({ received: packed.length, total: packed.length });
  });

  it('uses a part that is whole already', async () => {
    writeFileSync(part(), packed);
    await download(['good']);
    isComplete();
    expect(calls.map(({ range }) => range)).toStrictEqual([`bytes=${packed.length}-`]);
  });

  it('starts over when the part is longer than the file or the server cannot continue', async () => {
    writeFileSync(part(), Buffer.concat([packed, packed]));
    await download(['good']);
    isComplete();
    dir = join(dir, 'second');
    mkdirSync(dir);
    writeFileSync(part(), packed.subarray(0, 777));
    await download(['noRanges']);
    isComplete();
  });

  it('starts over when a continued part turns out wrong', async () => {
    writeFileSync(part(), Buffer.alloc(777));
    await download(['good']);
    isComplete();
    expect(calls.map(({ range }) => range)).toStrictEqual(['bytes=777-', undefined]);
  });

  it('keeps what arrived before a broken connection, and another mirror continues it', async () => {
    await rejection(download(['breaksOff']));
    const kept = readFileSync(part());
    expect(kept.equals(packed.subarray(0, 1000))).toBe(true);
    await download(['missing', 'good']);
    isComplete();
    expect(calls.at(-1)).toStrictEqual({ url: '/good/a-ubyte.gz', range: 'bytes=1000-' });
  });

  it('recovers when two mirrors pack the same content differently', async () => {
    await download(['breaksOff', 'repacked']);
    isComplete();
    expect(calls.map(({ range }) => range)).toStrictEqual([undefined, 'bytes=1000-', undefined]);
  });

  it('goes on to the next mirror after a wrong checksum, damage, silence, 404 and no server, mixing no bytes', async () => {
    const names = ['wrong', 'damaged', 'missing', 'silent', 'hangs', 'liar'];
    await downloadMnist(dir, { mirrors: ['http://127.0.0.1:1/', ...names.map((name) => `${origin}/${name}`), `${origin}/good`], files, stallMs: 1000 });
    isComplete();
    // Bytes of 'wrong' and 'damaged' were deleted, so what follows them asks for the whole.
    expect(calls.slice(0, 3).map(({ range }) => range)).toStrictEqual([undefined, undefined, undefined]);
  });

  it('waits for a slow mirror as long as bytes keep coming', async () => {
    await download(['slow'], { stallMs: 1000 });
    isComplete();
    expect(calls.length).toBe(1);
  });

  it('takes what a server has unpacked itself, or declares as encoded', async () => {
    await download(['unpacked']);
    isComplete();
    dir = join(dir, 'second');
    mkdirSync(dir);
    await download(['encoded']);
    isComplete();
  });

  it('says what each mirror said when none is right, and leaves no wrong bytes', async () => {
    const error = await rejection(download(['missing', 'wrong', 'damaged', 'silent'], { stallMs: 1000 }));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code: 'CVY_DATA_DOWNLOAD' });
    const { message } = error as Error;
    for (const text of ['a-ubyte', files['a-ubyte'], `${origin}/missing/a-ubyte.gz: HTTP 404`, `${origin}/wrong/a-ubyte.gz: SHA-256`, `${origin}/damaged/a-ubyte.gz`, 'nothing arrived for 1 s']) {
      expect(message).toContain(text);
    }
    expect(readdirSync(dir)).toStrictEqual([]);
  });

  it('names a server that cannot be reached', async () => {
    const error = await rejection(downloadMnist(dir, { mirrors: ['http://127.0.0.1:9/'], files, fetch: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })) }));
    expect((error as Error).message).toContain('http://127.0.0.1:9/a-ubyte.gz: fetch failed: connect ECONNREFUSED');
  });

  it('tells a disk that fails from a mirror that fails', async () => {
    mkdirSync(part());
    expect(await rejection(download(['good', 'noRanges']))).toMatchObject({ code: 'CVY_DATA_WRITE', message: expect.stringContaining(part()) });
    expect(calls.length).toBe(1);
    writeFileSync(join(folder, 'taken'), '');
    expect(await rejection(downloadMnist(join(folder, 'taken', 'sub'), { files }))).toMatchObject({ code: 'CVY_DATA_WRITE' });
  });

  it('knows the four files by default and refuses what it does not know', async () => {
    expect(Object.keys(MNIST_SHA256).sort()).toStrictEqual(Object.values(MNIST_FILES).flatMap(({ images, labels }) => [images, labels]).sort());
    expect(await rejection(download([]))).toMatchObject({ code: 'CVY_ARG_VALUE' });
    expect(await rejection(download(['good'], { mirror: 'x' }))).toMatchObject({ code: 'CVY_ARG_OPTION' });
    expect(existsSync(join(dir, 'a-ubyte'))).toBe(false);
  });
});
