/**
 * What the tests stand on: the built files are current, Node loads them itself (so that a test, a worker's module and
 * `import(url)` share one instance), and the package offers what its manifest says.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as imported from '../../dist/src/backend/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>;
  bin: Record<string, string>;
};

describe('built files', () => {
  it('are one instance, however they are loaded', async () => {
    const url = new URL('../../dist/src/backend/index.js', import.meta.url);
    const byUrl = await import(url.href) as typeof imported;
    // require() of an ES module is served by Node alone: a copy made by the test runner would differ from it.
    const byNode = createRequire(import.meta.url)(fileURLToPath(url)) as typeof imported;
    expect(byNode.defineBackend).toBe(imported.defineBackend);
    expect(byUrl.defineBackend).toBe(imported.defineBackend);
  });

  it('are named by the hash in build.json', () => {
    const { hash } = JSON.parse(readFileSync(join(dist, 'build.json'), 'utf8')) as { hash: string };
    const sum = createHash('sha256');
    const files = readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(js|wasm)$/.test(entry.name))
      .map((entry) => relative(dist, join(entry.parentPath, entry.name)))
      .sort();
    for (const file of files) {
      const bytes = readFileSync(join(dist, file));
      sum.update(`${file.split(sep).join('/')}\0${bytes.length}\0`).update(bytes);
    }
    expect(hash).toBe(sum.digest('hex'));
  });

  it('contain every entry of the manifest', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
    for (const file of [...entries, ...Object.values(manifest.bin)]) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('name no registry in the lock file', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { resolved?: string }> };
    const hosts = Object.values(lock.packages).filter(({ resolved }) => resolved?.includes('://'));
    expect(hosts).toEqual([]);
  });
});
