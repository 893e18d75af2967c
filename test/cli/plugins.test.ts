/** `--plugin PACKAGE`: packages are found from the folder in which the user stands, and what is wrong with one is said in a line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convoy } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/files.js';

const KERNELS = new URL('../../dist/backends/cpu-naive/kernels.js', import.meta.url).href;
const folder = temporaryFolder();

function install(name: string, code: string, manifest: object = { exports: './index.js' }): void {
  const home = join(folder, 'node_modules', name);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', ...manifest }));
  writeFileSync(join(home, 'index.js'), code);
}

const definition = (name: string, rest = ''): string => `{ name: '${name}', api: 1, determinism: 'bitwise', kernels: new URL('${KERNELS}'), ${rest} }`;

install('plain', `export default ${definition('plain')};`);
install('made', `export default () => (${definition('made')});`, { exports: { '.': { types: './index.d.ts', import: './index.js' } } });
install('@some/scoped', `export default ${definition('scoped', "probe: () => 'it has no luck'")};`);
install('newer', `export default { ...${definition('newer')}, api: 2 };`);
install('taken', `export default ${definition('cpu-tiled')};`);
install('broken', "throw new Error('no such device\\nsecond line');");
install('nothing', 'export const backend = 1;');
install('number', 'export default 3;');

const backends = (...plugins: string[]) => convoy(['backends', '--json', ...plugins.flatMap((name) => ['--plugin', name])], { cwd: folder });

describe('plugins', () => {
  it('are registered beside the built-in backends', async () => {
    const { code, lines, stderr } = await backends('plain', 'made', '@some/scoped', './node_modules/plain/../made/../../local.mjs').then(async (first) => {
      expect(first.code).toBe(1);
      writeFileSync(join(folder, 'local.mjs'), `export default ${definition('local')};`);
      return backends('plain', 'made', '@some/scoped', './local.mjs');
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const all = lines.map((line) => JSON.parse(line) as { name: string; available: boolean; reason: string | null; ownOps: number | null });
    expect(all.map(({ name }) => name)).toEqual(['worker-pool', 'cpu-naive', 'cpu-tiled', 'wasm-simd', 'plain', 'made', 'scoped', 'local']);
    expect(all.find(({ name }) => name === 'scoped')).toMatchObject({ available: false, reason: 'it has no luck' });
    expect(all.find(({ name }) => name === 'plain')!.ownOps).toBe(all.find(({ name }) => name === 'cpu-naive')!.ownOps);
  });

  it('show in the table', async () => {
    const { stdout } = await convoy(['backends', '--plugin', '@some/scoped'], { cwd: folder });
    expect(stdout).toMatch(/^scoped +kernel set +no +/m);
    expect(stdout).toContain('scoped cannot run here: it has no luck');
  });

  it.each([
    ['absent', `no package 'absent' is found from ${folder} but an installed one is required; npm install absent`],
    ['./absent.js', 'absent.js does not exist but a module is required there'],
    ['nothing', "'nothing' exports nothing by default but a backend made by defineBackend"],
    ['number', "'number' exports a number by default"],
    ['broken', "'broken' failed while it was loaded (no such device)"],
    ['newer', "plugin 'newer' speaks backend API 2 but this Convoy speaks 1"],
    ['taken', "a backend named 'cpu-tiled' is registered already"],
  ])('%s is refused', async (name, message) => {
    const { code, stdout, stderr } = await backends(name);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('train, alone and in the pool', async () => {
    for (const args of [['--backend', 'plain'], ['--kernels', 'plain', '--threads', '2']]) {
      const { lines, stderr, code } = await convoy(['train', '--plugin', 'plain', ...args, '--model', 'mlp', '--limit', '64', '--epochs', '1', '--json'], { cwd: folder });
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ event: 'done', backend: args[0] === '--backend' ? 'plain' : 'worker-pool' });
    }
  });
});
