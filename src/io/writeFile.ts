/**
 * Writes a file so that a reader sees the old bytes or the new ones, never a part: written aside, flushed, renamed.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../errors.js';
import { reason } from './readFile.js';

/**
 * Replaces the file at `path` by `bytes`. On failure (full disk, size limit, missing folder) an old file is intact and nothing is left behind.
 * @throws {DataError} CVY_DATA_WRITE with the system's error as cause
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  // Beside the target, because a rename is atomic within one file system only.
  const aside = join(folder, `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  let made = false;
  try {
    const file = await open(aside, 'wx');
    made = true;
    try {
      await file.writeFile(bytes);
      // Without it a crash of the machine after the rename could leave an empty file under the right name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    if (made) await unlink(aside).catch(() => undefined);
    throw new DataError('CVY_DATA_WRITE', `writeFileAtomic: ${bytes.length} bytes for ${path} could not be written (${reason(error)}) but all of them are required; what was there before is intact`, { cause: error });
  }
  await syncFolder(folder);
}

/** Makes the rename itself durable. The data is in place by now, so a system that cannot flush a folder (Windows) is no failure. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    return;
  }
}
