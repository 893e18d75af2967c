/** What a user has to type to run this command again. Not what was typed: npm and npx hide that. */
import { basename } from 'node:path';

/** `convoy` where it was installed for the whole system, else `npx convoy`: from a clone, or from a project's own packages. */
const commandName = process.env.npm_command === undefined && basename(process.argv[1] ?? '') === 'convoy' ? 'convoy' : 'npx convoy';

/** A command line for this command, its arguments quoted where a shell would split them. */
export const commandLine = (...args: readonly string[]): string =>
  [commandName, ...args.map((arg) => (/^[\w./@:,+=-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`))].join(' ');
