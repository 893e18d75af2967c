/** `convoy backends`: what could run a model here. */
import type { Command } from 'commander';
import type { Convoy } from '../convoy/index.js';
import { withConvoy } from './engine.js';
import { pluginOption, withExamples } from './options.js';
import { green, yellow } from './ui/colour.js';
import { print } from './ui/screen.js';
import { table } from './ui/table.js';

interface Options {
  readonly plugin?: readonly string[];
  readonly json?: boolean;
}

export function addBackends(program: Command): void {
  const command = program.command('backends')
    .summary('list what could run a model here')
    .description('Lists the registered backends: whether each can run on this machine, whose bits repeat, and how many ops it brings itself.')
    .addOption(pluginOption())
    .option('--json', 'print one JSON object a backend')
    .action((options: Options) => withConvoy(options.plugin, (convoy) => show(convoy, options)));
  withExamples(command, [
    ['convoy backends', 'what this package brings'],
    ['convoy backends --plugin convoy-backend-example', 'that, and a package installed in this folder'],
  ]);
}

async function show(convoy: Convoy, { json }: Options): Promise<void> {
  const all = await convoy.probe();
  if (json) {
    for (const { name, kind, version, extends: base, determinism, available, ops } of all) {
      print(JSON.stringify({ name, kind, version, extends: base, determinism, available: available === true, reason: typeof available === 'string' ? available : null, ownOps: ops?.length ?? null }));
    }
    return;
  }
  print(table(
    [{ head: 'name' }, { head: 'kind' }, { head: 'available' }, { head: 'same bits' }, { head: 'own ops', align: 'right' }, { head: 'extends' }],
    all.map(({ name, kind, available, determinism, ops, extends: base }) => [
      name, kind, available === true ? green('yes') : yellow(`no: ${available ?? 'not probed'}`), determinism, ops ? String(ops.length) : '–', base ?? '–',
    ]),
  ));
}
