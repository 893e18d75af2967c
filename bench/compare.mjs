/**
 * Compares two JSON files of the same benchmark: how many times as fast B is as A, row by row, and whether that is beyond the spread.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { factsLine, line, main, options, quantile, spreadText, threadsText, PlainError } from './harness.mjs';

/** What decides how fast the same code is: a difference is pointed out. */
const CONDITIONS = ['cpu', 'cores', 'platform', 'node', 'v8'];

/** What `--json` of a benchmark wrote. */
export function load(file) {
  let result;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new PlainError(`${file}: ${cause.message}`, { cause });
  }
  if (typeof result?.bench !== 'string' || !Array.isArray(result.rows)) throw new PlainError(`${file}: not a result of these benchmarks`);
  return result;
}

const keyOf = ({ bench, case: name, op, strategy, threads, unit }) => [bench, op, name, strategy, threads && threadsText(threads), unit].filter(Boolean).join(' | ');
/** A row's milliseconds, or what it has in a unit of its own. */
const spreadOf = (row) => row.ms ?? (row.unit === undefined ? undefined : row);

/**
 * Rows of both, matched by op, case, strategy and threads, in A's order; then what only one of them has.
 * The spread runs from A's lower quartile over B's upper one to the other way round; `clear` when 1 lies outside of it.
 */
export function compare(a, b, filter = '') {
  const [left, right] = [a, b].map(({ rows }) => new Map(rows.filter((row) => spreadOf(row) !== undefined && keyOf(row).includes(filter)).map((row) => [keyOf(row), row])));
  const both = [...left].filter(([key]) => right.has(key)).map(([key, row]) => {
    const [x, y] = [row, right.get(key)].map(spreadOf);
    const [low, high] = [x.p25 / y.p75, x.p75 / y.p25];
    return { key, a: x, b: y, ratio: x.median / y.median, low, high, clear: low > 1 || high < 1 };
  });
  return { both, onlyA: [...left.keys()].filter((key) => !right.has(key)), onlyB: [...right.keys()].filter((key) => !left.has(key)) };
}

const SPEC = {
  filter: { type: 'string', default: '', help: 'only rows that contain this text' },
  json: { type: 'string', help: 'also write the comparison to this file' },
};

function run() {
  const usage = 'npm run bench:compare -- A.json B.json [options]';
  const { values, positionals: files } = options(usage, SPEC, true);
  if (files.length !== 2) throw new PlainError(`${files.length} files but two are required: ${usage}`);
  const [a, b] = files.map(load);
  if (a.bench !== b.bench) throw new PlainError(`${files[0]} is of '${a.bench}' and ${files[1]} of '${b.bench}' but only results of the same benchmark can be compared`);
  console.log(`A ${files[0]}: ${factsLine(a.machine)}\nB ${files[1]}: ${factsLine(b.machine)}`);
  const differing = [...CONDITIONS, 'flags'].filter((name) => String(a.machine[name]) !== String(b.machine[name]));
  if (differing.length > 0) console.log(`not measured under the same conditions: ${differing.map((name) => `${name} ${a.machine[name]} / ${b.machine[name]}`).join(', ')}`);
  const { both, onlyA, onlyB } = compare(a, b, values.filter);
  const widths = [Math.max(8, ...both.map(({ key }) => key.length)), -24, -24, -8, -13];
  console.log(`\n${line(widths, ['row', 'A, ms or its unit', 'B, ms or its unit', 'B is', 'spread'])}`);
  for (const { key, a: x, b: y, ratio, low, high, clear } of both) {
    console.log(line([...widths, 0], [key, spreadText(x), spreadText(y), `${ratio.toFixed(2)}×`, `${low.toFixed(2)}–${high.toFixed(2)}`, clear ? (ratio > 1 ? 'faster' : 'slower') : 'within spread']));
  }
  if (both.length + onlyA.length + onlyB.length === 0) throw new PlainError(`no row contains '${values.filter}'`);
  const ratios = Float64Array.from(both, ({ ratio }) => Math.log(ratio)).sort();
  const [mean, median] = both.length > 0 ? [ratios.reduce((sum, x) => sum + x, 0) / ratios.length, quantile(ratios, 0.5)].map(Math.exp) : [NaN, NaN];
  console.log(both.length > 0 ? `\n${both.length} rows: B is ${mean.toFixed(2)}× as fast as A in geometric mean, ${median.toFixed(2)}× in the median` : '\nno row is in both');
  for (const [name, keys] of [['A', onlyA], ['B', onlyB]]) for (const key of keys) console.log(`only in ${name}: ${key}`);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ a: files[0], b: files[1], mean, median, rows: both, onlyA, onlyB }, null, 1)}\n`);
    console.log(`\nwritten to ${values.json}`);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
