/**
 * Fetches the MNIST files from public mirrors into a folder, unpacked. A file counts only when its unpacked bytes have the
 * SHA-256 known for it, wherever it came from.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArgumentError, DataError, checkOptions } from '../errors.js';
import { downloadPart } from './download.js';
import { gunzipIfNeeded } from './gunzip.js';
import { readBytes, reason } from './readFile.js';
import { writeFileAtomic } from './writeFile.js';

export const MNIST_MIRRORS: readonly string[] = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

/** File → SHA-256 of its unpacked bytes. */
export const MNIST_SHA256: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

export interface DownloadProgress {
  file: string;
  mirror: string;
  /** Bytes of the packed file that are there, those of an earlier attempt included. */
  received: number;
  total: number | undefined;
}

export interface DownloadMnistOptions {
  /** Folders on servers, tried in order; each must hold the files with `.gz`. */
  mirrors?: readonly string[];
  /** File → SHA-256 of its unpacked bytes, for a set of other files. */
  files?: Readonly<Record<string, string>>;
  fetch?: typeof globalThis.fetch;
  onProgress?(progress: DownloadProgress): void;
  /** Give a mirror up when nothing has arrived for so long; 30,000 unless given. */
  stallMs?: number;
}

/**
 * Brings all files to `outDir`. What is there and right is kept; what an earlier attempt left as `.gz.part` is continued.
 *
 * @returns the names of the files that were fetched and of those that were there
 * @throws {DataError} CVY_DATA_DOWNLOAD with what each mirror said when none gave the right bytes; CVY_DATA_WRITE when the disk fails
 */
export async function downloadMnist(outDir: string, options: DownloadMnistOptions = {}): Promise<{ fetched: string[]; kept: string[] }> {
  checkOptions('downloadMnist', options, ['mirrors', 'files', 'fetch', 'onProgress', 'stallMs']);
  const { mirrors = MNIST_MIRRORS, files = MNIST_SHA256, fetch = globalThis.fetch, onProgress, stallMs = 30_000 } = options;
  if (mirrors.length === 0) throw new ArgumentError('CVY_ARG_VALUE', 'downloadMnist: mirrors is empty but at least one is required');
  await mkdir(outDir, { recursive: true }).catch((error: unknown) => {
    throw new DataError('CVY_DATA_WRITE', `downloadMnist: ${outDir} could not be made (${reason(error)}) but a folder is required`, { cause: error });
  });
  const result = { fetched: [] as string[], kept: [] as string[] };
  for (const [file, sha256] of Object.entries(files)) {
    const job: Job = { file, sha256, path: join(outDir, file), mirrors, fetch, onProgress, stallMs };
    if (await isThere(job)) result.kept.push(file);
    else {
      await fetchFile(job);
      result.fetched.push(file);
    }
  }
  return result;
}

interface Job {
  file: string;
  sha256: string;
  /** Of the unpacked file. */
  path: string;
  mirrors: readonly string[];
  fetch: typeof globalThis.fetch;
  onProgress: DownloadMnistOptions['onProgress'];
  stallMs: number;
}

/** Whether the right file is there already; a right `.gz` beside it is unpacked instead of fetched again. */
async function isThere({ path, sha256 }: Job): Promise<boolean> {
  if (hash(await readIfThere(path)) === sha256) return true;
  const packed = await readIfThere(`${path}.gz`);
  const bytes = packed && await gunzipIfNeeded('downloadMnist', `${path}.gz`, packed).catch(() => undefined);
  if (!bytes || hash(bytes) !== sha256) return false;
  await writeFileAtomic(path, bytes);
  return true;
}

async function fetchFile(job: Job): Promise<void> {
  const said: string[] = [];
  const causes: unknown[] = [];
  for (const mirror of job.mirrors) {
    const url = `${mirror.endsWith('/') ? mirror : `${mirror}/`}${job.file}.gz`;
    try {
      // Bytes of an earlier attempt may be what is wrong (another mirror's packing, a crash), so then this mirror gets one more try from the start.
      if (!await tryMirror(job, mirror, url)) await tryMirror(job, mirror, url);
      return;
    } catch (error) {
      if (error instanceof DataError && error.code === 'CVY_DATA_WRITE') throw error;
      said.push(`${url}: ${networkReason(error)}`);
      causes.push(error);
    }
  }
  throw new DataError('CVY_DATA_DOWNLOAD', `downloadMnist: no mirror gave ${job.file} but its SHA-256 ${job.sha256} is required (${said.join('; ')})`, { cause: new AggregateError(causes) });
}

/** True when the file is in place, false when a continued download turned out wrong and was thrown away. */
async function tryMirror(job: Job, mirror: string, url: string): Promise<boolean> {
  const part = `${job.path}.gz.part`;
  const continued = await downloadPart(url, part, {
    fetch: job.fetch, stallMs: job.stallMs, onBytes: (received, total) => job.onProgress?.({ file: job.file, mirror, received, total }),
  });
  try {
    const bytes = await gunzipIfNeeded('downloadMnist', part, await readBytes('downloadMnist', part));
    const found = hash(bytes);
    if (found !== job.sha256) throw new Error(`SHA-256 of the unpacked bytes is ${found}`);
    await writeFileAtomic(job.path, bytes);
  } catch (error) {
    if (error instanceof DataError && error.code === 'CVY_DATA_WRITE') throw error;
    await rm(part, { force: true });
    if (continued) return false;
    throw error;
  }
  await rm(part, { force: true });
  return true;
}

const hash = (bytes: Uint8Array | undefined): string | undefined => bytes && createHash('sha256').update(bytes).digest('hex');

const readIfThere = (path: string): Promise<Uint8Array | undefined> => readBytes('downloadMnist', path).catch(() => undefined);

/** fetch says only 'fetch failed'; what happened (ECONNREFUSED, ENOTFOUND) is in its cause. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message && !(error instanceof DataError) ? `${reason(error)}: ${cause.message}` : reason(error);
}
