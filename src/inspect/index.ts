/** Looking into models. Only re-exports. */
export { summary } from './summary.js';
export type { Summary, SummaryRow } from './summary.js';
