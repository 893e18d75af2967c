/** Lines per folder, to be looked at in review: which part grows, and which file is too long for one idea. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const LONG = 300;
const root = fileURLToPath(new URL('..', import.meta.url));
const folders = new Map();
const long = [];

for (const top of ['src', 'backends', 'plugins', 'bench', 'scripts', 'test']) {
  let entries = [];
  try {
    entries = readdirSync(join(root, top), { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  for (const entry of entries) {
    const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isFile() || !/\.(ts|mjs|cjs)$/.test(path) || /\/(node_modules|dist)\//.test(path)) continue;
    const lines = readFileSync(join(root, path), 'utf8').split('\n').length - 1;
    const folder = dirname(path).split('/').slice(0, 2).join('/');
    const sum = folders.get(folder) ?? { files: 0, lines: 0 };
    folders.set(folder, { files: sum.files + 1, lines: sum.lines + lines });
    if (lines > LONG) long.push({ path, lines });
  }
}

const total = [...folders.values()].reduce((sum, { files, lines }) => ({ files: sum.files + files, lines: sum.lines + lines }), { files: 0, lines: 0 });
for (const [folder, { files, lines }] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).concat([['all', total]])) {
  console.log(`${folder.padEnd(24)} ${String(files).padStart(5)} files ${String(lines).padStart(7)} lines`);
}
for (const { path, lines } of long.sort((a, b) => b.lines - a.lines)) console.log(`over ${LONG} lines: ${path} (${lines})`);
