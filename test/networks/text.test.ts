/** A convolutional text classifier (Kim 2014): embedded words, filters over two and three of them, the largest answer of each. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Adam, cat, crossEntropy, Module, noGrad, type NN, type Tensor } from '../../dist/src/index.js';
import { agreement, defaultBackend } from './digits.js';

let nn: NN;
let close: () => Promise<void>;
beforeAll(async () => ({ nn, close } = await defaultBackend()));
afterAll(() => close());

/** Half of them differ from the others in the order of words alone, which no bag of words can tell. */
const SENTENCES: readonly (readonly [text: string, good: number])[] = [
  ['the soup was not bad but good', 1], ['the soup was not good but bad', 0],
  ['i came hungry and left happy', 1], ['i came happy and left hungry', 0],
  ['more salt than needed no less taste', 0], ['less salt than needed no more taste', 0],
  ['the waiter was kind and the bread warm', 1], ['the waiter was warm and the bread unkind', 0],
  ['never again', 0], ['again and again', 1], ['we loved every bit of it', 1], ['every bit of it was burnt', 0],
];

class TextCnn extends Module {
  readonly embedding;
  readonly pairs;
  readonly triples;
  readonly dropout = nn.Dropout(0.3);
  readonly head = nn.Linear(32, 2);

  constructor(words: number) {
    super();
    this.embedding = nn.Embedding(words, 12, { paddingIdx: 0 });
    this.pairs = nn.Conv1d(12, 16, 2, { padding: 1 });
    this.triples = nn.Conv1d(12, 16, 3, { padding: 1 });
  }

  /** From word numbers [N, L] to scores [N, 2]. */
  forward(text: Tensor): Tensor {
    const x = this.embedding.forward(text).transpose(1, 2);
    const strongest = [this.pairs, this.triples].map((filters) => filters.forward(x).relu().max(2).values);
    return this.head.forward(this.dropout.forward(cat(strongest, 1)));
  }
}

it('overfits twelve sentences', () => {
  const words = ['', ...new Set(SENTENCES.flatMap(([text]) => text.split(' ')))];
  const length = Math.max(...SENTENCES.map(([text]) => text.split(' ').length));
  const text = nn.tensor(Int32Array.from(SENTENCES.flatMap(([sentence]) => {
    const found = sentence.split(' ').map((word) => words.indexOf(word));
    return [...found, ...Array<number>(length - found.length).fill(0)];
  })), [SENTENCES.length, length]);
  const good = nn.tensor(Int32Array.from(SENTENCES, ([, label]) => label));

  const model = new TextCnn(words.length);
  const optimizer = new Adam(model.parameters(), { lr: 0.01 });
  for (let step = 0; step < 120; step++) {
    optimizer.zeroGrad();
    crossEntropy(model.forward(text), good).backward();
    optimizer.step();
  }

  model.eval();
  expect(noGrad(() => agreement(model.forward(text), good))).toBe(1);
  // The row of the padding takes part in no gradient.
  expect(model.embedding.weight.slice(0).abs().sum().item()).toBe(0);
});
