/** Weights in files: under PyTorch's names, complete or not at all. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createConvoy, loadWeights, readSafetensors, saveWeights, serializeSafetensors, tutorialModel, type DataError, type Module, type NN, type SafetensorsInput,
} from '../../dist/src/index.js';
import { rejection, temporaryFolder } from '../helpers/files.js';

const folder = temporaryFolder();
const convoy = createConvoy();
let nn: NN;
beforeAll(async () => {
  nn = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
});
afterAll(() => convoy.close());

const small = (): Module => nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3));
const bits = (model: Module): Record<string, number[]> => Object.fromEntries(Object.entries(model.stateDict()).map(([name, t]) => [name, [...t.dataSync()]]));
const trained = (): Module => {
  const model = small();
  for (let i = 0; i < 3; i++) model.forward(nn.randn(4, 1, 4, 4));
  return model;
};
/** A file like the one of `model`, with changes. */
async function changed(change: (entries: Map<string, SafetensorsInput>) => void): Promise<string> {
  const path = join(folder, 'changed.safetensors');
  await saveWeights(path, trained());
  const entries = new Map<string, SafetensorsInput>((await readSafetensors(path)).tensors);
  change(entries);
  writeFileSync(path, serializeSafetensors(entries));
  return path;
}

describe('saveWeights and loadWeights', () => {
  it('give back the same bits, batch statistics included', async () => {
    const path = join(folder, 'a.safetensors');
    const model = trained();
    await saveWeights(path, model);
    const { tensors, metadata } = await readSafetensors(path);
    expect([...tensors.keys()].sort()).toEqual(['0.bias', '0.weight', '1.bias', '1.num_batches_tracked', '1.running_mean', '1.running_var', '1.weight', '3.bias', '3.weight']);
    expect(metadata).toEqual({ format: 'pt' });
    expect(tensors.get('1.num_batches_tracked')).toMatchObject({ dtype: 'I64', shape: [] });
    expect([...tensors.get('1.num_batches_tracked')!.data]).toEqual([3]);
    const other = small();
    expect(bits(other)).not.toEqual(bits(model));
    await loadWeights(path, other);
    expect(bits(other)).toEqual(bits(model));
    expect(other.stateDict()['1.num_batches_tracked'].dtype).toBe('int32');
  });

  it('load what fits by name when not strict, and tell the rest', async () => {
    const path = await changed((entries) => {
      entries.delete('0.bias');
      entries.set('extra', { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
    });
    const model = small();
    const before = bits(model);
    await expect(loadWeights(path, model)).rejects.toThrow(/missing 0.bias; unexpected extra/);
    expect(await loadWeights(path, model, { strict: false })).toEqual({ missingKeys: ['0.bias'], unexpectedKeys: ['extra'] });
    const file = (await readSafetensors(path)).tensors;
    expect(bits(model)['0.bias']).toEqual(before['0.bias']);
    expect(bits(model)['3.weight']).toEqual([...file.get('3.weight')!.data]);
    const misshapen = await changed((entries) => entries.set('0.bias', { dtype: 'F32', shape: [3], data: new Float32Array(3) }));
    await expect(loadWeights(misshapen, model, { strict: false })).rejects.toThrow('0.bias is [3] but must be [2]');
  });

  it('give lazy layers their size', async () => {
    const lazy = (): Module => nn.Sequential(nn.LazyConv2d(2, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(3));
    const path = join(folder, 'lazy.safetensors');
    await saveWeights(path, trained());
    const model = lazy();
    expect(await loadWeights(path, model)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    const image = nn.ones(1, 1, 4, 4);
    const known = small();
    await loadWeights(path, known);
    expect([...model.eval().forward(image).dataSync()]).toEqual([...known.eval().forward(image).dataSync()]);
  });

  it('say that the path goes first', async () => {
    const swapped = [small(), 'a.safetensors'] as unknown as [string, Module];
    await expect(saveWeights(...swapped)).rejects.toThrow('saveWeights: the arguments are a module and string but must be a path and a module, in this order');
    await expect(loadWeights(...swapped)).rejects.toThrow('loadWeights: the arguments are a module and string but must be a path and a module, in this order');
  });

  it('name every tensor that is missing, unexpected or misshapen, and change nothing then', async () => {
    const path = await changed((entries) => {
      entries.delete('0.bias');
      entries.set('3.wieght', entries.get('3.weight')!);
      entries.delete('3.weight');
      entries.set('extra', { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
      entries.set('1.running_mean', { dtype: 'F32', shape: [3], data: new Float32Array(3) });
    });
    const model = small();
    const before = bits(model);
    const error = await rejection(loadWeights(path, model)) as DataError;
    expect(error.code).toBe('CVY_DATA_MISMATCH');
    for (const part of [path, 'missing 0.bias, 3.weight', "3.wieght – is it '3.weight'?", 'extra', '1.running_mean is [3] but must be [2]']) expect(error.message).toContain(part);
    expect(bits(model)).toEqual(before);
  });

  it.each<[string, SafetensorsInput, string]>([
    ['an I64 beyond 32 bits', { dtype: 'I64', shape: [], data: [2 ** 31] }, 'holds 2147483648 at element 0'],
    ['a fraction of a count', { dtype: 'F32', shape: [], data: Float32Array.of(1) }, 'is F32 but I64 or I32 or U8 is required for int32'],
  ])('refuse %s', async (_what, entry, message) => {
    const path = await changed((entries) => entries.set('1.num_batches_tracked', entry));
    const model = small();
    const before = bits(model);
    const error = await rejection(loadWeights(path, model)) as DataError;
    expect([error.code, error.message]).toEqual(['CVY_DATA_MISMATCH', expect.stringContaining(`1.num_batches_tracked ${message}`)]);
    expect(bits(model)).toEqual(before);
  });

  it('round float64 to float32, and read counts of any integer type', async () => {
    const path = await changed((entries) => {
      entries.set('0.bias', { dtype: 'F64', shape: [2], data: Float64Array.of(0.1, -1 / 3) });
      entries.set('1.num_batches_tracked', { dtype: 'I32', shape: [], data: Int32Array.of(7) });
    });
    const model = small();
    await loadWeights(path, model);
    expect([...model.stateDict()['0.bias'].dataSync()]).toEqual([Math.fround(0.1), Math.fround(-1 / 3)]);
    expect(model.stateDict()['1.num_batches_tracked'].item()).toBe(7);
  });

  it('say which file is missing or damaged, and leave nothing beside a file that cannot be written', async () => {
    expect(await rejection(loadWeights(join(folder, 'none'), small()))).toMatchObject({ code: 'CVY_DATA_MISSING' });
    const path = await changed(() => undefined);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    expect(await rejection(loadWeights(path, small()))).toMatchObject({ code: 'CVY_DATA_FORMAT' });
    const before = readdirSync(folder);
    expect(await rejection(saveWeights(join(folder, 'no', 'such'), small()))).toMatchObject({ code: 'CVY_DATA_WRITE' });
    expect(readdirSync(folder)).toEqual(before);
  });

  it('take no memory with them', async () => {
    const path = join(folder, 'a.safetensors');
    const model = small();
    await loadWeights(path, model);
    const { liveTensors, bytesInUse } = convoy.memory();
    for (let i = 0; i < 5; i++) await loadWeights(path, model);
    expect(convoy.memory()).toMatchObject({ liveTensors, bytesInUse });
  });
});

describe('tutorialModel', () => {
  it('has the parameters of the tutorials, in PyTorch’s order', () => {
    const shapes = (name: Parameters<typeof tutorialModel>[1]): [string, readonly number[]][] => tutorialModel(nn, name).namedParameters().map(([key, { shape }]) => [key, shape]);
    expect(shapes('cnn2')).toEqual([['0.weight', [16, 1, 5, 5]], ['0.bias', [16]], ['3.weight', [32, 16, 5, 5]], ['3.bias', [32]], ['7.weight', [10, 1568]], ['7.bias', [10]]]);
    expect(shapes('mlp-tanh')).toEqual([['1.weight', [100, 784]], ['1.bias', [100]], ['3.weight', [10, 100]], ['3.bias', [10]]]);
    expect(shapes('cnn1').at(-2)).toEqual(['4.weight', [10, 3136]]);
    expect(shapes('mlp-deep').map(([, [rows]]) => rows)).toEqual([100, 100, 100, 100, 100, 100, 10, 10]);
    expect(() => tutorialModel(nn, 'cnn3' as 'cnn2')).toThrow("name is 'cnn3' but must be one of mlp, ");
  });
});
