/**
 * Unpacking gzip bytes, recognised by their first two bytes and never by the file's name.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DataError } from '../errors.js';
import { reason, systemCode } from './readFile.js';

const unpack = promisify(gunzip);

/** Whether bytes begin as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The unpacked bytes, or `bytes` itself when it is not gzip.
 * @throws {DataError} CVY_DATA_FORMAT when the stream ends early or fails its own checksum
 */
export async function gunzipIfNeeded(op: string, name: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  try {
    return await unpack(bytes);
  } catch (error) {
    const found = systemCode(error) === 'Z_BUF_ERROR'
      ? `is cut off: its gzip stream has not ended after ${bytes.length} bytes`
      : `is a damaged gzip file of ${bytes.length} bytes (${reason(error)})`;
    throw new DataError('CVY_DATA_FORMAT', `${op}: ${name} ${found} but a whole one is required; fetch the file again`, { cause: error });
  }
}
