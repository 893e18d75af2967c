/**
 * npm run test:reference: every case of every group on every backend against what PyTorch computed. A case whose operation or
 * option does not exist counts as failed. Ends with a table and the line `N passed, N failed`.
 *
 *     node test/reference/run.mjs [--group conv2d,pad] [--case NAME] [--backend cpu-naive] [--quiet]
 */
import { parseArgs } from 'node:util';
import { runCase } from './cases.mjs';
import { FOLDER, groupNames, present, readGroup } from './data.mjs';
import { BACKENDS, createConvoy } from './library.mjs';

const { values } = parseArgs({ options: { group: { type: 'string' }, case: { type: 'string' }, backend: { type: 'string' }, quiet: { type: 'boolean' } } });
if (!present()) {
  console.log(`reference: no cases at ${FOLDER}; set CONVOY_REFERENCE to the folder that has them`);
  process.exit(1);
}

const chosen = values.backend?.split(',') ?? Object.keys(BACKENDS);
const groups = groupNames().filter((name) => !values.group || values.group.split(',').includes(name)).map(readGroup);
const convoy = createConvoy();
const total = { passed: 0, failed: 0 };
const table = [];
const missing = new Map();

const nns = new Map();
for (const name of chosen) nns.set(name, await convoy.nn({ ...BACKENDS[name], seed: 0, fallback: 'allow' }));
for (const group of groups) {
  const row = { group: group.name };
  for (const [backend, nn] of nns) {
    const cases = group.cases.filter(({ name }) => !values.case || name === values.case);
    let passed = 0;
    for (const testCase of cases) {
      const result = runCase(nn, group, testCase);
      if (result.problems.length === 0) passed++;
      else if (result.missing) missing.set(`${group.name}/${testCase.op}`, result.problems[0]);
      else if (!values.quiet) console.log(`FAILED ${backend} ${group.name} ${testCase.name}: ${result.problems.join('; ')}`);
    }
    row[backend] = `${passed}/${cases.length}`;
    total.passed += passed;
    total.failed += cases.length - passed;
  }
  table.push(row);
}
await convoy.close();

for (const [op, reason] of missing) if (!values.quiet) console.log(`NOT BUILT ${op}: ${reason}`);
const width = Math.max(...table.map(({ group }) => group.length));
console.log(['group'.padEnd(width), ...chosen.map((name) => name.padStart(12))].join(' '));
for (const row of table) console.log([row.group.padEnd(width), ...chosen.map((name) => row[name].padStart(12))].join(' '));
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
