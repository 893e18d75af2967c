/**
 * Fetches one URL into a `.part` file, going on where an earlier attempt stopped. Which bytes are right is the caller's to judge.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { DataError } from '../errors.js';
import { reason } from './readFile.js';

export interface DownloadOptions {
  fetch: typeof globalThis.fetch;
  /** Give up when nothing has arrived for so long. */
  stallMs: number;
  /** `total` is undefined when the server does not say. */
  onBytes?(received: number, total: number | undefined): void;
}

/**
 * Brings `part` to the whole of `url`.
 * @returns whether bytes of an earlier attempt were used
 * @throws {DataError} CVY_DATA_WRITE when the disk fails; any other error is the network's or the server's, and `part` keeps what had arrived
 */
export async function downloadPart(url: string, part: string, options: DownloadOptions): Promise<boolean> {
  const have = await stat(part).then(({ size }) => size, () => 0);
  const abort = new AbortController();
  const stalled = (): void => abort.abort(new Error(`nothing arrived for ${options.stallMs / 1000} s`));
  const timer = setTimeout(stalled, options.stallMs);
  try {
    // identity: fetch would silently unpack what a server declares as Content-Encoding gzip. With a range it asks so by itself.
    const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : { 'accept-encoding': 'identity' };
    const response = await options.fetch(url, { headers, signal: abort.signal });
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
    if (response.status === 416 && have > 0) {
      await response.body?.cancel();
      if (range?.[2] === String(have)) return true;
      return restart(url, part, options);
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    if (response.status === 206 && range?.[1] !== String(have)) {
      await response.body.cancel();
      if (have === 0) throw new Error('HTTP 206 to a request for the whole file');
      return restart(url, part, options);
    }
    const from = response.status === 206 ? have : 0;
    const total = bodyLength(response.headers, from);
    const received = await append(response.body, part, from, () => timer.refresh(), (at) => options.onBytes?.(at, total));
    if (total !== undefined && received !== total) throw new Error(`the connection ended after ${received} of ${total} bytes`);
    return from > 0;
  } finally {
    clearTimeout(timer);
  }
}

/** A server that packs in spite of `identity` announces packed bytes, while fetch hands out unpacked ones. */
function bodyLength(headers: Headers, from: number): number | undefined {
  const announced = headers.get('content-length');
  const packed = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  return announced === null || packed ? undefined : from + Number(announced);
}

/** For a server that cannot continue the part we have. Without a part no range is asked for, so this happens once. */
async function restart(url: string, part: string, options: DownloadOptions): Promise<boolean> {
  await writing(part, async () => (await open(part, 'w')).close());
  return downloadPart(url, part, options);
}

async function append(body: ReadableStream<Uint8Array>, part: string, from: number, alive: () => void, report: (at: number) => void): Promise<number> {
  const file: FileHandle = await writing(part, () => open(part, from > 0 ? 'r+' : 'w'));
  let at = from;
  try {
    for await (const chunk of body) {
      alive();
      for (let sent = 0; sent < chunk.length;) {
        const { bytesWritten } = await writing(part, () => file.write(chunk, sent, chunk.length - sent, at));
        sent += bytesWritten;
        at += bytesWritten;
      }
      report(at);
    }
  } finally {
    await file.close();
  }
  return at;
}

/** Tells a disk that fails from a network that fails: another mirror helps against the second only. */
async function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new DataError('CVY_DATA_WRITE', `download: ${path} could not be written (${reason(error)}) but room for the whole file is required`, { cause: error });
  }
}
