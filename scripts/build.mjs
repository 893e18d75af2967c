/**
 * Builds dist/ from src/ and backends/ with tsc, AssemblyScript and rolldown, and only when something changed. A failed build leaves dist/
 * as it was. dist/build.json holds three digests: `sources` decides whether there is work, `assembly` whether WebAssembly has to
 * be compiled again, and `hash` names the built .js and .wasm files, by which threads tell that they run the build of their caller.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, 'build.json');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const WASM = join('backends', 'wasm-simd');
const COMMAND = join('src', 'cli', 'main.js');

/** Every file under `folder`, as sorted paths relative to `base`. */
function list(folder, base) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)))
    .sort();
}

/** SHA-256 over names and contents; the same on every platform, whichever way its separators lean. */
function digest(files, base) {
  const sum = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(join(base, file));
    sum.update(`${file.split(sep).join('/')}\0${bytes.length}\0`).update(bytes);
  }
  return sum.digest('hex');
}

const builtCode = () => list(dist, dist).filter((file) => /\.(js|wasm)$/.test(file));

function readStamp() {
  try {
    return JSON.parse(readFileSync(stamp, 'utf8'));
  } catch {
    return {};
  }
}

function removeEmptyFolders(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Renames into dist/ the files that differ (none is ever half written), removes those no longer built; returns how many. */
function publish(staged) {
  const fresh = list(staged, staged);
  let changed = 0;
  for (const file of fresh) {
    const bytes = readFileSync(join(staged, file));
    const target = join(dist, file);
    if (existsSync(target) && readFileSync(target).equals(bytes)) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(staged, file), target);
    changed++;
  }
  const kept = new Set([...fresh, 'build.json']);
  for (const file of list(dist, dist)) {
    if (kept.has(file)) continue;
    rmSync(join(dist, file), { force: true });
    changed++;
  }
  removeEmptyFolders(dist);
  return changed;
}

const started = performance.now();
const assemblyInputs = [
  ...list(join(root, WASM, 'assembly'), root), join('scripts', 'build-wasm.mjs'), join('node_modules', 'assemblyscript', 'package.json'),
];
const inputs = [
  ...['src', 'backends'].flatMap((folder) => list(join(root, folder), root)),
  'tsconfig.json',
  join('scripts', 'build.mjs'),
  ...['typescript', 'rolldown'].map((name) => join('node_modules', name, 'package.json')),
  ...assemblyInputs,
];
const assembly = digest(assemblyInputs, root);
const sources = digest(inputs, root);
const last = readStamp();
if (last.sources === sources && last.hash === digest(builtCode(), dist)) {
  console.log(`build: dist/ is current (${last.hash.slice(0, 12)}, ${Math.round(performance.now() - started)} ms)`);
  process.exit(0);
}

/** Brings the WebAssembly modules into the staged folder: those of the last build where they are current. */
async function stageWasm() {
  // Loaded only here: a build that finds everything current must not wait for the compiler.
  const { buildWasm, VARIANTS } = await import('./build-wasm.mjs');
  const files = Object.keys(VARIANTS).map((variant) => join(WASM, `${variant}.wasm`));
  if (last.assembly !== assembly || !files.every((file) => existsSync(join(dist, file)))) return buildWasm(join(staged, WASM));
  mkdirSync(join(staged, WASM), { recursive: true });
  for (const file of files) copyFileSync(join(dist, file), join(staged, file));
  return true;
}

/**
 * What every thread imports by itself, kernel sets and the worker's side of the pool, becomes one file each: Node takes up to a millisecond
 * for a module, and there were seventy. Errors and the debug settings stay apart, as there must be one of each in a thread.
 */
async function bundle() {
  const { rolldown } = await import('rolldown');
  const external = ['errors.js', 'debug.js'].map((file) => join(staged, 'src', file));
  // tsc's source maps, so that the bundle's lead to the sources.
  const maps = { name: 'maps', load: (id) => ({ code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') }) };
  for (const file of list(join(staged, 'backends'), staged).filter((path) => /[/\\](kernels|worker)\.js$/.test(path))) {
    // No debug information: it would name the staged folder.
    const bundled = await rolldown({ input: join(staged, file), external, platform: 'node', plugins: [maps], experimental: { attachDebugInfo: 'none' } });
    // Minified, since every thread parses all of it: with that a convoy is made in some 5 % less time.
    await bundled.write({ file: join(staged, file), sourcemap: true, minify: true });
    await bundled.close();
  }
}

// Beside dist/, not in the system's temporary folder: source maps and declarations refer to sources by relative path.
const staged = join(root, `.dist-${process.pid}`);
let status = 1;
try {
  const run = spawn(process.execPath, [tsc, '-p', 'tsconfig.json', '--outDir', staged, '--noEmitOnError'], { cwd: root, stdio: 'inherit' });
  const [[code], wasm] = await Promise.all([once(run, 'exit'), stageWasm()]);
  status = code === 0 && wasm ? 0 : 1;
  if (status === 0) {
    await bundle();
    const changed = publish(staged);
    if (existsSync(join(dist, COMMAND))) chmodSync(join(dist, COMMAND), 0o755);
    const hash = digest(builtCode(), dist);
    writeFileSync(join(staged, 'build.json'), `${JSON.stringify({ hash, sources, assembly })}\n`);
    renameSync(join(staged, 'build.json'), stamp);
    console.log(`build: dist/ written, ${changed} files changed (${hash.slice(0, 12)}, ${Math.round(performance.now() - started)} ms)`);
  } else {
    console.error('build: there are errors, dist/ is left as it was');
  }
} finally {
  rmSync(staged, { recursive: true, force: true });
}
process.exit(status);
