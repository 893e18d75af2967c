/** What a user has to type to run this command again. */
import { basename } from 'node:path';

/** `convoy` where it was installed for the whole system, else `npx convoy`: from a clone, or from a project's own packages. */
export const commandName = process.env.npm_command === undefined && basename(process.argv[1] ?? '') === 'convoy' ? 'convoy' : 'npx convoy';
