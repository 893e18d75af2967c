/** Heap, arena and scopes: addresses, holders, release with and without the user's help. */
import { afterAll, describe, expect, it } from 'vitest';
import { createConvoy, keep, noGrad, scope, type Tensor } from '../../dist/src/index.js';
import { Allocator } from '../../dist/src/memory/allocator.js';
import { Heap } from '../../dist/src/memory/heap.js';
import { arenaOf } from '../../dist/src/memory/arena.js';

it('a tensor has no more elements than kernels can count, whatever their size', async () => {
  const convoy = createConvoy();
  const nn = await convoy.nn({ backend: 'wasm-simd' });
  for (const make of [() => nn.zeros(2 ** 30 + 1, { dtype: 'bool' }), () => nn.tensor([true]).expand(2 ** 31 + 5)]) {
    expect(make).toThrow(expect.objectContaining({ code: 'CVY_MEMORY_EXHAUSTED', message: expect.stringMatching(/elements were asked for but a tensor has at most 1073741824/) }));
  }
  await convoy.close();
});

describe('allocator', () => {
  it('hands out aligned, disjoint blocks and gives everything back', () => {
    const allocator = new Allocator(64, 1 << 22);
    let state = 12345;
    const random = (n: number): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % n;
    const live = new Map<number, { bytes: number; block: NonNullable<ReturnType<Allocator['alloc']>> }>();
    for (let i = 0; i < 20_000; i++) {
      if (live.size > 0 && random(2) === 0) {
        const [ptr, { block }] = [...live][random(live.size)];
        allocator.free(block);
        live.delete(ptr);
        continue;
      }
      const bytes = 1 + random(random(10) === 0 ? 100_000 : 700);
      const block = allocator.alloc(bytes);
      if (!block) continue;
      expect(block.ptr % 64).toBe(0);
      expect(block.bytes).toBeGreaterThanOrEqual(bytes);
      if (i % 50 === 0) {
        for (const [ptr, other] of live) expect(block.ptr + bytes <= ptr || ptr + other.bytes <= block.ptr).toBe(true);
      }
      live.set(block.ptr, { bytes, block });
    }
    for (const { block } of live.values()) allocator.free(block);
    // One block again: all neighbours were merged.
    expect(allocator.alloc((1 << 22) - 64)?.ptr).toBe(64);
    expect(allocator.alloc(1)).toBeNull();
  });
});

describe('heap', () => {
  it('keeps blocks of a quarantine back until it is lifted', () => {
    const heap = new Heap(1 << 20);
    const before = heap.alloc(64);
    const lift = heap.quarantine();
    const after = heap.alloc(64);
    heap.free(before);
    heap.free(after);
    const next = [heap.alloc(64), heap.alloc(64), heap.alloc(64)];
    expect(next).toContain(after);
    expect(next).not.toContain(before);
    for (const ptr of next) heap.free(ptr);
    lift();
    expect(heap.bytesInUse).toBe(0);
    expect([heap.alloc(64), heap.alloc(64)]).toContain(before);
  });

  it('refuses a double free and sizes that make no sense', () => {
    const heap = new Heap(1 << 20);
    const ptr = heap.alloc(10);
    heap.free(ptr);
    expect(() => heap.free(ptr)).toThrow(expect.objectContaining({ code: 'CVY_MEMORY_DISPOSED' }));
    expect(() => new Heap(-1)).toThrow(expect.objectContaining({ code: 'CVY_ARG_VALUE' }));
    expect(() => heap.alloc(1 << 21)).toThrow(expect.objectContaining({ code: 'CVY_MEMORY_EXHAUSTED' }));
  });
});

describe('release', async () => {
  const convoy = createConvoy({ memory: 1 << 26 });
  const nn = await convoy.nn({ backend: 'cpu-naive', seed: 0 });
  afterAll(() => convoy.close());
  const live = (): number => convoy.memory().liveTensors;

  it('scope disposes what it does not return and nothing else', () => {
    const before = live();
    let inner: Tensor | undefined;
    let kept: Tensor | undefined;
    const { a, list } = scope(() => {
      inner = nn.ones(3);
      kept = keep(nn.ones(4));
      return { a: nn.ones(2).add(1), list: [nn.zeros(1)] };
    });
    expect(a.toArray()).toEqual([2, 2]);
    expect(list[0].toArray()).toEqual([0]);
    expect(kept!.toArray()).toEqual([1, 1, 1, 1]);
    expect(() => inner!.dataSync()).toThrow(expect.objectContaining({ code: 'CVY_MEMORY_DISPOSED' }));
    expect(live()).toBe(before + 3);
    for (const tensor of [a, list[0], kept!]) tensor.dispose();
    expect(live()).toBe(before);
  });

  it('scope lets gradients and what the tape needs live', () => {
    const w = nn.ones(3).requiresGrad_();
    const loss = scope(() => w.mul(w).sum());
    loss.backward();
    expect(w.grad!.toArray()).toEqual([2, 2, 2]);
    scope(() => w.mul(3).sum().backward());
    expect(w.grad!.toArray()).toEqual([5, 5, 5]);
  });

  it('scope and noGrad refuse asynchronous functions', () => {
    for (const run of [scope, noGrad]) {
      expect(() => run(async () => 1)).toThrow(expect.objectContaining({ code: 'CVY_ARG_ASYNC' }));
      expect(() => run(() => Promise.resolve(1))).toThrow(expect.objectContaining({ code: 'CVY_ARG_ASYNC' }));
    }
  });

  it('views keep storage alive after the first handle is gone', () => {
    const a = nn.arange(6);
    const b = a.view(2, 3);
    a.dispose();
    expect(b.toArray()).toEqual([[0, 1, 2], [3, 4, 5]]);
  });

  it('counts nothing twice: a training step leaves no more than it found', () => {
    const conv = nn.Conv2d(1, 2, 3);
    const x = nn.rand(2, 1, 6, 6);
    const step = (): void => scope(() => {
      const loss = conv.forward(x).relu().square().mean();
      conv.zeroGrad();
      loss.backward();
    });
    step();
    const [tensors, bytes] = [live(), convoy.memory().bytesInUse];
    for (let i = 0; i < 10; i++) step();
    expect([live(), convoy.memory().bytesInUse]).toEqual([tensors, bytes]);
  });

  it('reclaims forgotten tensors inside one synchronous job, tape included', () => {
    const w = nn.ones(1000).requiresGrad_();
    const arena = arenaOf(nn.backend.memory);
    const sweeps = arena.sweeps;
    // 4 KB a step in a heap of 64 MB: without reclaim it would be full after some 4,000 steps. No backward: the tape is forgotten too.
    for (let i = 0; i < 20_000; i++) w.mul(2).exp().sum();
    expect(arena.sweeps).toBeGreaterThan(sweeps);
    expect(convoy.memory().peakBytes).toBeLessThan(1 << 26);
  });

  it('says who fills a full heap', () => {
    const big = nn.zeros(1 << 23);
    expect(() => nn.zeros(1 << 24)).toThrow(/largest holders: tensor \[8388608\] float32 33554432 bytes/);
    big.dispose();
  });
});
