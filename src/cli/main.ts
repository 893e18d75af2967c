#!/usr/bin/env node
/**
 * The `convoy` command: its subcommands, and what becomes of an error. Each subcommand has its options in commands/ and its work
 * in a file beside this one, which is loaded only when it is called: help and misspelt options answer at once.
 */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ConvoyError } from '../errors.js';
import { addBackends } from './commands/backends.js';
import { addBenchmark } from './commands/benchmark.js';
import { addData } from './commands/data.js';
import { addEval } from './commands/eval.js';
import { addPredict } from './commands/predict.js';
import { addTrain } from './commands/train.js';
import { withExamples } from './options.js';
import { bold, hasColour, red, yellow } from './ui/colour.js';
import { clearLive, columns, warn } from './ui/screen.js';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };

const program = new Command('convoy')
  .description('Trains and runs convolutional networks on all cores of this machine.')
  .version(version, '--version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  // commander turns colours off by rules of its own; ours are already applied when it gets the text.
  .configureOutput({ getOutHasColors: () => hasColour, getErrHasColors: () => hasColour, getOutHelpWidth: () => Math.min(100, columns()) })
  .configureHelp({ styleTitle: bold })
  .showHelpAfterError('(add --help for the options)');
for (const add of [addTrain, addEval, addPredict, addBenchmark, addBackends, addData]) add(program);
withExamples(program, [
  ['convoy train', 'train a small CNN on synthetic digits, in under a minute'],
  ['convoy train --data mnist --out cnn.safetensors', 'train it on MNIST and keep the weights'],
  ['convoy predict photo.png --weights cnn.safetensors', 'which digit is it?'],
]);

// `convoy train --json | head -1` closes the pipe: that is the reader's choice, no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// In the place of Node's own listener, which would write across the progress bar.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') warn(yellow(`convoy: ${message}`));
});

try {
  await program.parseAsync();
} catch (error) {
  clearLive();
  if (error instanceof ConvoyError) warn(`${red('convoy:')} ${error.message.replace(/\s*\n\s*/g, ' ')}`);
  else warn(`${red('convoy:')} an unexpected error, probably a mistake in Convoy itself\n${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
