/** Datasets and the DataLoader: what comes in which batch, and that batches are released. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConvoy, DataLoader, digits, imageDataset, keep, randomSplit, scope, Subset, TensorDataset, type NN, type Tensor } from '../../dist/src/index.js';
import { batchIndices } from '../../dist/src/data/batches.js';

const convoy = createConvoy();
let nn: NN;
beforeAll(async () => {
  nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
});
afterAll(() => convoy.close());

/** Examples 0 … n − 1 as [i, −i] with the label 10·i. */
const numbered = (n: number): TensorDataset =>
  new TensorDataset(nn.tensor(Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? -1 : 1) * Math.floor(i / 2)), [n, 2]), nn.tensor(Int32Array.from({ length: n }, (_, i) => 10 * i)));
const labels = (loader: DataLoader): number[][] => Array.from(loader, ([, y]) => [...y.dataSync()]);
const code = (fn: () => unknown): unknown => {
  try {
    return fn();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('TensorDataset', () => {
  it('hands out examples and batches as copies', () => {
    const set = numbered(5);
    expect(set.length).toBe(5);
    expect(set.get(3).map((t) => t.toArray())).toEqual([[3, -3], 30]);
    const [x, y] = set.batch(Int32Array.of(4, 0, 4));
    expect(x.toArray()).toEqual([[4, -4], [0, -0], [4, -4]]);
    expect(y.toArray()).toEqual([40, 0, 40]);
    expect(y.dtype).toBe('int32');
    x.dispose();
    expect(set.get(4)[0].toArray()).toEqual([4, -4]);
  });

  it('lives on when the scope ends in which it was made', () => {
    const set = scope(() => {
      const made = numbered(3);
      return { length: () => made.length, get: () => made.get(1)[1].item() };
    });
    expect(set.get()).toBe(10);
  });

  it('refuses what does not fit, naming it', () => {
    expect(() => new TensorDataset(nn.zeros(3, 2), nn.zeros(4))).toThrow('tensor 1 has 4 examples but tensor 0 has 3 ([3, 2], [4])');
    expect(code(() => new TensorDataset(nn.zeros(3), nn.tensor(1)))).toBe('CVY_SHAPE_RANK');
    expect(code(() => new TensorDataset())).toBe('CVY_ARG_VALUE');
    expect(code(() => new TensorDataset([1, 2] as unknown as Tensor))).toBe('CVY_ARG_TYPE');
    for (const i of [-1, 5, 0.5]) expect(code(() => numbered(5).get(i))).toBe('CVY_ARG_VALUE');
    expect(code(() => numbered(5).batch(Int32Array.of(5)))).toBe('CVY_SHAPE_AXIS');
  });
});

describe('imageDataset', () => {
  it('divides every byte by 255 as float32 does, in chunks too', () => {
    const n = 1500; // 1500 · 784 bytes are more than one chunk of 2²⁰
    const images = Uint8Array.from({ length: n * 784 }, (_, i) => (i * 7 + (i >> 8)) & 255);
    const set = imageDataset(nn, { images, labels: new Uint8Array(n).fill(9), shape: [n, 28, 28] });
    const [x, y] = set.tensors;
    expect([x.shape, x.dtype, y.shape, y.dtype, y.dataSync()[n - 1]]).toEqual([[n, 1, 28, 28], 'float32', [n], 'int32', 9]);
    // Bits that PyTorch's float32 division gives.
    const known = new Map([[0, 0], [1, 0.003921568859368563], [127, 0.49803921580314636], [254, 0.9960784316062927], [255, 1]]);
    const values = x.dataSync();
    let seen = 0;
    let wrong = 0;
    images.forEach((byte, i) => {
      if (known.has(byte)) seen++;
      if (values[i] !== (known.get(byte) ?? Math.fround(byte / 255))) wrong++;
    });
    expect(wrong).toBe(0);
    expect(seen).toBeGreaterThan(1000);
    set.dispose();
  });

  it('takes the embedded digits, and refuses counts that do not fit', () => {
    const set = imageDataset(nn, digits({ split: 'train', count: 10 }));
    expect([...set.tensors[1].dataSync()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(code(() => imageDataset(nn, { images: new Uint8Array(8), labels: new Uint8Array(3), shape: [2, 2, 2] }))).toBe('CVY_DATA_MISMATCH');
    expect(code(() => imageDataset(nn, { images: new Uint8Array(9), labels: new Uint8Array(2), shape: [2, 2, 2] }))).toBe('CVY_DATA_MISMATCH');
  });
});

describe('DataLoader', () => {
  it('takes flags as true or false only', () => {
    expect(code(() => new DataLoader(numbered(2), { shuffle: 'no' } as object))).toBe('CVY_ARG_TYPE');
    expect(code(() => new DataLoader(numbered(2), { dropLast: 1 } as object))).toBe('CVY_ARG_TYPE');
  });

  it('walks in order, with a last batch that is not full unless it is dropped', () => {
    const loader = new DataLoader(numbered(5), { batchSize: 2 });
    expect(loader.length).toBe(3);
    expect(labels(loader)).toEqual([[0, 10], [20, 30], [40]]);
    const full = new DataLoader(numbered(5), { batchSize: 2, dropLast: true });
    expect([full.length, labels(full)]).toEqual([2, [[0, 10], [20, 30]]]);
    expect(labels(new DataLoader(numbered(2)))).toEqual([[0], [10]]);
  });

  it('shuffles by seed and epoch alone, whatever the batch size', () => {
    const loader = new DataLoader(numbered(17), { batchSize: 4, shuffle: true, seed: 5 });
    const expected = (epoch: number): number[] => batchIndices(17, { batchSize: 17, shuffle: true, seed: 5, epoch }).flatMap((b) => [...b].map((i) => 10 * i));
    for (const epoch of [0, 1, 2]) {
      expect(loader.epoch).toBe(epoch);
      expect(labels(loader).flat()).toEqual(expected(epoch));
    }
    loader.epoch = 1;
    expect(labels(loader).flat()).toEqual(expected(1));
    expect(expected(0)).not.toEqual(expected(1));
  });

  it('counts an iteration that was left early, and can leave out the first batches', () => {
    const loader = new DataLoader(numbered(6), { batchSize: 2 });
    for (const [, y] of loader) {
      expect(loader.epoch).toBe(0);
      if (y.dataSync()[0] === 20) break;
    }
    expect(loader.epoch).toBe(1);
    expect(Array.from(loader.batches(2), ([, y]) => [...y.dataSync()])).toEqual([[40, 50]]);
    expect(loader.epoch).toBe(2);
  });

  it('disposes a batch when the loop moves on, unless it is kept', async () => {
    const loader = new DataLoader(numbered(6), { batchSize: 2 });
    const seen: Tensor[][] = [];
    for (const batch of loader) {
      expect(batch.every((t) => !t.isDisposed)).toBe(true);
      if (seen.length === 1) keep(batch[1]);
      seen.push(batch);
    }
    expect(seen.flat().map((t) => t.isDisposed)).toEqual([true, true, true, false, true, true]);
    expect([...seen[1][1].dataSync()]).toEqual([20, 30]);
    seen[1][1].dispose();
    let left: Tensor | undefined;
    expect(() => {
      for (const [x] of loader) {
        left = x;
        if (x.shape[0] === 2) throw new Error('stop');
      }
    }).toThrow('stop');
    expect(left!.isDisposed).toBe(true);
    for await (const [x] of loader) {
      left = x;
      if (x.shape[0] === 2) break;
    }
    expect(left!.isDisposed).toBe(true);
  });

  it('lets the event loop run between the batches of for await', async () => {
    const loader = new DataLoader(numbered(8), { batchSize: 2, shuffle: true });
    const expected = labels(loader);
    loader.epoch = 0;
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const found: number[][] = [];
    for await (const [, y] of loader) {
      found.push([...y.dataSync()]);
      const end = performance.now() + 3;
      while (performance.now() < end);
    }
    clearInterval(timer);
    expect(found).toEqual(expected);
    expect(loader.epoch).toBe(2 - 1);
    expect(turns).toBeGreaterThan(0);
  });

  it('keeps memory flat over many epochs', () => {
    const loader = new DataLoader(numbered(50), { batchSize: 8, shuffle: true });
    labels(loader);
    const { bytesInUse, liveTensors } = convoy.memory();
    for (let epoch = 0; epoch < 200; epoch++) for (const [x] of loader) expect(x.shape[1]).toBe(2);
    expect(convoy.memory()).toMatchObject({ bytesInUse, liveTensors });
  });

  it('takes any dataset, and refuses what is none and options that are wrong', () => {
    const squares = { length: 3, batch: (indices: Int32Array) => [nn.tensor(indices.map((i) => i * i))] };
    expect(Array.from(new DataLoader(squares, { batchSize: 2 }), ([x]) => [...x.dataSync()])).toEqual([[0, 1], [4]]);
    const single = { length: 3, get: (i: number) => [nn.full([2], i), nn.tensor(i, { dtype: 'int32' })] };
    const { liveTensors } = convoy.memory();
    expect(Array.from(new DataLoader(single, { batchSize: 2 }), ([x, y]) => [x.shape, y.shape, y.dtype, [...x.dataSync()]])).toEqual([
      [[2, 2], [2], 'int32', [0, 0, 1, 1]], [[1, 2], [1], 'int32', [2, 2]],
    ]);
    expect(convoy.memory().liveTensors).toBe(liveTensors);
    const uneven = { length: 2, get: (i: number) => Array.from({ length: i + 1 }, () => nn.ones(1)) };
    expect(() => [...new DataLoader(uneven, { batchSize: 2 })]).toThrow('DataLoader: example 1 has 2 parts but example 0 has 1');
    expect(code(() => new DataLoader([1, 2] as unknown as TensorDataset))).toBe('CVY_ARG_TYPE');
    for (const options of [{ batchSize: 0 }, { batchSize: 1.5 }, { seed: NaN }]) expect(code(() => new DataLoader(numbered(2), options))).toBe('CVY_ARG_VALUE');
    expect(() => new DataLoader(numbered(2), { batchsize: 2 } as object)).toThrow("did you mean 'batchSize'?");
  });
});

describe('Subset and randomSplit', () => {
  const examples = (set: Subset): number[] => [...set.indices];

  it('show the chosen examples in their order, also of a part of a part', () => {
    const part = new Subset(new Subset(numbered(10), [9, 3, 5]), [2, 0]);
    expect(labels(new DataLoader(part, { batchSize: 2 }))).toEqual(labels(new DataLoader(new Subset(numbered(10), [5, 9]), { batchSize: 2 })));
    expect(() => new Subset(numbered(3), [3])).toThrow('Subset: index 3 is given but integers from 0 to 2 are required');
  });

  it('divide without overlap, the same way for the same seed', () => {
    const [train, test] = randomSplit(numbered(10), [7, 3], { seed: 1 });
    expect([train.length, test.length]).toEqual([7, 3]);
    expect([...examples(train), ...examples(test)].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => i));
    expect(examples(randomSplit(numbered(10), [7, 3], { seed: 1 })[0])).toEqual(examples(train));
    expect(examples(randomSplit(numbered(10), [7, 3], { seed: 2 })[0])).not.toEqual(examples(train));
  });

  it('take fractions as PyTorch does, and refuse lengths that do not add up', () => {
    expect(randomSplit(numbered(11), [0.5, 0.3, 0.2]).map(({ length }) => length)).toEqual([6, 3, 2]);
    expect(randomSplit(numbered(1), [1]).map(({ length }) => length)).toEqual([1]);
    expect(code(() => randomSplit(numbered(10), [7, 2]))).toBe('CVY_ARG_VALUE');
    expect(code(() => randomSplit(numbered(10), [11, -1]))).toBe('CVY_ARG_VALUE');
    expect(() => randomSplit(numbered(10), [0.5, 0.4])).toThrow('the lengths are 0.5, 0.4 but counts with the sum 10, or fractions with the sum 1, are required');
    expect(code(() => randomSplit(numbered(2), [1, 1], { generator: 0 } as object))).toBe('CVY_ARG_OPTION');
  });
});
