/**
 * Draws results of these benchmarks as an SVG: a panel for each case, a bar for each strategy, its median with the quartiles as a whisker; or
 * the same as Markdown tables.
 * Scales and ticks are d3-scale's, which needs no DOM; the SVG is written as text. Light or dark follows the reader's system.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { scaleBand, scaleLinear } from 'd3-scale';
import { load } from './compare.mjs';
import { digits, factsLine, main, options, threadsText, PlainError } from './harness.mjs';

const SPEC = {
  out: { type: 'string', help: 'the SVG, or FILE.md for tables (required)' },
  filter: { type: 'string', default: '', help: 'only rows whose op, case, strategy or threads contain this text' },
  title: { type: 'string', help: 'heading (default: the name of the benchmark)' },
};

const [WIDTH, LEFT, RIGHT, BAR, GAP] = [860, 210, 70, 17, 4];
const [TOP, PANEL_TITLE, AXIS, PANEL_GAP] = [74, 26, 40, 22];
/** Readable on white and on GitHub's dark grey; the first is for Convoy's own bars. */
const STYLE = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #24292f }
  .title { font-size: 17px; font-weight: 600 } .case { font-size: 13px; font-weight: 600 } .quiet { fill: #57606a; font-size: 11px }
  .grid { stroke: #d0d7de } .axis { stroke: #57606a } .whisker { stroke: #24292f; stroke-width: 1.5 }
  .bar { fill: #8c959f } .own { fill: #0969da } .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .axis { stroke: #9198a1 } .whisker { stroke: #e6edf3 }
    .bar { fill: #656c76 } .own { fill: #4493f8 } .page { fill: #0d1117 }
  }`;

const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
const attributes = (of) => Object.entries(of).map(([name, value]) => ` ${name}="${escape(typeof value === 'number' ? Math.round(value * 100) / 100 : value)}"`).join('');
const element = (name, of, ...inside) => (inside.length > 0 ? `<${name}${attributes(of)}>${inside.join('')}</${name}>` : `<${name}${attributes(of)}/>`);
const label = (words, x, y, of = {}) => element('text', { x, y, ...of }, escape(words));

/** What a row is drawn by: GFLOP/s, images/s or, where there is neither, runs per second. Quartiles of time turn round. */
function measureOf({ gflops, imagesPerSecond, ms }) {
  const [unit, median] = gflops !== undefined ? ['GFLOP/s', gflops] : imagesPerSecond !== undefined ? ['images/s', imagesPerSecond] : ['runs/s', 1000 / ms.median];
  return { unit, median, low: (median * ms.median) / ms.p75, high: (median * ms.median) / ms.p25 };
}

/** Rows by case and op, in their order, as panels of bars. */
export function panelsOf(results, filter = '') {
  const panels = new Map();
  for (const { rows } of results) {
    for (const row of rows) {
      if (row.ms === undefined) continue;
      const { case: name, op, strategy, threads } = row;
      const title = `${op}: ${name}`;
      const bar = `${strategy}${threads ? `, ${threadsText(threads)}` : ''}`;
      if (!`${title} ${bar}`.includes(filter)) continue;
      const measure = measureOf(row);
      if (!panels.has(title)) panels.set(title, { title, unit: measure.unit, bars: [] });
      panels.get(title).bars.push({ name: bar, own: /^(convoy|direct|default|fast|wasm-simd)/.test(strategy), ...measure });
    }
  }
  return [...panels.values()];
}

function panel({ title, unit, bars }, top) {
  const height = bars.length * (BAR + GAP);
  const x = scaleLinear([0, Math.max(...bars.map(({ high }) => high))], [LEFT, WIDTH - RIGHT]).nice(5);
  const y = scaleBand(bars.map((_, b) => b), [top + PANEL_TITLE, top + PANEL_TITLE + height]).paddingInner(GAP / (BAR + GAP));
  const bottom = top + PANEL_TITLE + height;
  const ticks = x.ticks(5).flatMap((tick) => [
    element('line', { class: tick === 0 ? 'axis' : 'grid', x1: x(tick), x2: x(tick), y1: top + PANEL_TITLE - 4, y2: bottom + 4 }),
    label(x.tickFormat(5)(tick), x(tick), bottom + 17, { class: 'quiet', 'text-anchor': 'middle' }),
  ]);
  const drawn = bars.flatMap(({ name, own, median, low, high }, b) => {
    const middle = y(b) + y.bandwidth() / 2;
    return [
      label(name, LEFT - 8, middle + 4, { 'text-anchor': 'end' }),
      element('rect', { class: own ? 'own' : 'bar', x: x(0), y: y(b), width: Math.max(1, x(median) - x(0)), height: y.bandwidth(), rx: 2 }),
      element('line', { class: 'whisker', x1: x(low), x2: x(high), y1: middle, y2: middle }),
      label(digits(median), Math.max(x(median), x(high)) + 6, middle + 4),
    ];
  });
  return element('g', {}, label(title, 16, top + 14, { class: 'case' }), ...ticks, ...drawn, label(unit, WIDTH - RIGHT, bottom + 32, { class: 'quiet', 'text-anchor': 'end' }));
}

/**
 * The SVG of some results (what `--json` of a benchmark wrote).
 * @throws {PlainError} when no row is left
 */
export function chart(results, { filter = '', title = `npm run bench:${results[0].bench}` } = {}) {
  const panels = panelsOf(results, filter);
  if (panels.length === 0) throw new PlainError(`no row contains '${filter}'`);
  let height = TOP;
  const parts = panels.map((one) => {
    const drawn = panel(one, height);
    height += PANEL_TITLE + one.bars.length * (BAR + GAP) + AXIS + PANEL_GAP;
    return drawn;
  });
  const [{ machine }] = results;
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: 'img', 'aria-label': title },
    element('style', {}, STYLE), element('rect', { class: 'page', width: WIDTH, height }), label(title, 16, 30, { class: 'title' }),
    label(`${factsLine(machine)}. ${machine.date.slice(0, 10)}`, 16, 49, { class: 'quiet' }), label('Medians; the line is the middle half of all samples. More is better.', 16, 64, { class: 'quiet' }), ...parts)}\n`;
}

/** The same as Markdown: a table for each unit, a row for each strategy, a column for each case; medians, in brackets the middle half. */
export function tables(results, { filter = '' } = {}) {
  const panels = panelsOf(results, filter);
  if (panels.length === 0) throw new PlainError(`no row contains '${filter}'`);
  return [...new Set(panels.map(({ unit }) => unit))].map((unit) => {
    const columns = panels.filter((one) => one.unit === unit);
    const names = [...new Set(columns.flatMap(({ bars }) => bars.map(({ name }) => name)))];
    const cell = (bar) => (bar ? `${digits(bar.median)} (${digits(bar.low)}–${digits(bar.high)})` : '–');
    const rows = [[unit, ...columns.map(({ title }) => title)], ['', ...columns.map(() => '')].map(() => '---'), ...names.map((name) => [name, ...columns.map(({ bars }) => cell(bars.find((bar) => bar.name === name)))])];
    return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  }).join('\n\n');
}

function run() {
  const { values, positionals: files } = options('npm run bench:chart -- FILE.json [...] --out FILE.svg', SPEC, true);
  if (files.length === 0 || values.out === undefined) throw new PlainError('usage: npm run bench:chart -- FILE.json [...] --out FILE.svg');
  const results = files.map(load);
  writeFileSync(values.out, values.out.endsWith('.md') ? `${tables(results, values)}\n` : chart(results, values));
  console.log(`written to ${values.out}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(run);
