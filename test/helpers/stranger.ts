/**
 * A folder outside of the repository in which `convoy-nn` and the example plugin are installed as far as Node and tsc can
 * tell, for code that is written against package names. Links instead of tarballs: scripts/smoke.mjs does it in earnest.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

export interface Stranger {
  readonly folder: string;
  /** The example plugin's own folder, with its sources, not built yet. */
  readonly plugin: string;
  /** Runs Node and returns what it printed; whatever goes wrong is an error that shows it. */
  node(folder: string, ...args: string[]): string;
  /** Compiles the folder by its tsconfig.json. */
  build(folder: string): void;
  remove(): void;
}

export function stranger(): Stranger {
  const folder = mkdtempSync(join(tmpdir(), 'convoy-stranger-'));
  const plugin = join(folder, 'plugins', 'example-backend');
  const node = (cwd: string, ...args: string[]): string => {
    // Or a test runner inside of a test runner would report to the outer one.
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
    const done = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8', timeout: 120_000 });
    if (done.status !== 0) throw new Error(`node ${args.join(' ')}: exit ${done.status ?? done.signal}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  cpSync(join(root, 'plugins', 'example-backend'), plugin, { recursive: true, filter: (path) => !/[\\/](node_modules|dist)$/.test(path) });
  mkdirSync(join(folder, 'node_modules'));
  const link = (target: string, name: string): void => symlinkSync(target, join(folder, 'node_modules', name), 'junction');
  link(root, 'convoy-nn');
  link(join(root, 'node_modules', '@types'), '@types');
  link(plugin, 'convoy-backend-example');
  return {
    folder, plugin, node,
    build: (at) => void node(at, tsc, '-p', 'tsconfig.json'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
