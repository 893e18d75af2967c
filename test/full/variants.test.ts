/** Every variant of wasm-simd that this Node runs, each in a process of its own: conformance, reference cases, bits for 1, 2, 3 and 7 threads. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../../dist/backends/wasm-simd/variants.js';
import { present } from '../reference/data.mjs';

interface Outcome { conformance: { cases: number; failures: string[] }; reference: { cases: number; failures: string[] }; hashes: string[]; kernel: string }

const script = new URL('../helpers/variantChild.mjs', import.meta.url).pathname;
const major = Number(process.versions.node.split('.')[0]);
const runs = (variant: string): boolean => variant !== 'turbo' || (major >= 24 && process.arch === 'x64');

describe.each(VARIANTS.map((variant) => ({ variant })))('$variant', ({ variant }) => {
  it.runIf(runs(variant))('passes everything', () => {
    const outcome = JSON.parse(execFileSync(process.execPath, [script, variant], {
      encoding: 'utf8', env: { ...process.env, CONVOY_WASM: variant }, maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'],
    })) as Outcome;
    expect(outcome.kernel).toMatch(new RegExp(`__${variant}$`));
    expect(outcome.conformance.failures).toEqual([]);
    expect(outcome.conformance.cases).toBeGreaterThan(500);
    expect(outcome.reference.failures).toEqual([]);
    expect(outcome.reference.cases > 0).toBe(present());
    expect(outcome.hashes.length).toBe(4);
    expect(new Set(outcome.hashes).size).toBe(1);
  });

  it.runIf(!runs(variant))('is refused here, with the reason', () => {
    const code = "const { choose } = await import(process.argv[1]); choose({ turbo: true, precision: 'high' });";
    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', code, new URL('../../dist/backends/wasm-simd/variants.js', import.meta.url).href], {
      encoding: 'utf8', env: { ...process.env, CONVOY_WASM: variant }, stdio: 'pipe',
    })).toThrow(/no variant runs here but one is required: turbo needs V8's revectoriser/);
  });
});
