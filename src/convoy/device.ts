/**
 * A device (memory of its own) as the engine sees it. Its own ops run as they are; the engine composes the others from core ops.
 */
import { missingCore, OP_NAMES, OPS, type Args, type Backend, type Determinism, type Device, type DeviceDefinition, type DType, type Memory, type OpName, type Placement } from '../backend/index.js';
import { BackendError } from '../errors.js';
import type { Fallback } from './host.js';

export class DeviceBackend implements Backend {
  readonly name: string;
  readonly memory: Memory;
  readonly determinism: Determinism;
  private readonly calls = new Map<string, Placement & { calls: number }>();

  /** @throws {BackendError} CVY_BACKEND_UNSUPPORTED when a core op is missing, or any op under fallback 'error'. */
  constructor(definition: DeviceDefinition, private readonly device: Device, readonly threads: number, private readonly policy: Fallback) {
    this.name = definition.name;
    this.memory = device.memory;
    this.determinism = definition.determinism ?? 'none';
    const missing = policy === 'error' ? OP_NAMES.filter((op) => !device.ops[op]) : missingCore(device);
    if (missing.length > 0) {
      throw new BackendError('CVY_BACKEND_UNSUPPORTED', `nn: device '${this.name}' lacks ${missing.join(', ')} but ${policy === 'error' ? "fallback is 'error'" : 'these core ops are required'}`);
    }
  }

  private serves(op: OpName, dtype: DType): boolean {
    return this.device.ops[op] !== undefined && (this.device.dtypes?.(op) ?? OPS[op].dtypes).includes(dtype);
  }

  run(op: OpName, dtype: DType, args: Args): void {
    if (!this.serves(op, dtype)) throw new BackendError('CVY_BACKEND_UNSUPPORTED', `${op}: device '${this.name}' has no kernel for ${dtype} and core ops are not composed from others`);
    this.count(op, dtype, this.name, false);
    this.device.ops[op]!(dtype, args);
  }

  has(op: OpName, dtype: DType): boolean {
    if (this.serves(op, dtype)) return true;
    if (this.count(op, dtype, 'composition', true) === 1 && this.policy === 'warn') {
      process.emitWarning(`${op}: device '${this.name}' has no kernel for ${dtype}, it is composed from core ops; model.placement() lists all such ops`, 'ConvoyFallbackWarning');
    }
    return false;
  }

  placement(): Placement[] {
    return [...this.calls.values()];
  }

  private count(op: OpName, dtype: DType, servedBy: string, fallback: boolean): number {
    const key = `${op} ${dtype}`;
    let entry = this.calls.get(key);
    if (!entry) this.calls.set(key, (entry = { op, dtype, servedBy, kernel: op, fallback, calls: 0 }));
    (entry as { calls: number }).calls++;
    return entry.calls;
  }
}
