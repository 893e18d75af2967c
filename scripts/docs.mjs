/**
 * Writes the reference pages that are tables of the code: docs/errors.md, docs/env.md, docs/support.md.
 * `node scripts/docs.mjs --check` writes nothing and fails when a page is not what would be written.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { ENV } from '../dist/src/debug.js';
import { ERROR_CODES } from '../dist/src/errors.js';
import { DEFAULT_SETTINGS, DTYPES, OPS } from '../dist/src/backend/index.js';
import { settingsFor, tableOf } from '../dist/src/backend/open.js';
import { operations } from '../dist/src/testkit/operations.js';
import * as naive from '../dist/backends/cpu-naive/kernels.js';
import * as tiled from '../dist/backends/cpu-tiled/kernels.js';
import * as simd from '../dist/backends/wasm-simd/kernels.js';

const memory = new WebAssembly.Memory({ initial: 65536, maximum: 65536, shared: true });
const tables = await Promise.all([naive, tiled, simd].map((module) => tableOf(module, memory, settingsFor(module, DEFAULT_SETTINGS))));

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const MADE = 'This page is made by `npm run docs` from the code; a test holds the two together.';

const pages = {
  'docs/errors.md': `# Errors

Every error that Convoy throws is a \`ConvoyError\` with a stable \`code\`; messages may be reworded. They read
\`<op>: <what was found> but <what is required> (<every shape, labelled>)[; <one thing to try>]\`.

${table(['code', 'meaning'], Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]))}

${MADE}
`,
  'docs/env.md': `# Environment variables

${table(['variable', 'what it does'], Object.entries(ENV).map(([name, meaning]) => [`\`${name}\``, meaning.replaceAll('|', '\\|')]))}

${MADE}
`,
  'docs/support.md': `# Which kernels exist

Ops of the backend contract (\`src/backend/ops.ts\`) and the dtypes for which each kernel set brings a kernel of its own. \`wasm-simd\` extends
\`cpu-tiled\`, which extends \`cpu-naive\`: what a set lacks it inherits; \`worker-pool\` runs any of them. *Core* ops are what a device must bring; the others can be
composed from them.

${table(['op', 'core', 'cpu-naive', 'cpu-tiled', 'wasm-simd'], Object.entries(OPS).map(([op, { core }]) => [
    `\`${op}\``, core ? 'core' : '', ...tables.map((kernels) => DTYPES.filter((dtype) => kernels[op]?.[dtype]).join(', ')),
  ]))}

## Operations

What users call, as functions, methods or layers. Gradients, and gradients of gradients, are held against central differences in float64 by the cases
in \`src/testkit/gradientCases\`, on a backend that has core ops alone too. *Fused*: there is a kernel for the operation or its gradient beside the composition.
Forms in place (\`add_\`) go with those without the underscore.

${table(['operation', 'gradient', 'of the gradient', 'fused', ''], operations().map(({ name, gradient, twice, fused, note }) => [
    `\`${name}\``, gradient ? 'yes' : 'no', twice ? 'yes' : 'no', fused ? 'yes' : '', note,
  ]))}

${MADE}
`,
};

const check = process.argv.includes('--check');
const stale = [];
for (const [path, text] of Object.entries(pages)) {
  const url = new URL(`../${path}`, import.meta.url);
  if ((await readFile(url, 'utf8').catch(() => '')) === text) continue;
  if (check) stale.push(path);
  else await writeFile(url, text);
}
if (stale.length > 0) {
  console.error(`docs: ${stale.join(', ')} differ from the code; run npm run docs`);
  process.exit(1);
}
console.log(`docs: ${Object.keys(pages).join(', ')} ${check ? 'are current' : 'written'}`);
