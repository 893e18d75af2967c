/**
 * Every CONVOY_* environment variable, read here and nowhere else. `docs/env.md` is held equal to this table by a test.
 */
import { ArgumentError, didYouMean } from './errors.js';

/** Variable → what it does. */
export const ENV = {
  CONVOY_DEBUG: '1 backend chosen and why, 2 each op with its arguments and milliseconds, 3 which kernel served it and every fallback, 4 the tape, 5 values; to standard error',
  CONVOY_VALIDATE: 'name of a kernel set (cpu-naive): every op is run again on it, the first difference throws',
  CONVOY_FAULT: 'exit|throw|stall@PIECE: one pool worker fails at that piece of the first job it takes (tests only)',
  CONVOY_STALL_MS: 'how long the pool waits for a worker that makes no progress before it does without it (default 2000)',
  CONVOY_WASM: 'simd|relaxed|turbo: wasm-simd runs that variant of its kernels or refuses, instead of taking the best that this Node can run',
  CONVOY_FUZZ_SEED: 'seed of the cases that test/full/fuzz.test.ts draws (default: drawn, and printed)',
  CONVOY_FUZZ_CASES: 'how many cases that test draws (default 10000), or FIRST-LAST: those of these numbers',
  CONVOY_REFERENCE: 'folder with PyTorch’s reference cases (default ../shared/reference)',
  CONVOY_MNIST: 'folder with the MNIST files for the tests (default ../shared/data/mnist)',
} as const;

/** The value of a variable of the table, or undefined. */
export const env = (name: keyof typeof ENV): string | undefined => process.env[name] || undefined;

/** Warns of CONVOY_ variables that nobody reads: most likely misspelt. @throws {ArgumentError} CVY_ARG_VALUE for values that mean nothing */
export function checkEnvironment(): void {
  for (const name of Object.keys(process.env)) {
    if (!name.startsWith('CONVOY_') || name in ENV || warned.has(name)) continue;
    warned.add(name);
    process.emitWarning(`environment variable ${name} is unknown and has no effect${didYouMean(name, Object.keys(ENV))}`, 'ConvoyWarning');
  }
  if (!(debugLevel >= 0 && debugLevel <= 5)) throw new ArgumentError('CVY_ARG_VALUE', `CONVOY_DEBUG: '${env('CONVOY_DEBUG')}' but a level from 0 to 5 is required`);
  if (!(stallMs() >= 0)) throw new ArgumentError('CVY_ARG_VALUE', `CONVOY_STALL_MS: '${env('CONVOY_STALL_MS')}' but a number of milliseconds is required`);
  fault();
}
const warned = new Set<string>();

/** CONVOY_DEBUG as a number; the branch on it is all that tracing costs when it is off. */
export const debugLevel = Number(env('CONVOY_DEBUG') ?? 0);

/** Writes one line to standard error. Callers check `debugLevel` first. */
export const trace = (level: number, line: string): void => {
  if (debugLevel >= level) process.stderr.write(`[convoy ${level}] ${line}\n`);
};

/** CONVOY_FAULT, parsed: what one worker of a pool shall do, and at which piece. */
export function fault(): { kind: 'exit' | 'throw' | 'stall'; piece: number } | undefined {
  const value = env('CONVOY_FAULT');
  if (!value) return undefined;
  const match = /^(exit|throw|stall)@(\d+)$/.exec(value);
  if (!match) throw new ArgumentError('CVY_ARG_VALUE', `CONVOY_FAULT: '${value}' but exit@PIECE, throw@PIECE or stall@PIECE is required`);
  return { kind: match[1] as 'exit' | 'throw' | 'stall', piece: Number(match[2]) };
}

/** CONVOY_STALL_MS, in milliseconds. */
export const stallMs = (): number => Number(env('CONVOY_STALL_MS') ?? 2000);
