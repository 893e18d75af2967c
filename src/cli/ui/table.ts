/** A table in the command's one style: rules above and below the rows, no boxes. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { dim } from './colour.js';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const NONE = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
};

/** Lines of a table; a row of `null` is a rule. */
export function table(columns: readonly Column[], rows: readonly (readonly string[] | null)[]): string {
  const grid = new Table({
    chars: NONE,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ align }) => align ?? 'left'),
  });
  grid.push(columns.map(({ head }) => dim(head)), ...rows.flatMap((row) => (row ? [[...row]] : [])));
  const lines = grid.toString().split('\n');
  // Rules are put in afterwards: cli-table3 draws them between all rows or none.
  const width = Math.max(...lines.map((line) => stripVTControlCharacters(line).trimEnd().length));
  const rule = dim('─'.repeat(width));
  const out = [lines.shift()!, rule];
  for (const row of rows) out.push(row ? lines.shift()! : rule);
  return out.map((line) => line.trimEnd()).join('\n');
}
