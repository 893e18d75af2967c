/** The table of a model's layers. What stands in it is computed by src/inspect. */
import type { Summary } from '../../inspect/summary.js';
import { bold } from './colour.js';
import { whole } from './format.js';
import { table } from './table.js';

const dash = (n: number): string => (n === 0 ? '–' : whole(n));

/** A row a layer; `n` stands for the images of a batch. */
export function summaryTable({ rows, totals }: Summary): string {
  return table(
    [{ head: 'layer' }, { head: 'output', align: 'right' }, { head: 'parameters', align: 'right' }, { head: 'multiply-adds', align: 'right' }],
    [
      ...rows.map(({ name, type, outputShape, parameters, multiplyAdds }) => [
        `${name} ${type}`, outputShape ? ['n', ...outputShape.slice(1)].join(' × ') : '–', dash(parameters), dash(multiplyAdds),
      ]),
      null,
      ['all, for one image', '', bold(whole(totals.parameters)), bold(whole(totals.multiplyAdds))],
    ],
  );
}
