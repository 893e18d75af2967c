/** Cases of differentiable operations: elements put elsewhere, repeated, sorted, and added up along the way. */
import {
  cumprod, cumsum, diag, diagEmbed, diagonal, flip, meshgrid, movedim, mul, ravel, repeat, repeatInterleave, roll, sort, squeeze, t, tile, topk, trace, tril, triu, unbind,
  unflatten, unsqueeze,
} from '../../autograd/index.js';
import { over, type GradientCase } from './gradientCase.js';

const DISTINCT = { domain: 'distinct' } as const;

export const arrangeCases: readonly GradientCase[] = [
  over('flip', [2, 3, 2], (x) => flip(x, 0, -1)), over('roll', [3, 4], (x) => roll(x, [1, -6], [0, 1])), over('roll, flattened', [2, 3], (x) => roll(x, 2)),
  over('repeat', [2, 3], (x) => repeat(x, 2, 1, 3)), over('tile', [2, 3], (x) => tile(x, 2)), over('repeatInterleave', [2, 3], (x) => repeatInterleave(x, [2, 0, 1], 1)),
  over('movedim', [2, 3, 4], (x) => movedim(x, [0, 1], [-1, 0])), over('unbind', [3, 2], (x) => unbind(x, 1)), over('unflatten', [2, 6], (x) => unflatten(x, 1, [2, -1])),
  over('squeeze', [2, 1, 3], (x) => squeeze(x, 1)), over('unsqueeze', [2, 3], (x) => unsqueeze(x, 1)), over('t', [2, 3], t), over('ravel', [2, 3], ravel),
  over('diagonal', [2, 3, 4], (x) => diagonal(x, 1, 1, 2)), over('diagEmbed', [2, 3], (x) => diagEmbed(x, -1, 0, 2)), over('diag', [3], (x) => diag(x, 1)), over('trace', [3, 4], trace),
  { name: 'meshgrid', inputs: [[2], [3]], run: ([a, b]) => meshgrid([a, b], { indexing: 'xy' }) },
  over('tril', [2, 3, 3], (x) => tril(x, -1)), over('triu', [3, 4], (x) => triu(x)),
  over('cumsum', [2, 5, 2], (x) => cumsum(x, 1)), over('cumprod', [5, 2], (x) => cumprod(x, 0)), over('cumprod with zeros', [5], (x) => cumprod(mul(x, x.detach().gt(0).to(x.dtype)), 0)),
  over('sort', [2, 5], (x) => sort(x, 1, { descending: true }).values, DISTINCT), over('topk', [5, 2], (x) => topk(x, 3, 0, { largest: false }).values, DISTINCT),
];
