/** Ctrl-C: the first asks for an orderly stop, the second ends the process at once. */
import { dim } from './ui/colour.js';
import { isTerminal, warn } from './ui/screen.js';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stop {
  readonly signal: AbortSignal;
  /** The shells' 128 + number of the signal that came. */
  readonly exitCode: number;
  /** Puts the default behaviour back. */
  readonly release: () => void;
}

/** Listens for SIGINT and SIGTERM until it is released. */
export function stopSignal(): Stop {
  const controller = new AbortController();
  let exitCode = 0;
  const release = (): void => {
    for (const name of Object.keys(CODES)) process.off(name, onSignal);
  };
  const onSignal = (name: NodeJS.Signals): void => {
    // From here on the system's default holds, which ends the process even in the middle of a step, where no listener is called.
    release();
    exitCode = CODES[name as keyof typeof CODES];
    if (isTerminal()) warn(dim('stopping after this step; Ctrl-C again to end at once'));
    controller.abort();
  };
  for (const name of Object.keys(CODES)) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get exitCode() { return exitCode; },
    release,
  };
}
