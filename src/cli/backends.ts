/** What `convoy backends` does: lists what could run a model here. */
import { withConvoy } from './engine.js';
import { green, yellow } from './ui/colour.js';
import { print } from './ui/screen.js';
import { table } from './ui/table.js';

export interface BackendsOptions {
  readonly plugin?: readonly string[];
  readonly turbo?: boolean;
  readonly json?: boolean;
}

export async function listBackends({ plugin, turbo = true, json }: BackendsOptions): Promise<void> {
  const all = await withConvoy(plugin, (convoy) => convoy.probe({ turbo }));
  if (json) {
    for (const { name, kind, version, extends: base, determinism, available, variant, ops } of all) {
      print(JSON.stringify({ name, kind, version, extends: base, determinism, available: available === true, reason: typeof available === 'string' ? available : null, variant, ownOps: ops?.length ?? null }));
    }
    return;
  }
  print(table(
    [{ head: 'name' }, { head: 'kind' }, { head: 'available' }, { head: 'same bits' }, { head: 'own ops', align: 'right' }, { head: 'extends' }],
    all.map(({ name, kind, available, determinism, ops, extends: base }) => [
      name, kind, available === true ? green('yes') : yellow('no'), determinism, ops ? String(ops.length) : '–', base ?? '–',
    ]),
  ));
  for (const { name, available } of all) if (available !== true) print(`\n${name} cannot run here: ${available ?? 'it was not probed'}`);
  for (const { name, variant } of all) if (variant) print(`\n${name} runs its variant '${variant.name}'${variant.why === null ? '' : `: ${variant.why}`}`);
}
