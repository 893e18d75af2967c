/** Bars of eighths of a character: classes with their probabilities, and the progress of an epoch. */
import { bold, cyan, dim } from './colour.js';
import { percent } from './format.js';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `fraction` of `width` columns. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  return '█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** A rail of which `fraction` is done. */
export function rail(fraction: number, width: number): string {
  const done = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return cyan('━'.repeat(done)) + dim('─'.repeat(width - done));
}

/** One line a class, the likeliest marked. */
export function classBars(probabilities: ArrayLike<number>, width = 40): string {
  const all = Array.from(probabilities);
  const best = all.indexOf(Math.max(...all));
  return all.map((p, label) => {
    const line = `${String(label).padStart(3)}  ${percent(p, 1).padStart(7)}  `;
    return label === best ? bold(line) + cyan(bar(p, width)) : `${line}${dim(bar(p, width))}`;
  }).map((line) => line.trimEnd()).join('\n');
}
