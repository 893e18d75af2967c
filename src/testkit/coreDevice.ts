/**
 * A device for tests: memory of its own, pointers that are handles, and nothing but the required core ops. What the engine does on
 * it, it does through compositions; so every fused kernel can be held against one, and devices can be tried without hardware.
 */
import { kernels } from '../../backends/cpu-naive/kernels.js';
import { inlineExecutor } from '../backend/inline.js';
import { API, defineBackend, OP_NAMES, OPS, type Device, type DeviceDefinition, type LoadedKernel, type Memory, type OpName } from '../backend/index.js';
import { MemoryError } from '../errors.js';
import { Heap } from '../memory/index.js';

/** Handles are odd, so that arithmetic on them as if they were addresses never meets another one. */
const FIRST_HANDLE = 1001;

/** A fresh definition each time: two convoys, two devices. `ops` are served besides the core. */
export function coreDevice({ name = 'core-device', ops: more = [], bytes = 256 * 2 ** 20 }: { name?: string; ops?: readonly OpName[]; bytes?: number } = {}): DeviceDefinition {
  return defineBackend({
    name, api: API, determinism: 'bitwise',
    probe: () => true as const,
    create: () => createDevice(new Heap(bytes), new Set([...OP_NAMES.filter((op) => OPS[op].core), ...more])),
  });
}

function createDevice(heap: Heap, served: ReadonlySet<OpName>): Device {
  const places = new Map<number, number>();
  let next = FIRST_HANDLE;
  const place = (handle: number): number => {
    const ptr = places.get(handle);
    if (ptr === undefined) throw new MemoryError('CVY_MEMORY_DISPOSED', `core-device: handle ${handle} is used but nothing is allocated under it`);
    return ptr;
  };
  const memory: Memory = {
    kind: 'device',
    alloc(size) {
      const ptr = heap.alloc(size);
      const handle = (next += 2);
      places.set(handle, ptr);
      return handle;
    },
    free(handle) {
      heap.free(place(handle));
      places.delete(handle);
    },
    write: (handle, data, offsetBytes = 0) => heap.write(place(handle) + offsetBytes, data),
    read: (handle, dtype, length) => heap.read(place(handle), dtype, length),
    readAsync: async (handle, dtype, length) => heap.read(place(handle), dtype, length),
  };
  const executor = inlineExecutor(heap);
  const run = (op: OpName): NonNullable<Device['ops'][OpName]> => (dtype, args) => {
    const own = [...args];
    for (const { arg } of OPS[op].buffers(args, dtype)) own[arg] = place(args[arg]);
    executor.run({ op, dtype, kernel: kernels[op]![dtype as 'float32'] as LoadedKernel['kernel'], set: 0, setName: 'core-device' }, own);
  };
  return { memory, ops: Object.fromEntries([...served].map((op) => [op, run(op)])) };
}
