/** docs/writing-a-backend.md is true: what it prints is the example plugin, compiles, runs and passes the kit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineBackend } from '../../dist/src/backend/index.js';
import type { KernelSetDefinition } from '../../dist/src/backend/index.js';
import { createConvoy } from '../../dist/src/index.js';
import { conformance } from '../../dist/src/testkit/index.js';
import { codeBlocks, repositoryFile } from '../helpers/codeBlocks.js';
import { stranger, type Stranger } from '../helpers/stranger.js';

const blocks = codeBlocks('docs/writing-a-backend.md');
let at: Stranger;
/** Where the page's own code lies, built. */
let page: string;

beforeAll(() => {
  at = stranger();
  at.build(at.plugin);
  page = join(at.folder, 'page');
  mkdirSync(join(page, 'src'), { recursive: true });
  mkdirSync(join(page, 'test'));
  writeFileSync(join(page, 'package.json'), '{ "type": "module" }\n');
  writeFileSync(join(page, 'tsconfig.json'), repositoryFile('plugins/example-backend/tsconfig.json'));
  writeFileSync(join(page, 'src', 'device.ts'), blocks.filter(({ mark }) => mark === 'device').map(({ text }) => text).join('\n'));
  for (const { mark, name, text } of blocks) if (mark === 'run') writeFileSync(join(page, 'src', name), text);
  at.build(page);
});
afterAll(() => at?.remove());

const built = (name: string): URL => pathToFileURL(join(page, 'dist', 'src', `${name}.js`));

describe('docs/writing-a-backend.md', () => {
  it('says of every block of code what it is', () => {
    expect(blocks.filter(({ language, mark }) => language !== 'sh' && !['file', 'run', 'device'].includes(mark))).toEqual([]);
    expect(blocks.filter(({ mark }) => mark === 'device')).toHaveLength(4);
  });

  it.each(blocks.filter(({ mark }) => mark === 'file'))('prints $name as it is', ({ name, text }) => {
    expect(text).toBe(repositoryFile(name));
  });

  it.each(['use', 'useDevice', 'testDevice'])('prints a program %s that runs', (name) => {
    at.node(page, '--no-warnings', fileURLToPath(built(name)));
  });

  it('prints a kernel of two phases that passes the kit', async () => {
    const phased = defineBackend<KernelSetDefinition>({ name: 'phased', api: 1, kernels: built('phased'), determinism: 'bitwise' });
    const kit = await conformance(phased);
    for (const { run } of kit.tests) run();
    expect(kit.tests.length).toBeGreaterThan(9);
    await kit.close();
    const convoy = createConvoy({ plugins: [phased] });
    const nn = await convoy.nn({ backend: 'phased', fallback: 'allow' });
    expect(nn.ones(3, 5, 7).sum([0, 2]).toArray()).toEqual(new Array(5).fill(21));
    expect(nn.backend.placement()).toContainEqual(expect.objectContaining({ op: 'channelSum', kernel: 'f32_channelSum_planes__js', calls: 1 }));
    await convoy.close();
  });
});

describe('plugins/example-backend', () => {
  it('passes its own tests', () => {
    expect(at.node(at.plugin, '--test', 'dist/test/example.test.js')).toMatch(/fail 0/);
  });
});
