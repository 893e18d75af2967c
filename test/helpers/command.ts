/** Runs the built `convoy` command in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const COMMAND = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output. */
  readonly lines: string[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `convoy ARGS` in `cwd`; both outputs are pipes, so no terminal. */
export function start(args: readonly string[], { cwd, env = {}, onLine }: { cwd?: string; env?: Record<string, string>; onLine?: (line: string, child: ChildProcess) => void } = {}): Running {
  const { FORCE_COLOR: _force, ...inherited } = process.env;
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (let end = stdout.indexOf('\n', seen); end >= 0; end = stdout.indexOf('\n', seen)) {
      onLine?.(stdout.slice(seen, end), child);
      seen = end + 1;
    }
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, lines: stdout.split('\n').slice(0, -1) }));
  });
  return { child, ended };
}

/** Runs `convoy ARGS` to its end. */
export const convoy = (args: readonly string[], options?: Parameters<typeof start>[1]): Promise<Ended> => start(args, options).ended;
