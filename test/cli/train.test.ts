/** `convoy train`, `eval` and `predict` end to end, on few images. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it, vi } from 'vitest';
import { digits } from '../../dist/src/data/digits.js';
import { convoy, start } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/files.js';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 120_000 });

const cwd = temporaryFolder();
const SMALL = ['--model', 'mlp', '--limit', '300', '--threads', '2'];

interface Line {
  event: string;
  [key: string]: unknown;
}
const parse = (lines: readonly string[]): Line[] => lines.map((line) => JSON.parse(line) as Line);

describe('train', () => {
  it('--json prints one object a line and nothing else', async () => {
    const { code, lines, stdout, stderr } = await convoy(['train', ...SMALL, '--epochs', '3', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.endsWith('}\n')).toBe(true);
    const events = parse(lines);
    expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'epoch', 'done']);
    expect(events[0]).toMatchObject({ model: 'mlp', trainImages: 300, testImages: 50, parameters: 79510, batch: 64, epochs: 3, seed: 0, threads: 2 });
    events.slice(1, 4).forEach((epoch, i) => {
      expect(epoch).toMatchObject({ epoch: i + 1, loss: expect.any(Number), accuracy: expect.any(Number), imagesPerSecond: expect.any(Number), seconds: expect.any(Number) });
    });
    expect(events[3].loss as number).toBeLessThan(events[1].loss as number);
    expect(events[4]).toMatchObject({ testAccuracy: expect.any(Number), imagesPerSecond: expect.any(Number), seconds: expect.any(Number), backend: 'worker-pool', threads: 2 });
  });

  it('prints plain lines where there is no terminal', async () => {
    const { code, stdout, stderr } = await convoy(['train', '--model', 'cnn1', '--limit', '100', '--epochs', '1'], { cwd, env: { CI: '1' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x1b\r]/);
    expect(stdout).toMatch(/^0 Conv2d +n × 16 × 28 × 28 +416 +313,600$/m);
    expect(stdout).toMatch(/^all, for one image +31,786 +344,960$/m);
    expect(stdout).toMatch(/^epoch 1\/1 {2}loss \d\.\d{4} {2}accuracy +\d+\.\d\d % +[\d,]+ images\/s +\d+:\d\d$/m);
    expect(stdout).toMatch(/^truth +0 +1 +2/m);
    expect(stdout).toMatch(/% right on images it has never seen/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('repeats its bits for the same seed, on any number of threads, and not for another', async () => {
    const run = async (name: string, ...args: string[]): Promise<Buffer> => {
      expect((await convoy(['train', '--model', 'mlp', '--limit', '200', '--epochs', '1', '--out', name, ...args], { cwd })).stderr).toBe('');
      return readFileSync(join(cwd, name));
    };
    const one = await run('one.safetensors', '--threads', '1');
    expect((await run('three.safetensors', '--threads', '3')).equals(one)).toBe(true);
    expect((await run('tiled.safetensors', '--backend', 'wasm-simd')).equals(one)).toBe(true);
    expect((await run('seed.safetensors', '--threads', '1', '--seed', '1')).equals(one)).toBe(false);
  });

  it('stops with the step named when the loss is no number, and keeps the last good checkpoint', async () => {
    const { code, stdout, stderr } = await convoy(['train', ...SMALL, '--lr', '1e30', '--out', 'nan.safetensors', '--json'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(/the loss is (NaN|Infinity|-Infinity) at step \d+ of 5 in epoch 1 of 2/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(parse(stdout.split('\n').filter(Boolean)).at(-1)!.event).not.toBe('done');
    expect(existsSync(join(cwd, 'nan.safetensors'))).toBe(false);
    expect(existsSync(join(cwd, 'nan.safetensors.checkpoint'))).toBe(true);
  });

  it('finds out before the training that --out cannot be written', async () => {
    const { code, lines, stderr } = await convoy(['train', ...SMALL, '--out', 'no/where/w.safetensors', '--json'], { cwd });
    expect(code).toBe(1);
    expect(lines.some((line) => line.includes('"epoch","'))).toBe(false);
    expect(stderr).toContain('could not be written');
  });

  it('ends quietly when the reader of a pipe goes away', async () => {
    const { child, ended } = start(['train', ...SMALL, '--json'], { cwd, onLine: (_, { stdout }) => stdout!.destroy() });
    const { stderr } = await ended;
    expect(stderr).toBe('');
    expect(child.exitCode).toBe(0);
  });
});

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('%s saves a checkpoint, and going on gives the bits of an uninterrupted training', async (signal) => {
    const out = `${signal}.safetensors`;
    const args = ['train', '--model', 'cnn1', '--limit', '640', '--batch', '32', '--epochs', '4', '--threads', '2'];
    if (!existsSync(join(cwd, 'whole.safetensors'))) expect((await convoy([...args, '--out', 'whole.safetensors'], { cwd })).stderr).toBe('');
    const { ended } = start([...args, '--out', out, '--json'], {
      cwd, onLine: (line, child) => {
        if (line.includes('"epoch":1,')) child.kill(signal);
      },
    });
    const stopped = await ended;
    const last = parse(stopped.lines).at(-1)!;
    expect({ code: stopped.code, stderr: stopped.stderr }).toEqual({ code: signal === 'SIGINT' ? 130 : 143, stderr: '' });
    expect(last).toMatchObject({ event: 'interrupted', checkpoint: `${out}.checkpoint`, resume: `npx convoy train --resume ${out}.checkpoint --out ${out} --threads 2` });
    expect(existsSync(join(cwd, out))).toBe(false);
    const resumed = await convoy((last.resume as string).split(' ').slice(2), { cwd });
    expect({ code: resumed.code, stderr: resumed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(cwd, out)).equals(readFileSync(join(cwd, 'whole.safetensors')))).toBe(true);
  });

  it('goes to ./convoy-checkpoint.safetensors without --out', async () => {
    const { ended } = start(['train', '--model', 'cnn1', '--limit', '2000', '--json'], {
      cwd, onLine: (line, child) => {
        if (line.includes('"start"')) child.kill('SIGINT');
      },
    });
    expect((await ended).code).toBe(130);
    expect(existsSync(join(cwd, 'convoy-checkpoint.safetensors'))).toBe(true);
  });

  it('the second ends the process at once, in the middle of a step', async () => {
    // A step that never ends, begun by the first signal.
    const script = `import { stopSignal } from '${new URL('../../dist/src/cli/interrupt.js', import.meta.url).href}';
      stopSignal().signal.addEventListener('abort', () => { console.log('in a step'); for (;;); });
      setInterval(() => undefined, 1000);
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', () => child.kill('SIGINT'));
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});

describe('resume', () => {
  it('refuses other settings, takes more epochs', async () => {
    const resume = async (...args: string[]) => convoy(['train', '--resume', 'r.safetensors.checkpoint', ...args], { cwd });
    expect((await convoy(['train', ...SMALL, '--epochs', '1', '--out', 'r.safetensors'], { cwd })).code).toBe(0);
    expect((await resume('--lr', '0.1')).stderr).toContain('--lr is 0.1 but r.safetensors.checkpoint was made with 0.05; leave --lr out');
    expect((await resume('--model', 'cnn1')).stderr).toContain('--model is cnn1 but r.safetensors.checkpoint was made with mlp');
    expect((await resume()).stderr).toContain('r.safetensors.checkpoint has 1 epochs behind it but --epochs is 1; give --epochs 2 or more to go on');
    expect((await convoy(['train', '--resume', 'r.safetensors'], { cwd })).stderr).toContain('a file of saveCheckpoint is required');
    expect((await resume('--epochs', '2', '--lr', '0.05', '--out', 'r2.safetensors')).stderr).toBe('');
    expect((await convoy(['train', ...SMALL, '--epochs', '2', '--out', 'straight.safetensors'], { cwd })).stderr).toBe('');
    expect(readFileSync(join(cwd, 'r2.safetensors')).equals(readFileSync(join(cwd, 'straight.safetensors')))).toBe(true);
  });
});

describe('saved weights', () => {
  it('are measured by eval and used by predict, the model told by their shapes', async () => {
    const trained = await convoy(['train', '--model', 'mlp', '--limit', '2000', '--epochs', '4', '--out', 'w.safetensors', '--json'], { cwd });
    expect(trained.stderr).toBe('');
    const { testAccuracy } = parse(trained.lines).at(-1)! as unknown as { testAccuracy: number };
    const measured = await convoy(['eval', '--weights', 'w.safetensors', '--limit', '334', '--json'], { cwd });
    expect(measured.lines).toHaveLength(1);
    expect(JSON.parse(measured.lines[0])).toMatchObject({ event: 'done', model: 'mlp', images: 334, accuracy: testAccuracy });
    expect((await convoy(['eval', '--weights', 'w.safetensors', '--limit', '334'], { cwd })).stdout).toContain(`${(100 * testAccuracy).toFixed(2)} % right (mlp, 334 unseen synthetic digits,`);

    // A training image three times as large, dark on white: what a user would draw.
    const { images, labels } = digits({ split: 'train', count: 20 });
    let right = 0;
    for (let n = 0; n < 3; n++) {
      const picture = new PNG({ width: 84, height: 84 });
      for (let i = 0; i < 84 * 84; i++) {
        const value = 255 - images[784 * n + 28 * Math.floor(Math.floor(i / 84) / 3) + Math.floor((i % 84) / 3)];
        picture.data.set([value, value, value, 255], 4 * i);
      }
      writeFileSync(join(cwd, 'digit.png'), PNG.sync.write(picture));
      const { stdout, stderr } = await convoy(['predict', 'digit.png', '--weights', 'w.safetensors'], { cwd });
      expect(stderr).toBe('');
      expect(stdout.match(/^ {2}\d {2} +\d+\.\d %/gm)).toHaveLength(10);
      right += Number(stdout.includes(`It is a ${labels[n]} (`));
    }
    expect(right).toBeGreaterThanOrEqual(2);
    const { lines } = await convoy(['predict', 'digit.png', '--weights', 'w.safetensors', '--json'], { cwd });
    const { answer, probabilities } = JSON.parse(lines[0]) as { answer: number; probabilities: number[] };
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(Math.max(...probabilities)).toBe(probabilities[answer]);
  });

  it('that fit no model, or another than named, are refused', async () => {
    expect((await convoy(['eval', '--weights', 'w.safetensors', '--model', 'cnn2'], { cwd })).stderr).toContain('0.weight');
    expect((await convoy(['eval', '--weights', 'w.safetensors.checkpoint'], { cwd })).stderr).toContain('the tensors of mlp, cnn1, cnn2, cnn2bn are required');
  });
});

describe('benchmark', () => {
  it('compares the models that are named', async () => {
    const { code, lines, stderr } = await convoy(['benchmark', '--models', 'mlp-tanh,cnn1', '--limit', '100', '--epochs', '1', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(parse(lines).map(({ event, model, parameters }) => [event, model, parameters])).toEqual([['model', 'mlp-tanh', 79510], ['model', 'cnn1', 31786]]);
    const table = await convoy(['benchmark', '--models', 'mlp', '--limit', '200'], { cwd });
    expect(table.stdout).toMatch(/^MLP 784-100-10, ReLU +79,510 +\d+\.\d\d % +\d\.\d{4} +\d+\.\d s +[\d,]+$/m);
  });
});
