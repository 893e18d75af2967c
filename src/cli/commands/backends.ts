/** Options and help of `convoy backends`. */
import type { Command } from 'commander';
import type { BackendsOptions } from '../backends.js';
import { pluginOption, turboOption, withExamples } from '../options.js';

export function addBackends(program: Command): void {
  const command = program.command('backends')
    .summary('list what could run a model here')
    .description('Lists the registered backends: whether each can run on this machine, whose bits repeat, how many ops it brings itself, and which of its variants.')
    .addOption(pluginOption())
    .addOption(turboOption())
    .option('--json', 'print one JSON object a backend')
    .action(async (options: BackendsOptions) => (await import('../backends.js')).listBackends(options));
  withExamples(command, [
    ['convoy backends', 'what this package brings'],
    ['convoy backends --plugin convoy-backend-example', 'that, and a package installed in this folder'],
  ]);
}
