/** The confusion matrix: a row for each true class, a column for each answer. */
import { bold, dim, green, red } from './colour.js';
import { percent, whole } from './format.js';

/** `confusion[truth][answer]` counts. The last column is the share of the row that was right. */
export function confusionMatrix(confusion: readonly (readonly number[])[]): string {
  const classes = confusion.length;
  const width = Math.max(4, ...confusion.flat().map((n) => whole(n).length)) + 1;
  const head = Array.from({ length: classes }, (_, answer) => String(answer).padStart(width)).join('');
  const lines = confusion.map((row, truth) => {
    const total = row.reduce((a, b) => a + b, 0);
    const cells = row.map((n, answer) => {
      const text = (n === 0 && answer !== truth ? '·' : whole(n)).padStart(width);
      return answer === truth ? green(text) : n === 0 ? dim(text) : red(text);
    });
    return `${bold(String(truth).padStart(5))} ${cells.join('')}${dim((total ? percent(row[truth] / total, 1) : '–').padStart(10))}`;
  });
  return [dim(`truth ${head}     right`), ...lines].join('\n');
}
