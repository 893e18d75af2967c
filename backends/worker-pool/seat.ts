/**
 * One worker of the crew and the piscina that owns it. A piscina each, because its workers of the first hour take tasks at
 * once, while one added later must first report through an event loop that may not turn for hours; and because a seat can be
 * grown, replaced and ended without the others.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { KernelSetSource } from '../../src/backend/index.js';
import type { Order, Problem, WorkerData } from './control.js';

const FILE = fileURLToPath(new URL('./worker.js', import.meta.url));

export class Seat {
  /** `free`: a term can begin; `serving`: one has begun; `away`: no worker, not yet or no more. */
  state: 'free' | 'serving' | 'away' = 'away';
  /** Term that was begun last, 0 when it is over. */
  term = 0;
  /** Settles when the last task has ended, never with an error. */
  ended: Promise<void> = Promise.resolve();
  private recent: number[] = [];
  private pool: Piscina;

  constructor(readonly index: number, private readonly data: WorkerData) {
    this.pool = this.open();
  }

  private open(): Piscina {
    const pool = new Piscina({
      filename: FILE, name: 'serve', minThreads: 1, maxThreads: 1, workerData: this.data, recordTiming: false,
      // A task is posted at once although the answer of the one before was not read yet, which takes a turn of the event loop.
      concurrentTasksPerWorker: 1000,
    });
    // A worker that dies between two tasks: piscina has replaced it already.
    pool.on('error', () => undefined);
    return pool;
  }

  /** Begins a term. `failed` is called when it ends by an error or by the worker's exit. */
  serve(order: Order, failed: (error: unknown) => void): void {
    this.term = order.term;
    this.state = 'serving';
    this.ended = this.pool.run(order).then(() => undefined, failed);
  }

  async load(sources: readonly KernelSetSource[]): Promise<Problem | undefined> {
    try {
      return (await this.pool.run(sources, { name: 'load' })) as Problem | undefined;
    } catch (error) {
      return { kind: 'import', message: `worker-pool: a worker ended while it loaded kernel sets: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  /** Whether a worker that has just failed is worth another one: fewer than four failures within a minute. */
  worthAnother(): boolean {
    const now = performance.now();
    this.recent = [...this.recent.filter((time) => now - time < 60_000), now];
    return this.recent.length < 4;
  }

  /** Ends the worker whatever it does; the promise settles at its exit event. A fresh one takes the seat. */
  replace(): Promise<void> {
    const lost = this.pool;
    this.term = 0;
    this.state = 'free';
    this.pool = this.open();
    return lost.destroy();
  }

  close(): Promise<void> {
    this.term = 0;
    this.state = 'away';
    return this.pool.destroy();
  }
}
