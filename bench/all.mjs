/** `npm run bench`: every benchmark, briefly, one after the other. What is worth publishing is measured by each of them alone, for longer. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { main, options, PlainError } from './harness.mjs';

const RUNS = [
  ['forkJoin.mjs', '--joins', '20000', '--repeat', '3'],
  ['kernels.mjs', '--time', '40', '--shapes', 'peers,cnn2'],
  ['longtail.mjs', '--time', '40'],
  ['train.mjs', '--time', '500'],
  ['scaling.mjs', '--turns', '5'],
  ['peers.mjs', '--time', '100', '--filter', 'conv'],
  ['simulate.mjs', '--repeat', '1', '--filter', '14x14'],
];

function run() {
  options('npm run bench', {});
  for (const [file, ...args] of RUNS) {
    console.log(`\n━━ bench/${file} ${args.join(' ')}\n`);
    const { status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio: 'inherit' });
    if (status !== 0) throw new PlainError(`bench/${file} failed`);
  }
}

await main(run);
