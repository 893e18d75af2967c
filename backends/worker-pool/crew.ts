/**
 * The crew of one convoy: its seats, the terms of their resident tasks, going home when idle, and what happens to workers that
 * fail. How a job is spread is in board.ts.
 */
import { availableParallelism } from 'node:os';
import type { Args, Executor, KernelSetSource, LoadedKernel } from '../../src/backend/index.js';
import { runPhases, type HostHeap } from '../../src/backend/inline.js';
import { stallMs, trace } from '../../src/debug.js';
import { ArgumentError, BackendError, PluginError } from '../../src/errors.js';
import { Board, type Phase } from './board.js';
import { readBuild } from './build.js';
import { MAX_THREADS, SPINS, sourceKey, type WorkerData } from './control.js';
import { Seat } from './seat.js';

export interface CrewHeap extends HostHeap {
  /** Keeps blocks that are in use now from being handed out again, until the returned function is called. */
  quarantine(): () => void;
}

export interface CrewOptions {
  /** Name of the caller's build; default: that of the files it runs. A worker of another build refuses to serve. */
  readonly build?: string;
  /** An idle crew goes home after one to two times so long, in milliseconds (default 100). */
  readonly idleMs?: number;
  /** Patience with a worker that keeps the caller waiting, in milliseconds (default CONVOY_STALL_MS). */
  readonly stallMs?: number;
}

export interface CrewStats {
  readonly threads: number;
  /** Workers whose term has begun and not ended. */
  readonly serving: number;
  /** Phases that were spread over threads. */
  readonly forks: number;
  /** Workers that threw or exited. */
  readonly failed: number;
  /** Workers that were given up on because they kept the caller waiting. */
  readonly stalled: number;
}

/** At import, like the modules themselves: a later build of the same files is another build. */
const BUILD = readBuild();

