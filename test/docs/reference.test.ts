/** The reference pages are what the code's tables say, and every code and variable of the tables is used somewhere. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENV } from '../../dist/src/debug.js';
import { ERROR_CODES } from '../../dist/src/errors.js';

const root = new URL('../..', import.meta.url).pathname;
const sources = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|mjs)$/.test(file)).map((file) => join(root, folder, file));

it('docs/errors.md, env.md and support.md are current', () => {
  expect(execFileSync(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: root, encoding: 'utf8' })).toMatch(/are current/);
});

it('every error code is thrown somewhere, and every code that is thrown is in the table', () => {
  const text = [...sources('src'), ...sources('backends')].filter((file) => !file.endsWith('errors.ts')).map((file) => readFileSync(file, 'utf8')).join('\n');
  const used = new Set(text.match(/CVY_[A-Z_]+/g));
  expect([...used].filter((code) => !(code in ERROR_CODES))).toEqual([]);
  expect(Object.keys(ERROR_CODES).filter((code) => !used.has(code))).toEqual([]);
});

it('every variable of the table is read somewhere, and no other is', () => {
  const text = [...sources('src'), ...sources('backends'), ...sources('test'), ...sources('bench')].map((file) => readFileSync(file, 'utf8')).join('\n');
  const used = new Set(text.match(/(?<=env\('|process\.env\.|env\.|[{,] )CONVOY_[A-Z_]+/g));
  expect(Object.keys(ENV).filter((name) => !text.includes(`${name}`))).toEqual([]);
  expect([...used].filter((name) => !(name in ENV))).toEqual([]);
});
