/**
 * Proof that the linter bites: fixture/bad holds one deliberate violation a file, each naming in its first line what must be
 * said about it; fixture/clean follows every rule. Both are copied out, beside the repository's own rules, and linted there.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

interface Diagnostic { filename: string; code: string; message: string; help?: string }
interface Verdict { status: number | null; found: Map<string, string[]> }

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = fileURLToPath(new URL('./fixture', import.meta.url));
const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
const copies: string[] = [];

/** Lints a copy of one fixture tree; what was found, as sentences under each file's path. */
function lint(tree: string): Verdict {
  const copy = mkdtempSync(join(tmpdir(), 'convoy-lint-'));
  copies.push(copy);
  cpSync(join(fixture, tree), copy, { recursive: true });
  cpSync(join(root, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));
  const run = spawnSync(process.execPath, [oxlint, '--format', 'json'], { cwd: copy, encoding: 'utf8' });
  if (!run.stdout.trimStart().startsWith('{')) throw new Error(`oxlint did not report: ${run.stdout}${run.stderr}`);
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] };
  const found = new Map<string, string[]>();
  for (const { filename, code, message, help } of diagnostics) {
    const file = filename.split(sep).join('/');
    found.set(file, [...(found.get(file) ?? []), `${code}: ${message} ${help ?? ''}`]);
  }
  return { status: run.status, found };
}

function filesOf(tree: string): string[] {
  const base = join(fixture, tree);
  return readdirSync(base, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1).split(sep).join('/'))
    .sort();
}

afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

describe('lint', () => {
  const bad = lint('bad');

  it('fails on deliberate violations', () => {
    expect(bad.status).toBe(1);
  });

  it.each(filesOf('bad'))('finds what is wrong in %s, and only that', (file) => {
    const expected = /^\/\/ expect: (.+)$/m.exec(readFileSync(join(fixture, 'bad', file), 'utf8'))?.[1];
    expect(expected, 'the first line says what is expected').toBeDefined();
    const found = bad.found.get(file) ?? [];
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('has a violation for every folder under a rule', () => {
    const rules = readFileSync(join(root, '.oxlintrc.json'), 'utf8');
    const folders = [...rules.matchAll(/"files": \["([a-z/]+)\/\*\*"/g)].map((match) => match[1] as string);
    expect(folders.length).toBeGreaterThan(15);
    for (const folder of folders) expect(filesOf('bad').some((file) => file.startsWith(`${folder}/`)), folder).toBe(true);
  });

  it('passes a tree that follows the rules', () => {
    const clean = lint('clean');
    expect([...clean.found]).toEqual([]);
    expect(clean.status).toBe(0);
  });
});
