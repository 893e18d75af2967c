/** The name of the build that this file belongs to: caller and workers compare theirs, because they import files at different times. */
import { readFileSync } from 'node:fs';

/** `hash` of build.json at the root of the built files, or 'dev' where no build script wrote one. */
export function readBuild(): string {
  try {
    const { hash } = JSON.parse(readFileSync(new URL('../../build.json', import.meta.url), 'utf8')) as { hash?: unknown };
    return typeof hash === 'string' ? hash : 'dev';
  } catch {
    return 'dev';
  }
}
