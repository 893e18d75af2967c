/**
 * Finds a backend that a third party has published, from the folder in which the user stands: npm installs it there, not beside
 * this package. Whether it fits is `use`'s to judge.
 */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BackendDefinition } from '../backend/index.js';
import { PluginError } from '../errors.js';

/**
 * The default export of a package, or of a file or folder given by path; a function is called without arguments.
 * @throws {PluginError} CVY_PLUGIN_INVALID when it is not found, cannot be loaded or exports no definition
 */
export async function loadPlugin(name: string, folder = process.cwd()): Promise<BackendDefinition> {
  const file = await findPlugin(name, folder);
  let exported: unknown;
  try {
    exported = ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
    if (typeof exported === 'function') exported = await (exported as () => unknown)();
  } catch (cause) {
    throw new PluginError('CVY_PLUGIN_INVALID', `plugin: '${name}' failed while it was loaded (${oneLine(cause)}) but must export a backend (file ${file})`, { cause });
  }
  if (exported === null || typeof exported !== 'object' || !('name' in exported) || !('api' in exported)) {
    throw new PluginError('CVY_PLUGIN_INVALID', `plugin: '${name}' exports ${describe(exported)} by default but a backend made by defineBackend, or a function that returns one, is required (file ${file})`);
  }
  return exported as BackendDefinition;
}

async function findPlugin(name: string, folder: string): Promise<string> {
  const isPath = name.startsWith('.') || isAbsolute(name);
  try {
    return createRequire(join(folder, 'convoy.js')).resolve(isPath ? resolve(folder, name) : name);
  } catch (cause) {
    const found = isPath ? undefined : await findImportOnly(name, folder);
    if (found !== undefined) return found;
    throw new PluginError('CVY_PLUGIN_INVALID', isPath
      ? `plugin: ${resolve(folder, name)} does not exist but a module is required there`
      : `plugin: no package '${name}' is found from ${folder} but an installed one is required; npm install ${name}`, { cause });
  }
}

/** The entry of a package whose exports have no way in for require(): `import` and `default` of its '.'. */
async function findImportOnly(name: string, from: string): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name);
    if (await stat(join(home, 'package.json')).then(() => true, () => false)) {
      const { exports } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { exports?: unknown };
      const entry = importEntry(exports);
      return entry === undefined ? undefined : join(home, entry);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function importEntry(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (exports === null || typeof exports !== 'object') return undefined;
  // In the order in which they stand, as Node does it.
  for (const [key, value] of Object.entries(exports)) {
    const entry = ['.', 'import', 'node', 'module-sync', 'default'].includes(key) ? importEntry(value) : undefined;
    if (entry !== undefined) return entry;
  }
  return undefined;
}

const oneLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];

const describe = (value: unknown): string =>
  value === undefined ? 'nothing' : value === null ? 'null' : typeof value === 'object' ? `an object with ${Object.keys(value).slice(0, 6).join(', ') || 'no keys'}` : `a ${typeof value}`;
