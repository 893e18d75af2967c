/** The composition root: options, plugins, backends side by side, closing. */
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, defineBackend, type BackendDefinition } from '../../dist/src/index.js';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const kernels = new URL('../../dist/backends/cpu-naive/kernels.js', import.meta.url);
const set = (extra: object = {}): BackendDefinition => ({ name: 'mine', api: 1, kernels, ...extra }) as BackendDefinition;

/** What a script prints, in a Node of its own under these flags. */
const run = (flags: readonly string[], options: object, env: Record<string, string> = {}): { stdout: string; stderr: string } => {
  const code = `const { createConvoy } = await import(process.argv[1]);
    try {
      const nn = await createConvoy().nn({ seed: 0, ...JSON.parse(process.argv[2]) });
      const y = nn.Conv2d(3, 8, 3).forward(nn.rand(2, 3, 8, 8));
      console.log(nn.backend.threads, nn.backend.placement().find(({ op }) => op === 'conv').servedBy, y.sum().item() > 0);
    } catch ({ code, message }) {
      console.log(code, message);
    }`;
  return spawnSync(process.execPath, [...flags, '--input-type=module', '-e', code, new URL('../../dist/src/index.js', import.meta.url).href, JSON.stringify(options)], {
    encoding: 'utf8', env: { ...process.env, ...env },
  });
};
const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

describe('where a feature is missing', () => {
  it('without SIMD the default is slower kernels and a warning; who names the fast ones learns why they cannot run', () => {
    const { stdout, stderr } = run(['--no-enable-sse4-1'], { threads: 2 });
    expect(stdout).toBe('2 cpu-tiled true\n');
    expect(stderr).toMatch(/no WebAssembly SIMD, which 'wasm-simd' needs; 'cpu-tiled' serves/);
    expect(run(['--no-enable-sse4-1'], { kernels: 'wasm-simd' }).stdout).toMatch(/^CVY_BACKEND_UNAVAILABLE .*this Node has no WebAssembly SIMD; 'cpu-tiled' may/);
  });

  it('where no thread may start, one thread works and more are refused with that advice', () => {
    const flags = [permission, '--allow-fs-read=*'];
    expect(run(flags, { threads: 1 }).stdout).toBe('1 wasm-simd true\n');
    expect(run(flags, { threads: 2 }).stdout).toMatch(/^CVY_BACKEND_WORKER .*lets no worker start .*pass \{ threads: 1 \}/);
  });

  it('without WebAssembly nothing works, in words', () => {
    expect(run(['--jitless'], {}).stdout).toMatch(/^CVY_MEMORY_EXHAUSTED .*without WebAssembly/);
  });
});

describe('environment variables', () => {
  it.each([
    ['CONVOY_STALL_MS', 'soon'], ['CONVOY_STALL_MS', '-1'], ['CONVOY_DEBUG', 'all'], ['CONVOY_DEBUG', '6'], ['CONVOY_FAULT', 'exit'], ['CONVOY_WASM', 'sse'],
  ])('%s=%s is refused', (name, value) => {
    expect(run([], {}, { [name]: value }).stdout).toContain(`CVY_ARG_VALUE ${name}: '${value}' but `);
  });
});

