/** What `convoy data mnist` does: fetches the data set, goes on where an earlier attempt stopped, checks every file. */
import { downloadMnist, MNIST_MIRRORS, type DownloadProgress } from '../io/mnistDownload.js';
import { commandLine } from './commandName.js';
import { rail } from './ui/bars.js';
import { bold, dim } from './ui/colour.js';
import { megabytes } from './ui/format.js';
import { clearLive, isTerminal, print, setLive } from './ui/screen.js';

export interface DataOptions {
  readonly out: string;
  readonly mirror?: readonly string[];
}

export async function fetchMnist({ out, mirror }: DataOptions): Promise<void> {
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
  print(`\nTrain on it: ${bold(commandLine('train', '--data', out))}`);
}

function progressLine({ file, received, total }: DownloadProgress): string {
  const amount = total ? `${megabytes(received)} of ${megabytes(total)}` : megabytes(received);
  return `${file.padEnd(24)} ${total ? `${rail(received / total, 20)} ` : ''}${dim(amount)}`;
}
