/** What `convoy train` says while it works: to people on a terminal or in a log, or as one JSON object a line. */
import { rail } from './ui/bars.js';
import { bold, dim, green } from './ui/colour.js';
import { clock, decimal, percent, whole } from './ui/format.js';
import { clearLive, columns, isTerminal, print, setLive } from './ui/screen.js';

export interface StartReport {
  readonly model: string;
  readonly data: string;
  readonly trainImages: number;
  readonly testImages: number;
  readonly parameters: number;
  readonly backend: string;
  readonly threads: number;
  readonly optimizer: string;
  readonly lr: number;
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
  /** Steps that an earlier run has done. */
  readonly stepsDone: number;
}

export interface StepReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Share of the epoch that is done. */
  readonly fraction: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean over the images of the epoch, each at the moment it was trained on. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export interface DoneReport {
  readonly testAccuracy: number;
  readonly testLoss: number;
  readonly imagesPerSecond: number;
  readonly seconds: number;
  readonly backend: string;
  readonly threads: number;
  /** File that the weights were written to. */
  readonly weights: string | null;
}

/** What people are told of a training instead of names: the model, its images, on what it runs, the table of its layers. */
interface Words {
  readonly model: string;
  readonly images: string;
  readonly engine: string;
  readonly summary: string;
}

export interface Reporter {
  start(report: StartReport, words: Words): void;
  step(report: StepReport): void;
  epoch(report: EpochReport): void;
  interrupted(file: string, resume: string): void;
  /** `details` are pictures for people; `uses` says what can be done with the weights. */
  done(report: DoneReport, details: () => string, uses: readonly string[]): void;
}

/** One object a line, nothing else. */
export const jsonReporter: Reporter = {
  start: (report) => line('start', report),
  step: () => undefined,
  epoch: ({ epoch, epochs, loss, accuracy, imagesPerSecond, seconds }) => line('epoch', { epoch, epochs, loss, accuracy, imagesPerSecond, seconds }),
  interrupted: (checkpoint, resume) => line('interrupted', { checkpoint, resume }),
  done: (report) => line('done', report),
};

const line = (event: string, report: object): void => print(JSON.stringify({ event, ...report }));

/** How often a plain line is printed within an epoch where there is no live one. */
const PLAIN_MS = 10_000;

/** For people. */
export class TextReporter implements Reporter {
  private printedAt = performance.now();

  start(report: StartReport, { model, images, engine, summary }: Words): void {
    const { trainImages, testImages, optimizer, lr, batch, epochs, seed, stepsDone } = report;
    print(`${bold(model)} on ${whole(trainImages)} ${images}, ${whole(testImages)} more to test it\n`);
    print(summary);
    print(dim(`\n${engine}\n${optimizer}, lr ${lr} · batch ${batch} · ${epochs} epoch${epochs === 1 ? '' : 's'} · seed ${seed}`));
    if (stepsDone > 0) print(dim(`goes on after step ${whole(stepsDone)}`));
    print();
    this.printedAt = performance.now();
  }

  step({ epoch, epochs, fraction, loss, accuracy, imagesPerSecond, secondsLeft }: StepReport): void {
    const head = `epoch ${epoch}/${epochs}`;
    const figures = `${whole(imagesPerSecond).padStart(6)} images/s  loss ${decimal(loss)}  accuracy ${percent(accuracy).padStart(8)}  ${clock(secondsLeft).padStart(5)} left`;
    if (isTerminal()) {
      const width = Math.min(40, columns() - head.length - figures.length - 4);
      setLive(width >= 5 ? `${head} ${rail(fraction, width)} ${figures}` : `${head} ${percent(fraction, 0)} ${figures.trim()}`);
    } else if (performance.now() - this.printedAt > PLAIN_MS && fraction < 1) {
      print(`${head}  ${percent(fraction, 0).padStart(5)}  ${figures.trim()}`);
      this.printedAt = performance.now();
    }
  }

  epoch({ epoch, epochs, loss, accuracy, imagesPerSecond, seconds }: EpochReport): void {
    clearLive();
    print(`epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}  loss ${decimal(loss)}  accuracy ${percent(accuracy).padStart(8)}  ${whole(imagesPerSecond).padStart(6)} images/s  ${clock(seconds).padStart(5)}`);
    this.printedAt = performance.now();
  }

  interrupted(file: string, resume: string): void {
    clearLive();
    print(`Stopped; everything that is needed to go on is in ${bold(file)}.\nGo on with: ${bold(resume)}`);
  }

  done({ testAccuracy, testLoss, imagesPerSecond, seconds, weights }: DoneReport, details: () => string, uses: readonly string[]): void {
    clearLive();
    print(`\n${details()}\n`);
    print(`${green(bold(`${percent(testAccuracy)} right`))} on images it has never seen ${dim(`(loss ${decimal(testLoss)}, ${clock(seconds)} at ${whole(imagesPerSecond)} images/s)`)}`);
    if (weights !== null) print(`The weights are in ${bold(weights)}.`);
    for (const use of uses) print(`  ${use}`);
  }
}
