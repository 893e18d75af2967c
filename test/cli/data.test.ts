/** `convoy data mnist` against a server on loopback. What a download has to withstand is in test/unit/mnistDownload.test.ts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convoy } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/files.js';

const cwd = temporaryFolder();
const MNIST = process.env.CONVOY_MNIST ?? join(import.meta.dirname, '../../../shared/data/mnist');
const hasMnist = ['', '.gz'].some((end) => existsSync(join(MNIST, `t10k-labels-idx1-ubyte${end}`)));
if (!hasMnist) console.log(`data.test: MNIST is not in ${MNIST}, so fetching it is left out (CONVOY_MNIST names another folder)`);

const server = createServer((request, response) => {
  const name = request.url!.split('/').at(-1)!;
  if (!request.url!.startsWith('/good/')) return void response.writeHead(404).end();
  const packed = join(MNIST, name);
  response.end(existsSync(packed) ? readFileSync(packed) : gzipSync(readFileSync(packed.replace(/\.gz$/, '')), { level: 1 }));
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it('says what each mirror answered', async () => {
  const { code, stdout, stderr } = await convoy(['data', 'mnist', '--out', 'none', '--mirror', `${base}/a/`, '--mirror', `${base}/b/`], { cwd });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/no mirror gave train-images-idx3-ubyte .*\/a\/train-images-idx3-ubyte\.gz: HTTP 404.*\/b\/train-images-idx3-ubyte\.gz: HTTP 404/);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it.runIf(hasMnist)('fetches all files, and none of them twice', async () => {
  const args = ['data', 'mnist', '--out', 'some mnist', '--mirror', `${base}/good/`];
  const first = await convoy(args, { cwd });
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
  expect(first.stdout.match(/fetched, SHA-256 right/g)).toHaveLength(4);
  expect(first.stdout).toContain("Train on it: npx convoy train --data 'some mnist'");
  expect((await convoy(args, { cwd })).stdout.match(/was there, SHA-256 right/g)).toHaveLength(4);
}, 120_000);
