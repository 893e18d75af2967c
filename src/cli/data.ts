/** `convoy data mnist`: fetches the data set, goes on where an earlier attempt stopped, checks every file. */
import type { Command } from 'commander';
import { downloadMnist, MNIST_MIRRORS, type DownloadProgress } from '../io/mnistDownload.js';
import { commandName } from './commandName.js';
import { withExamples } from './options.js';
import { rail } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { megabytes } from './ui/format.js';
import { clearLive, isTerminal, print, setLive } from './ui/screen.js';

interface Options {
  readonly out: string;
  readonly mirror?: readonly string[];
}

export function addData(program: Command): void {
  const data = program.command('data').summary('fetch data sets').description('Fetches data sets.');
  withExamples(data, [['convoy data mnist --out mnist', 'the 70,000 handwritten digits of MNIST, 12 MB packed']]);
  const mnist = data.command('mnist')
    .summary('fetch MNIST')
    .description('Fetches the four MNIST files, unpacked. A file counts only with the right SHA-256; what is there already is kept, and a download that was cut off is continued.')
    .requiredOption('--out <dir>', 'folder to put the files in; made when missing')
    .option('--mirror <url>', 'fetch from this folder on a server instead of the known mirrors; may be repeated', (url: string, all: string[] = []) => [...all, url])
    .action(fetchMnist);
  withExamples(mnist, [
    ['convoy data mnist --out mnist', 'fetch it into ./mnist'],
    ['convoy train --data mnist', 'then train on it'],
  ]);
}

async function fetchMnist({ out, mirror }: Options): Promise<void> {
  let file = '';
  const result = await downloadMnist(out, {
    mirrors: mirror ?? MNIST_MIRRORS,
    onProgress: (progress) => {
      if (!isTerminal() && progress.file !== file) print(`${progress.file}  from ${progress.mirror}`);
      file = progress.file;
      setLive(progressLine(progress));
    },
  }).finally(clearLive);
  for (const name of result.fetched) print(`${name.padEnd(24)} fetched, SHA-256 right`);
  for (const name of result.kept) print(`${name.padEnd(24)} was there, SHA-256 right`);
  print(`\nTrain on it: ${bold(`${commandName} train --data ${out}`)}`);
}

function progressLine({ file, received, total }: DownloadProgress): string {
  const amount = total ? `${megabytes(received)} of ${megabytes(total)}` : megabytes(received);
  return `${file.padEnd(24)} ${total ? `${rail(received / total, 20)} ` : ''}${dim(amount)}`;
}
