/**
 * Smoke test of the package as users get it: packs it, installs the tarball into an empty folder, and trains there from an
 * ES module, from CommonJS and by the command, also with the example plugin. Says what failed and exits non-zero.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'convoy-smoke-'));
const app = join(work, 'app');
const TIMEOUT_MS = 300_000;
const POOL = { backend: 'worker-pool', threads: 2, kernels: 'cpu-tiled' };

/** Runs to the end and returns stdout; whatever goes wrong is an error that shows all that was printed. */
function run(command, args, cwd, shell = false) {
  const env = { ...process.env, PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
  // Or an npm started from `npm run` would take this repository for its own prefix.
  for (const name of Object.keys(env)) if (/^npm_(package|lifecycle)_|^npm_config_local_prefix$/.test(name)) delete env[name];
  const done = spawnSync(command, args, { cwd, env, shell, encoding: 'utf8', timeout: TIMEOUT_MS });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    throw new Error(`${[command, ...args].join(' ')}: exit ${done.status ?? done.signal} but 0 is required\n${done.stdout}${done.stderr}`);
  }
  if (/ExperimentalWarning/.test(done.stderr)) throw new Error(`${args.join(' ')}: warns of an experimental feature\n${done.stderr}`);
  return done.stdout;
}

const node = (args, cwd) => run(process.execPath, args, cwd);
const npmFile = process.env.npm_execpath;
const npm = (args, cwd) =>
  npmFile?.endsWith('.js') ? node([npmFile, ...args], cwd) : run('npm', args, cwd, process.platform === 'win32');

function pack(folder) {
  const to = mkdtempSync(join(work, 'pack-'));
  npm(['pack', '--ignore-scripts', '--pack-destination', to], folder);
  const [file] = readdirSync(to);
  return join(to, file);
}

const install = (folder, ...packages) => npm(['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', ...packages], folder);

function check(ok, sentence) {
  if (!ok) throw new Error(sentence);
}

/** A script's last line is a JSON array of losses. */
function losses(name, stdout) {
  const list = JSON.parse(stdout.trim().split('\n').at(-1));
  const [first, last] = [list[0], list.at(-1)];
  check(list.every(Number.isFinite) && last < first / 2, `${name}: loss went from ${first} to ${last} but must fall to less than half`);
  console.log(`  ${name}: loss ${first.toFixed(4)} -> ${last.toFixed(4)}`);
  return JSON.stringify(list);
}

function esm(options, plugin) {
  return `import * as convoyNn from 'convoy-nn';
import { train } from './train.mjs';
${plugin ? `import plugin from '${plugin}';` : 'const plugin = undefined;'}
const { convoy, losses } = await train(convoyNn, ${JSON.stringify(options)}, typeof plugin === 'function' ? plugin() : plugin);
await convoy.close();
console.log(JSON.stringify(losses));
`;
}

// No close() here: a script that forgets it ends all the same.
const cjs = `const convoyNn = require('convoy-nn');
import('./train.mjs')
  .then(({ train }) => train(convoyNn, ${JSON.stringify(POOL)}))
  .then(({ losses }) => console.log(JSON.stringify(losses)));
`;

const typed = `import { createConvoy, type Tensor } from 'convoy-nn';
import { defineBackend } from 'convoy-nn/backend';
const convoy = createConvoy();
const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
export const x: Tensor = nn.Conv2d(1, 1, 3).forward(nn.zeros([1, 1, 5, 5]));
export const define: typeof defineBackend = defineBackend;
`;

function command(args) {
  return npm(['exec', '--no', '--', 'convoy', ...args], app);
}

function trainByCommand(...args) {
  const lines = command(['train', '--data', 'digits', '--model', 'cnn1', '--limit', '256', '--epochs', '1', '--json', ...args])
    .trim().split('\n');
  const done = JSON.parse(lines.at(-1));
  check(done.event === 'done', `convoy train: last event is ${done.event} but must be done`);
  return done;
}

