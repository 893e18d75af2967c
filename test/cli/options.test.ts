/** The command's help, and how it refuses what it cannot do: one clear line on standard error, exit code 1, nothing on standard output. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convoy } from '../helpers/command.js';
import { idxBytes, temporaryFolder } from '../helpers/files.js';

describe('help', () => {
  const COMMANDS = ['train', 'eval', 'predict', 'benchmark', 'backends', 'data'];

  it('lists the commands, with examples', async () => {
    const { code, stdout } = await convoy(['--help']);
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(stdout).toContain('Examples:\n  $ convoy train');
  });

  it.each([...COMMANDS, 'data mnist'])('%s has examples and fits 80 columns', async (names) => {
    const { code, stdout } = await convoy([...names.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:\n  $ convoy ');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\x1b');
  });

  it('prints the version of the package', async () => {
    expect((await convoy(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('bad options', () => {
  it.each([
    [['train', '--epochs', '0'], "'--epochs <n>' argument '0' is invalid. A whole number ≥ 1 is required."],
    [['train', '--epochs', '1e3x'], "argument '1e3x' is invalid"],
    [['train', '--batch', '-4'], "'--batch <n>' argument '-4' is invalid"],
    [['train', '--lr', 'abc'], "'--lr <rate>' argument 'abc' is invalid. A number above 0 is required."],
    [['train', '--lr', '0'], "'--lr <rate>' argument '0' is invalid"],
    [['train', '--lr', ''], "'--lr <rate>' argument '' is invalid"],
    [['train', '--momentum', '1'], "'--momentum <m>' argument '1' is invalid"],
    [['train', '--threads', '1.5'], "'--threads <n>' argument '1.5' is invalid. A whole number from 1 to"],
    [['train', '--seed', 'x'], "'--seed <n>' argument 'x' is invalid"],
    [['train', '--limit', '0'], "'--limit <n>' argument '0' is invalid"],
    [['train', '--model', 'cnn3'], "argument 'cnn3' is invalid. Allowed choices are mlp, cnn1, cnn2, cnn2bn."],
    [['train', '--optimizer', 'lion'], 'Allowed choices are sgd, adam, adamw, nadam, adamax, rmsprop, adagrad, adadelta.'],
    [['train', '--fallback', 'maybe'], 'Allowed choices are error, warn, allow.'],
    [['train', '--epoch', '1'], "unknown option '--epoch'"],
    [['train', '--epoch', '1'], 'Did you mean --epochs?'],
    [['train', 'now'], 'too many arguments'],
    [['trian'], "unknown command 'trian'"],
    [['trian'], 'Did you mean train?'],
    [['eval'], "required option '--weights <file>' not specified"],
    [['predict', '--weights', 'w'], "missing required argument 'image'"],
    [['data', 'mnist'], "required option '--out <dir>' not specified"],
    [['train', '--momentum', '0.5', '--optimizer', 'adam'], '--momentum is 0.5 but only --optimizer sgd takes it'],
    [['train', '--backend', 'cpu-tield'], "no backend named 'cpu-tield'; registered: worker-pool, cpu-naive, cpu-tiled, wasm-simd; did you mean 'cpu-tiled'?"],
    [['train', '--kernels', 'cpu-naiv'], "no kernel set named 'cpu-naiv'"],
    [['train', '--backend', 'cpu-naive', '--kernels', 'cpu-tiled'], "only backend 'worker-pool' takes it"],
    [['train', '--backend', 'cpu-naive', '--threads', '2'], "backend 'cpu-naive' runs on the calling thread"],
    [['benchmark', '--models', 'mlp,cnn9'], "'cnn9'"],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await convoy(args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('bad data', () => {
  const folder = temporaryFolder();

  const set = (name: string, { side = 28, labels = [1, 2], extra = {} }: { side?: number; labels?: number[]; extra?: Record<string, Uint8Array> } = {}): string => {
    const dir = join(folder, name);
    mkdirSync(dir);
    for (const half of ['train', 't10k']) {
      writeFileSync(join(dir, `${half}-images-idx3-ubyte`), idxBytes([2, side, side], new Uint8Array(2 * side * side)));
      writeFileSync(join(dir, `${half}-labels-idx1-ubyte`), idxBytes([labels.length], labels));
    }
    for (const [file, bytes] of Object.entries(extra)) writeFileSync(join(dir, file), bytes);
    return dir;
  };

  it.each([
    ['a missing folder', () => join(folder, 'nowhere'), 'nowhere is no folder that can be read'],
    ['another image size', () => set('size', { side: 27 }), 'images of 27×27 but 28×28 is required'],
    ['a label out of range', () => set('label', { labels: [1, 10] }), 'holds label 10 at index 1 but 0 to 9 is required'],
    ['other counts', () => set('counts', { labels: [1, 2, 3] }), 'holds 2 images but'],
    ['a wrong magic number', () => set('magic', { extra: { 'train-images-idx3-ubyte': Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9) } }), 'train-images-idx3-ubyte'],
    ['a truncated gzip', () => {
      const dir = set('gzip', { extra: { 'train-images-idx3-ubyte': Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1) } });
      return dir;
    }, 'train-images-idx3-ubyte'],
  ])('%s', async (_, make, message) => {
    const { code, stdout, stderr } = await convoy(['train', '--data', make()]);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('a missing file of weights', async () => {
    const { code, stderr } = await convoy(['eval', '--weights', join(folder, 'none.safetensors')]);
    expect(code).toBe(1);
    expect(stderr).toContain('none.safetensors does not exist but a file is required there');
  });

  it('a picture that is none', async () => {
    writeFileSync(join(folder, 'text.png'), 'hello');
    const { code, stderr } = await convoy(['predict', join(folder, 'text.png'), '--weights', 'w']);
    expect(code).toBe(1);
    expect(stderr).toContain('begins with 68 65 6c 6c but a PNG (89 50 4e 47) or a JPEG (ff d8) is required');
  });
});
