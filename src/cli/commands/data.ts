/** Options and help of `convoy data`. */
import type { Command } from 'commander';
import type { DataOptions } from '../data.js';
import { withExamples } from '../options.js';

export function addData(program: Command): void {
  const data = program.command('data').summary('fetch data sets').description('Fetches data sets.');
  withExamples(data, [['convoy data mnist --out mnist', 'the 70,000 handwritten digits of MNIST, 12 MB packed']]);
  const mnist = data.command('mnist')
    .summary('fetch MNIST')
    .description('Fetches the four MNIST files, unpacked. A file counts only with the right SHA-256; what is there already is kept, and a download that was cut off is continued.')
    .requiredOption('--out <dir>', 'folder to put the files in; made when missing')
    .option('--mirror <url>', 'fetch from this folder on a server instead of the known mirrors; may be repeated', (url: string, all: string[] = []) => [...all, url])
    .action(async (options: DataOptions) => (await import('../data.js')).fetchMnist(options));
  withExamples(mnist, [
    ['convoy data mnist --out mnist', 'fetch it into ./mnist'],
    ['convoy train --data mnist', 'then train on it'],
  ]);
}