describe('options', async () => {
  const convoy = createConvoy();
  afterAll(() => convoy.close());

  it.each([
    [{ backend: 'wsam-simd' }, 'CVY_BACKEND_UNKNOWN', /registered: worker-pool, cpu-naive, cpu-tiled/],
    [{ backend: 'cpu-tild' }, 'CVY_BACKEND_UNKNOWN', /did you mean 'cpu-tiled'/],
    [{ kernels: 'nothing' }, 'CVY_BACKEND_UNKNOWN', /no kernel set named 'nothing'/],
    [{ kernels: 'worker-pool' }, 'CVY_BACKEND_UNKNOWN', /no kernel set named 'worker-pool'/],
    [{ backend: 'cpu-naive', kernels: 'cpu-tiled' }, 'CVY_ARG_OPTION', /only backend 'worker-pool' takes it/],
    [{ backend: 'cpu-naive', threads: 2 }, 'CVY_ARG_VALUE', /runs on the calling thread/],
    [{ threads: 0 }, 'CVY_ARG_VALUE', /threads is 0/],
    [{ threads: 1.5 }, 'CVY_ARG_VALUE', /threads is 1.5/],
    [{ seed: -1 }, 'CVY_ARG_VALUE', /seed is -1/],
    [{ fallback: 'maybe' }, 'CVY_ARG_VALUE', /error, warn, allow/],
    [{ turbo: 'yes' }, 'CVY_ARG_TYPE', /turbo is yes/],
    [{ turbo: null }, 'CVY_ARG_TYPE', /turbo is null/],
    [{ precision: null }, 'CVY_ARG_VALUE', /precision is 'null'/],
    [{ threads: '2' }, 'CVY_ARG_VALUE', /threads is "2" but/],
    [{ precision: 'low' }, 'CVY_ARG_VALUE', /precision is 'low' but must be one of highest, high, fast/],
    [{ thread: 2 }, 'CVY_ARG_OPTION', /did you mean 'threads'/],
  ])('%j is refused', async (options, expected, message) => {
    const failure = await convoy.nn(options as never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: expected });
    expect((failure as Error).message).toMatch(message);
  });

  it('createConvoy refuses what it does not know', () => {
    expect(() => createConvoy({ threads: 2 } as never)).toThrow(code('CVY_ARG_OPTION'));
  });
});

describe('plugins', () => {
  it.each([
    [null, 'CVY_PLUGIN_INVALID'], ['mine', 'CVY_PLUGIN_INVALID'], [set({ api: 2 }), 'CVY_PLUGIN_API'], [set({ api: undefined }), 'CVY_PLUGIN_API'],
    [set({ name: 'Mine' }), 'CVY_PLUGIN_NAME'], [set({ name: 'cpu-naive' }), 'CVY_PLUGIN_NAME'], [set({ kernels: undefined }), 'CVY_PLUGIN_INVALID'],
    [set({ extends: 'nothing' }), 'CVY_PLUGIN_INVALID'], [{ name: 'dev', api: 1, create: () => ({}) }, 'CVY_PLUGIN_INVALID'],
  ])('%j is refused', (plugin, expected) => {
    expect(() => createConvoy().use(plugin as never)).toThrow(code(expected));
  });

  it('names both API numbers in one sentence', () => {
    expect(() => defineBackend(set({ api: 7 }))).toThrow(/^use: plugin 'mine' speaks backend API 7 but this Convoy speaks 1; [^.]*$/);
  });

  it('a set that cannot run here says why', async () => {
    const convoy = createConvoy({ plugins: [set({ probe: () => 'no such instruction' })] });
    await expect(convoy.nn({ backend: 'mine' })).rejects.toThrow(/cannot run here: no such instruction/);
    expect((await convoy.probe()).find(({ name }) => name === 'mine')?.available).toBe('no such instruction');
  });

  it('a device that create() does not make whole is refused', async () => {
    const convoy = createConvoy({ plugins: [{ name: 'hollow', api: 1, probe: () => true, create: () => ({}) } as unknown as BackendDefinition] });
    await expect(convoy.nn({ backend: 'hollow' })).rejects.toMatchObject({ code: 'CVY_PLUGIN_INVALID', message: expect.stringMatching(/returned no memory/) as string });
    await convoy.close();
  });

  it('a module of another API number is refused when it is loaded', async () => {
    const convoy = createConvoy({ plugins: [set({ kernels: new URL('../helpers/poolKernelsOld.mjs', import.meta.url) })] });
    await expect(convoy.nn({ backend: 'mine' })).rejects.toThrow(code('CVY_PLUGIN_API'));
  });

  it('two convoys with different plugins live in one process', async () => {
    const [a, b] = [createConvoy({ plugins: [set()] }), createConvoy()];
    await a.nn({ backend: 'mine' });
    await expect(b.nn({ backend: 'mine' })).rejects.toThrow(code('CVY_BACKEND_UNKNOWN'));
  });
});

