/**
 * The tutorials' programs: each page's `ts` blocks, joined, are compiled against the package by its own name, run, and print what the
 * page's `text` blocks say. `≈` before a number allows 2 %, `…` stands for anything within a line, shades of pictures may differ by one; all else
 * is exact.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digits, parseSafetensors } from '../../dist/src/index.js';
import { idxBytes, temporaryFolder } from '../helpers/files.js';

const root = new URL('../..', import.meta.url).pathname;
const folder = join(root, 'docs', 'tutorials');
const pages = readdirSync(folder).filter((file) => /^\d\d-.*\.md$/.test(file)).map((file) => file.replace(/\.md$/, ''));
const SECTION = '\u0001';
/** Of a number after `≈`. */
const TOLERANCE = 0.02;

/** A ts block and what it shall print; blocks that print nothing are part of the next. */
interface Section {
  code: string;
  expected: string;
}

function sections(markdown: string): Section[] {
  const found: Section[] = [];
  let code = '';
  for (const [, language, text] of markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)) {
    if (language === 'ts') code += text;
    if (language !== 'text') continue;
    found.push({ code, expected: text });
    code = '';
  }
  return code === '' ? found : [...found, { code, expected: '' }];
}

/** What is wrong with the output, or null. */
function difference(expected: string, actual: string): string | null {
  const [want, got] = [expected, actual].map((text) => text.trimEnd().split('\n'));
  if (want.length !== got.length) return `${got.length} lines are printed but the page has ${want.length}:\n${actual}`;
  const wrong = want.findIndex((line, i) => !sameLine(line, got[i]));
  return wrong < 0 ? null : `printed:  ${got[wrong]}\npage has: ${want[wrong]}`;
}

/** What toTerminal draws without colours. A pixel on the edge of two shades may fall to either. */
const SHADES = ' ░▒▓█';
const isPicture = (line: string): boolean => [...line].every((cell) => SHADES.includes(cell));

function sameLine(want: string, got: string): boolean {
  if (isPicture(want) && isPicture(got)) {
    const width = Math.max(want.length, got.length);
    const [a, b] = [want, got].map((line) => [...line.padEnd(width)].map((cell) => SHADES.indexOf(cell)));
    return a.every((shade, i) => Math.abs(shade - b[i]) <= 1);
  }
  const pattern = want.split(/(≈ ?-?[\d.]+|…)/).map((part) => (part === '…' ? '.*' : part.startsWith('≈') ? '(-?[\\d.]+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  const match = new RegExp(`^${pattern.join('')}$`).exec(got);
  const about = [...want.matchAll(/≈ ?(-?[\d.]+)/g)].map(([, number]) => Number(number));
  return match !== null && about.every((number, i) => Math.abs(Number(match[i + 1]) - number) <= TOLERANCE * Math.abs(number));
}

describe('comparison', () => {
  it.each([
    ['loss 0.402', 'loss 0.403'], ['≈ 0.95', '0.92'], ['≈ 0.95', '0.98'], ['accuracy ≈ 95.0 %', 'accuracy x %'], ['a\nb', 'a'], ['a', 'a\nb'], ['', 'a'],
    ['a …', 'b 1'], ['[1.]', '[1x]'], ['░▒', '░█'], ['░▒', '░'], ['░', '░x'], ['', '▒'],
  ])('%j is not what printed %j', (expected, actual) => expect(difference(expected, actual)).not.toBeNull());
  it.each([['a\n', 'a\n'], ['≈ 0.95 s', '0.94 s'], ['a, …', 'a, 1.3 s'], ['≈ -2.0 …', '-2.01 s'], ['', ''], ['▒░▓', '░ ▓░']])('%j is what printed %j', (expected, actual) => expect(difference(expected, actual)).toBeNull());
});

/** Appended to page 3: its own functions from PyTorch's initial weights. */
const AGAINST_PYTORCH = `
import { readFileSync } from 'node:fs';
for (const { bias, weight } of JSON.parse(readFileSync(process.env.CASES!, 'utf8')) as { weight: number[]; bias: number | null }[]) {
  const engine = createConvoy();
  const fresh = await engine.nn({ backend: 'cpu-tiled', seed: 1 });
  const image = fresh.ones(6, 8);
  image.set_([null, [2, 6]], 0);
  const edges = corr2d(image, fresh.tensor([[1, -1]]));
  const losses: number[] = [];
  const report: Report = (_, loss) => void losses.push(loss);
  const learned = bias === null ? fresh.Conv2d(1, 1, [1, 2], { bias: false }) : new Conv2D(fresh, [1, 2]);
  noGrad(() => {
    learned.weight.copy_(fresh.tensor(weight).reshape(learned.weight.shape));
    if (bias !== null) learned.bias!.fill_(bias);
  });
  if (learned instanceof Conv2D) learnWithBias(learned, image, edges, report);
  else learnKernel(learned, image.reshape(1, 1, 6, 8), edges.reshape(1, 1, 6, 7), 3e-2, report);
  console.log(JSON.stringify({ losses, weight: [...learned.weight.dataSync()], bias: bias === null ? null : learned.bias!.item() }));
}
`;

/** Inside the repository, so that 'convoy-nn' is the package itself; .gitignore knows the name. */
const work = mkdtempSync(join(root, '.dist-tutorials-'));
const seeds = join(root, '..', 'shared', 'reference', 'seeds');
const mnist = temporaryFolder();
const run = promisify(execFile);

afterAll(() => rmSync(work, { recursive: true, force: true }));

beforeAll(async () => {
  for (const page of pages) {
    const code = sections(readFileSync(join(folder, `${page}.md`), 'utf8')).map((section) => `${section.code}console.log('${SECTION}');\n`).join('');
    writeFileSync(join(work, `${page}.ts`), code);
    if (page.startsWith('03')) writeFileSync(join(work, 'pytorch.ts'), code + AGAINST_PYTORCH);
  }
  const compilerOptions = {
    target: 'es2023', lib: ['es2023', 'esnext.disposable'], module: 'nodenext', types: ['node'], strict: true, noUnusedLocals: true, noUnusedParameters: true,
    skipLibCheck: true, rootDir: '.', outDir: 'out', noEmitOnError: true,
  };
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', work], { cwd: root }).catch(({ stdout }: { stdout: string }) => {
    throw new Error(`a page does not type-check:\n${stdout}`);
  });
});

