/**
 * Reading a whole file with an error that names the path. Not parsing, and not following what is inside.
 */
import { readFile } from 'node:fs/promises';
import { DataError } from '../errors.js';

/** What a failed system call said, for a message: `ENOENT: no such file or directory, open '…'`. */
export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The code of a failed system call (`ENOENT`), or nothing when `error` is of another kind. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * All bytes of a file.
 * @throws {DataError} CVY_DATA_MISSING when it does not exist or cannot be read; CVY_DATA_FORMAT when it is a folder
 */
export async function readBytes(op: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new DataError('CVY_DATA_MISSING', `${op}: ${path} does not exist but a file is required there`, { cause: error });
    }
    if (code === 'EISDIR') {
      throw new DataError('CVY_DATA_FORMAT', `${op}: ${path} is a folder but a file is required`, { cause: error });
    }
    throw new DataError('CVY_DATA_MISSING', `${op}: ${path} cannot be read (${reason(error)}) but a readable file is required`, { cause: error });
  }
}