export class Crew implements Executor {
  private readonly seats: Seat[] = [];
  private readonly board: Board;
  private readonly data: WorkerData;
  private readonly idleMs: number;
  private readonly cores = availableParallelism();
  /** Workers that were ended and whose exit events are awaited. */
  private readonly departures = new Set<Promise<void>>();
  private readonly counts = { forks: 0, failed: 0, stalled: 0 };
  private size = 1;
  private sources: readonly KernelSetSource[] = [];
  private terms = 0;
  /** Some seat may be free. */
  private vacancies = false;
  /** Workers are importing kernel sets; the caller works alone meanwhile. */
  private loading = false;
  private idle: NodeJS.Timeout | undefined;
  private warned = false;
  private closing: Promise<void> | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly heap: CrewHeap, options: CrewOptions = {}) {
    this.data = { memory: heap.views.memory, build: options.build ?? BUILD, fired: new Int32Array(new SharedArrayBuffer(4)) };
    this.idleMs = options.idleMs ?? 100;
    const losses = { failed: this.failed.bind(this), stayed: this.stayed.bind(this) };
    this.board = new Board(heap, this.seats, losses, options.stallMs ?? stallMs());
  }

  /** Threads, the caller included. */
  get threads(): number {
    return this.size;
  }

  /**
   * Grows the crew to `threads`, the caller included; it never shrinks. Settles when the new workers have loaded all sets.
   * @throws {ArgumentError} CVY_ARG_VALUE for a number that is not an integer from 1 to 256.
   * @throws {BackendError} CVY_BACKEND_WORKER when a worker cannot serve.
   */
  resize(threads: number): Promise<void> {
    return this.inTurn(async () => {
      if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
        throw new ArgumentError('CVY_ARG_VALUE', `worker-pool: threads is ${threads} but must be an integer from 1 to ${MAX_THREADS}`);
      }
      const before = this.seats.length;
      try {
        while (this.seats.length < threads - 1) this.seats.push(new Seat(this.seats.length, this.data));
      } catch (cause) {
        throw new BackendError('CVY_BACKEND_WORKER', `worker-pool: this Node lets no worker start (${(cause as Error).message}) but ${threads - 1} are required; pass { threads: 1 }`, { cause });
      }
      const fresh = this.seats.slice(before);
      try {
        await this.loadOn(fresh, this.sources);
      } catch (error) {
        this.seats.splice(before);
        await Promise.all(fresh.map((seat) => this.depart(seat.close())));
        throw error;
      }
      for (const seat of fresh) seat.state = 'free';
      this.size = this.seats.length + 1;
      this.vacancies = true;
    });
  }

  /**
   * Has every worker import the kernel sets, in this order after those that are loaded: positions count as LoadedKernel.set.
   * A set that is loaded already keeps its position. Jobs that run meanwhile are done by the caller alone.
   * @throws {PluginError} CVY_PLUGIN_API when a module speaks another API number or exports no table.
   * @throws {BackendError} CVY_BACKEND_WORKER when a worker cannot import a module.
   */
  load(sources: readonly KernelSetSource[]): Promise<void> {
    return this.inTurn(async () => {
      const all = [...this.sources];
      for (const source of sources) if (!all.some((known) => sourceKey(known) === sourceKey(source))) all.push(source);
      if (all.length === this.sources.length) return;
      this.park();
      this.loading = true;
      try {
        await this.loadOn(this.seats.filter((seat) => seat.state !== 'away'), all);
        this.sources = all;
      } finally {
        this.loading = false;
      }
    });
  }

  private async loadOn(seats: readonly Seat[], sources: readonly KernelSetSource[]): Promise<void> {
    const problem = (await Promise.all(seats.map((seat) => seat.load(sources)))).find((found) => found !== undefined);
    if (problem?.kind === 'api') throw new PluginError('CVY_PLUGIN_API', problem.message);
    if (problem) throw new BackendError('CVY_BACKEND_WORKER', problem.message);
  }

  /** Runs actions one after the other, and none once the crew is closed. */
  private inTurn(action: () => Promise<void>): Promise<void> {
    const result = this.queue.then(() => {
      this.assertOpen('worker-pool');
      return action();
    });
    this.queue = result.catch(() => undefined);
    return result;
  }

  private assertOpen(op: string): void {
    if (this.closing) throw new BackendError('CVY_BACKEND_CLOSED', `${op}: the crew of threads is closed but must be open`);
  }

  /**
   * An executor over the same crew that uses at most `threads` of it.
   * @throws {ArgumentError} CVY_ARG_VALUE when the crew is smaller.
   */
  executor(threads: number): Executor {
    if (!Number.isInteger(threads) || threads < 1 || threads > this.threads) {
      throw new ArgumentError('CVY_ARG_VALUE', `worker-pool: an executor of ${threads} threads was asked for but the crew has ${this.threads}; call resize() first`);
    }
    return { threads, run: (loaded, args) => this.runOn(threads, loaded, args) };
  }

  /**
   * Runs a kernel over all threads and returns when it is done.
   * @throws {BackendError} CVY_BACKEND_KERNEL when the kernel fails on this thread too.
   */
  run(loaded: LoadedKernel, args: Args): void {
    this.runOn(this.size, loaded, args);
  }

  private runOn(threads: number, loaded: LoadedKernel, args: Args): void {
    this.assertOpen(loaded.op);
    const { views } = this.heap;
    const limit = this.loading || loaded.set >= this.sources.length ? 0 : this.reach(threads - 1);
    const spins = threads > this.cores ? 0 : SPINS;
    runPhases(this.heap, loaded, args, limit + 1, (pieces, work, ownBytes) => {
      // Fewer pieces than threads: the lowest seats do them, so the same workers stay awake.
      const needed = Math.min(limit, this.reach(Math.min(threads, pieces) - 1));
      if (needed === 0) {
        loaded.kernel.run(views, args, 0, pieces, work);
        return true;
      }
      if (this.vacancies) this.begin();
      this.counts.forks++;
      return this.board.fork({ loaded, args, pieces, work, ownBytes, limit: needed, spins });
    });
  }

  /** How many of the lowest seats hold `helpers` workers, or all that there are. */
  private reach(helpers: number): number {
    let reached = 0;
    for (let seat = 0, found = 0; found < helpers && seat < this.seats.length; seat++) {
      if (this.seats[seat].state === 'away') continue;
      found++;
      reached = seat + 1;
    }
    return reached;
  }

  /** Begins a term on every free seat. Workers join when they arrive; nobody waits for them. */
  private begin(): void {
    this.vacancies = false;
    for (const seat of this.seats) {
      if (seat.state !== 'free') continue;
      const term = ++this.terms;
      this.board.setTerm(seat, term);
      seat.serve({ block: this.board.block, seat: seat.index, term, sources: this.sources }, (error) => {
        trace(1, `worker-pool: worker ${seat.index} ended: ${error instanceof Error ? error.message : String(error)}`);
        if (seat.term === term) this.dismiss(seat, false, seat.worthAnother());
      });
    }
    if (this.idle) return;
    let seen = -1;
    this.idle = setInterval(() => {
      if (this.counts.forks === seen) this.park();
      seen = this.counts.forks;
    }, this.idleMs);
    // Resident tasks keep the process alive; so this still fires after a script's last statement, and then nothing does.
    this.idle.unref();
  }

  /** Ends all terms: the resident tasks return, and piscina lets the process go. The next fork begins new ones. */
  private park(): void {
    clearInterval(this.idle);
    this.idle = undefined;
    for (const seat of this.seats) {
      if (seat.state !== 'serving') continue;
      this.board.setTerm(seat, 0);
      seat.term = 0;
      seat.state = 'free';
    }
    this.vacancies = true;
    this.board.signal();
  }

  private failed(seat: Seat, exited: boolean, here: boolean, { loaded }: Phase): void {
    this.counts.failed++;
    if (!here) this.warn(`${exited ? 'exited' : 'threw'} in ${loaded.op}`);
    // A kernel that fails on every thread is no fault of the worker's.
    this.dismiss(seat, exited, here || seat.worthAnother());
  }

  /** Gives the seat of a worker that failed a new term, on a new worker if need be, unless this has become a habit. */
  private dismiss(seat: Seat, exited: boolean, again: boolean): void {
    if (!again) void this.depart(seat.close());
    else if (exited) void this.depart(seat.replace());
    else {
      seat.term = 0;
      seat.state = 'free';
    }
    this.vacancies = true;
  }

  /**
   * What is in use now — arguments, outputs and workspace of the job at hand among it — is not handed out again before the exit
   * events of workers that may still write to it.
   */
  private stayed(seats: readonly Seat[], { loaded }: Phase): void {
    this.counts.stalled += seats.length;
    this.warn(`made no progress in ${loaded.op}`);
    const release = this.heap.quarantine();
    const ends = seats.map((seat) => (seat.worthAnother() ? seat.replace() : seat.close()));
    this.vacancies = true;
    try {
      this.board.move();
    } catch {
      // No room for another block, and this one must not be used again: the caller works alone from now on.
      ends.push(...this.seats.filter((seat) => seat.state !== 'away').map((seat) => seat.close()));
    }
    void this.depart(Promise.all(ends)).then(release);
  }

  private depart(exits: Promise<unknown>): Promise<void> {
    const gone = exits.then(() => undefined, () => undefined);
    this.departures.add(gone);
    return gone.then(() => void this.departures.delete(gone));
  }

  private warn(what: string): void {
    trace(1, `worker-pool: a worker ${what}`);
    if (this.warned) return;
    this.warned = true;
    process.emitWarning(
      `worker-pool: a worker thread ${what}; the calling thread has done its pieces and no result is changed; fewer threads work until it is replaced`,
      { type: 'ConvoyWarning', code: 'CVY_BACKEND_WORKER' },
    );
  }

  stats(): CrewStats {
    return { threads: this.threads, serving: this.seats.filter((seat) => seat.state === 'serving').length, ...this.counts };
  }

  /** Ends all workers and returns the crew's memory. Afterwards only `stats` and `close` answer. */
  close(): Promise<void> {
    this.closing ??= this.leave();
    return this.closing;
  }

  private async leave(): Promise<void> {
    this.park();
    // A worker may be importing a module that never ends: after a while it is ended instead.
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, 500);
    });
    await Promise.race([patience, Promise.all([this.queue, ...this.seats.map((seat) => seat.ended)])]);
    clearTimeout(timer);
    await Promise.all([...this.departures, ...this.seats.map((seat) => this.depart(seat.close()))]);
    this.board.free();
  }
}