/** Builds, tests and packs the example plugin as a stranger would who has its folder and the two tarballs, then trains with it. */
function examplePlugin(tarball) {
  const source = join(root, 'plugins', 'example-backend');
  if (!existsSync(source)) {
    console.log('smoke: plugins/example-backend is absent, its part is left out');
    return;
  }
  console.log('smoke: the example plugin, built, tested, packed and installed');
  const folder = join(work, 'example-backend');
  cpSync(source, folder, { recursive: true, filter: (path) => !/[\\/](node_modules|dist)$/.test(path) });
  install(folder, tarball);
  npm(['run', 'build', '--if-present'], folder);
  npm(['test'], folder);
  install(app, tarball, pack(folder));
  const packageName = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
  writeFileSync(join(app, 'name.mjs'), `import plugin from '${packageName}';
console.log((typeof plugin === 'function' ? plugin() : plugin).name);
`);
  const name = node(['name.mjs'], app).trim();
  writeFileSync(join(app, 'plugin.mjs'), esm({ backend: name }, packageName));
  losses(`backend ${name}`, node(['plugin.mjs'], app));
  writeFileSync(join(app, 'pooled.mjs'), esm({ backend: 'worker-pool', threads: 2, kernels: name }, packageName));
  losses(`worker-pool on kernels ${name}`, node(['pooled.mjs'], app));
  // A kernel set alone runs on the calling thread; the pool spreads it over two.
  const single = trainByCommand('--plugin', packageName, '--backend', name);
  check(single.backend === name && single.threads === 1, `convoy train --backend ${name}: done by ${single.backend} on ${single.threads} threads`);
  const pooled = trainByCommand('--plugin', packageName, '--kernels', name, '--threads', '2');
  check(pooled.backend === 'worker-pool' && pooled.threads === 2, `convoy train --kernels ${name}: done by ${pooled.backend} on ${pooled.threads} threads`);
  check(single.testAccuracy === pooled.testAccuracy, `convoy train: ${single.testAccuracy} on one thread but ${pooled.testAccuracy} on two; the same bits are required`);
  const listed = JSON.parse(command(['backends', '--plugin', packageName, '--json']).trim().split('\n').at(-1));
  check(JSON.stringify(listed).includes(`"${name}"`), `convoy backends --plugin ${packageName}: does not list ${name}`);
}

try {
  console.log(`smoke: Node ${process.version}, packing and installing into an empty folder`);
  npm(['run', 'build'], root);
  const tarball = pack(root);
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }\n');
  install(app, tarball);
  copyFileSync(join(root, 'scripts', 'smoke', 'train.mjs'), join(app, 'train.mjs'));

  console.log('smoke: training from an ES module and from CommonJS');
  writeFileSync(join(app, 'esm.mjs'), esm(POOL));
  writeFileSync(join(app, 'cjs.cjs'), cjs);
  const byImport = losses('import', node(['esm.mjs'], app));
  const byRequire = losses('require', node(['cjs.cjs'], app));
  check(byImport === byRequire, `import gave ${byImport} but require ${byRequire}; same seed, so the same bits are required`);

  console.log('smoke: types');
  writeFileSync(join(app, 'typed.mts'), typed);
  node([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext',
    '--target', 'es2023', '--lib', 'es2023,esnext.disposable', 'typed.mts'], app);

  console.log('smoke: the command');
  check(/convoy/.test(command(['--help'])), 'convoy --help: does not name the command');
  const done = trainByCommand('--threads', '2', '--out', 'weights.safetensors');
  check(existsSync(join(app, 'weights.safetensors')), 'convoy train --out: no weights were written');
  console.log(`  convoy train: ${JSON.stringify(done)}`);

  examplePlugin(tarball);
  console.log('smoke: all is well');
} catch (error) {
  console.error(`smoke: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