describe('models', async () => {
  const convoy = createConvoy();
  afterAll(() => convoy.close());

  it('same seed, other kernels: same weights, shared memory, and they may be mixed', async () => {
    const naive = await convoy.nn({ backend: 'cpu-naive', seed: 3 });
    const pool = await convoy.nn({ backend: 'worker-pool', threads: 2, seed: 3 });
    const [a, b] = [naive.Conv2d(2, 3, 3), pool.Conv2d(2, 3, 3)];
    expect(a.weight.toArray()).toEqual(b.weight.toArray());
    const x = naive.randn(2, 2, 9, 9);
    const [ya, yb] = [a.forward(x), b.forward(x)];
    expect(yb.backend.name).toBe('worker-pool');
    expect(ya.sub(yb).abs().max().item()).toBeLessThan(1e-5);
    b.to(naive);
    expect(b.forward(x).backend.name).toBe('cpu-naive');
    expect(b.forward(x).toArray()).toEqual(ya.toArray());
    expect(a.placement().find(({ op }) => op === 'conv')).toMatchObject({ servedBy: 'cpu-naive', fallback: false });
  });

  it('tensors of different convoys do not mix, and can be moved', async () => {
    const other = await createConvoy().nn({ backend: 'cpu-naive', seed: 0 });
    const here = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
    const [x, y] = [here.ones(2), other.ones(2)];
    expect(() => x.add(y)).toThrow(code('CVY_BACKEND_MIXED'));
    expect(x.add(y.to(here)).toArray()).toEqual([2, 2]);
  });

  it('nor do they in place, as gradients or as what backward starts from', async () => {
    const other = createConvoy();
    const [here, there] = [await convoy.nn({ backend: 'cpu-naive' }), await other.nn({ backend: 'cpu-naive' })];
    const x = here.ones(2);
    const p = here.parameter(here.ones(2));
    for (const call of [() => x.copy_(there.zeros(2)), () => x.add_(there.ones(2)), () => { p.grad = there.ones(2); }, () => p.mul(2).backward(there.ones(2))]) {
      expect(call).toThrow(code('CVY_BACKEND_MIXED'));
    }
    expect([x.toArray(), p.grad]).toEqual([[1, 1], null]);
    await other.close();
  });

  it('names the layer of a shape mistake', async () => {
    const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
    expect(() => nn.Conv2d(3, 4, 3).forward(nn.ones(1, 1, 5, 5))).toThrow(/input has 1 channels but weight expects 3 .*; in layer Conv2d\(3, 4,/);
  });

  it('a closed convoy says so', async () => {
    const closing = createConvoy();
    const nn = await closing.nn({ backend: 'worker-pool', threads: 2, seed: 0 });
    const x = nn.ones(2);
    await closing.close();
    await closing.close();
    expect(() => x.add(1)).toThrow(code('CVY_BACKEND_CLOSED'));
    await expect(closing.nn()).rejects.toThrow(code('CVY_BACKEND_CLOSED'));
  });

  it('fallback error refuses what a set lacks, warn says so once', async () => {
    const relu = new URL('../helpers/oneOp.mjs', import.meta.url);
    const plugged = createConvoy({ plugins: [set({ kernels: relu })] });
    const strict = await plugged.nn({ backend: 'mine', fallback: 'error' });
    expect(() => strict.ones(2)).toThrow(/fill: 'mine' has no kernel for float32 but fallback is 'error'/);
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const nn = await plugged.nn({ backend: 'mine' });
    nn.ones(2).relu();
    nn.ones(2);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('warning', listen);
    expect(warnings).toHaveLength(1);
    expect(nn.backend.placement()).toEqual([
      expect.objectContaining({ op: 'fill', servedBy: 'cpu-naive', fallback: true, calls: 2 }),
      expect.objectContaining({ op: 'relu', servedBy: 'mine', kernel: 'relu_that_doubles', fallback: false, calls: 1 }),
    ]);
  });
});