/** What a page's program prints, section by section. */
async function output(program: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { stdout } = await run(process.execPath, [join(work, 'out', `${program}.js`), ...args], { cwd: work, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env } });
  return stdout.split(`${SECTION}\n`);
}

describe.each(pages)('%s', (page) => {
  it('prints what it says', async () => {
    const expected = sections(readFileSync(join(folder, `${page}.md`), 'utf8'));
    const printed = await output(page);
    expect(expected.length).toBeGreaterThan(1);
    expect(printed.slice(expected.length)).toEqual(['']);
    const problems = expected.map((section, i) => difference(section.expected, printed[i])).filter((problem) => problem !== null);
    expect(problems.join('\n\n')).toBe('');
  }, 120_000);
});

/** One half of a set in MNIST's file format. */
function writeMnist(dir: string, name: string, split: 'train' | 'test', count: number): void {
  const { images, labels, shape } = digits({ split, count });
  writeFileSync(join(dir, `${name}-images-idx3-ubyte`), idxBytes(shape, images));
  writeFileSync(join(dir, `${name}-labels-idx1-ubyte`), idxBytes([count], labels));
}

it('page 5 takes the folder of --data', async () => {
  writeMnist(mnist, 'train', 'train', 200);
  writeMnist(mnist, 't10k', 'test', 100);
  const [first] = await output('05-six-steps-of-training', ['--data', mnist]);
  expect(first).toBe('200 images for training, 100 for testing\n');
}, 120_000);

it('page 6 shows the table of the command that it names', async () => {
  const text = readFileSync(join(folder, '06-from-linear-to-convolutional.md'), 'utf8');
  const [, command, shown] = /^npx convoy (benchmark .*)\n```\n\n```console\n([^]*?)^```$/m.exec(text)!;
  const { stdout } = await run(process.execPath, [join(root, 'dist', 'src', 'cli', 'main.js'), ...command.split(' '), '--limit', '12'], { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } });
  // Titles and parameters of each row, and the settings above them; what is measured differs with --limit.
  const table = (output: string): string[] => output.trimEnd().split('\n').slice(1).map((line) => (line.includes(' threads') ? line.replace(/\d+ threads?/, '') : /\d %/.test(line) ? line.slice(0, 39) : line));
  expect(table(stdout)).toEqual(table(shown));
}, 120_000);

interface Case {
  name: string;
  op: string;
  args: { lr: number; steps: number };
  params: { weight: string; bias?: string };
  outputs: { losses: string; weight: string; bias?: string };
  rtol: number;
  atols: Record<string, number>;
}

it.skipIf(!existsSync(`${seeds}.json`))('page 3 follows PyTorch from its weights (skipped without ../shared/reference)', async () => {
  const cases = (JSON.parse(readFileSync(`${seeds}.json`, 'utf8')) as { cases: Case[] }).cases.filter(({ op }) => op === 'learn_kernel');
  const tensors = parseSafetensors(readFileSync(`${seeds}.safetensors`), 'seeds');
  const values = (name: string): number[] => [...tensors.get(name)!.data];
  const starts = cases.map(({ params }) => ({ weight: values(params.weight), bias: params.bias === undefined ? null : values(params.bias)[0] }));
  writeFileSync(join(work, 'cases.json'), JSON.stringify(starts));
  const lines = (await output('pytorch', [], { CASES: join(work, 'cases.json') })).at(-1)!.trim().split('\n');
  expect(lines.length).toBe(cases.length);
  expect(cases.length).toBe(4);
  cases.forEach(({ name, args, outputs, rtol, atols }, i) => {
    const { losses, weight, bias } = JSON.parse(lines[i]) as { losses: number[]; weight: number[]; bias: number | null };
    expect(losses.length, name).toBe(args.steps);
    const close = (part: string, got: number[], want: number[]): void => want.forEach((value, at) =>
      expect(Math.abs(got[at] - value), `${name}: ${part}[${at}] is ${got[at]}, PyTorch's ${value}`).toBeLessThanOrEqual(atols[part] + rtol * Math.abs(value)));
    close('losses', losses, values(outputs.losses));
    close('weight', weight, values(outputs.weight));
    if (outputs.bias !== undefined) close('bias', [bias!], values(outputs.bias));
  });
});
