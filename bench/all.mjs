/** `npm run bench`: every benchmark, briefly, one after the other. What is worth publishing is measured by each of them alone, for longer. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { facts, main, options, PlainError, writeJson } from './harness.mjs';

/** A benchmark, whether it takes --no-turbo, and options that make it brief. */
const RUNS = [
  ['forkJoin', false, '--joins', '20000', '--repeat', '3'],
  ['kernels', true, '--time', '40', '--shapes', 'peers,cnn2'],
  ['longtail', true, '--time', '40'],
  ['train', true, '--time', '500'],
  ['scaling', true, '--turns', '5'],
  ['peers', true, '--time', '100', '--filter', 'conv'],
  ['simulate', true, '--repeat', '1', '--filter', '14x14'],
  ['overhead', false, '--time', '100', '--filter', 'ops'],
];
const NAMES = RUNS.map(([name]) => name).join(', ');

const SPEC = {
  filter: { type: 'string', default: '', help: `only benchmarks whose name contains this text: ${NAMES}` },
  json: { type: 'string', help: 'also write the results of all of them to this file' },
  'no-turbo': { type: 'boolean', default: false, help: 'without the V8 flag that turbo: true sets' },
};

function run() {
  const { values } = options('npm run bench -- [options]', SPEC);
  const chosen = RUNS.filter(([name]) => name.includes(values.filter));
  if (chosen.length === 0) throw new PlainError(`no benchmark's name contains '${values.filter}': ${NAMES}`);
  const folder = mkdtempSync(join(tmpdir(), 'convoy-bench-'));
  try {
    const rows = chosen.flatMap(([name, takesTurbo, ...brief]) => {
      const args = [...brief, ...(takesTurbo && values['no-turbo'] ? ['--no-turbo'] : [])];
      console.log(`\n━━ bench/${name}.mjs ${args.join(' ')}\n`);
      const json = join(folder, `${name}.json`);
      const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), ...args, '--json', json], { stdio: 'inherit' });
      if (status !== 0) throw new PlainError(`bench/${name}.mjs failed`);
      const { bench, rows: found } = JSON.parse(readFileSync(json, 'utf8'));
      return found.map((row) => ({ bench, ...row }));
    });
    writeJson(values.json, 'all', facts(), { filter: values.filter, turbo: !values['no-turbo'] }, rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main(run);
