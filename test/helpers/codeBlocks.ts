/** Reads the code out of a page of docs/: each fenced block with the HTML comment above it, which says what a test does with it. */
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** A file of the repository, by its path there. */
export const repositoryFile = (path: string): string => readFileSync(new URL(path, root), 'utf8');

export interface CodeBlock {
  readonly language: string;
  /** `file`, `in`, `run`, …: first word of the comment; '' when there is none. */
  readonly mark: string;
  /** The rest of the comment. */
  readonly name: string;
  readonly text: string;
}

export function codeBlocks(page: string): CodeBlock[] {
  const blocks = repositoryFile(page).matchAll(/(?:^<!-- (\S+) ?(.*?) ?-->\n)?^```(\w*)\n([^]*?)^```$/gm);
  return Array.from(blocks, ([, mark = '', name = '', language, text]) => ({ language, mark, name, text }));
}
