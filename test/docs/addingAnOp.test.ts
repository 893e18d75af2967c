/** docs/adding-an-op.md is true: every piece of code that it shows is in the repository, letter by letter. */
import { expect, it } from 'vitest';
import { codeBlocks, repositoryFile } from '../helpers/codeBlocks.js';

const blocks = codeBlocks('docs/adding-an-op.md').filter(({ language }) => language !== 'sh');

it('docs/adding-an-op.md says of every block of code where it is', () => {
  expect(blocks.length).toBeGreaterThan(9);
  expect(blocks.filter(({ mark }) => mark !== 'in')).toEqual([]);
});

it.each(blocks)('docs/adding-an-op.md quotes $name', ({ name, text }) => {
  expect(repositoryFile(name)).toContain(text.trimEnd());
});
