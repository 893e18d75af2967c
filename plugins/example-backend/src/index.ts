/**
 * What users import: a function that returns the backend's definition. The kernels are not imported here: Convoy does that
 * by their URL, on every thread.
 */
import { defineBackend, type KernelSetDefinition } from 'convoy-nn/backend';

export interface ExampleOptions {
  /** Kernel set that serves what this one lacks, by declaration. Left out: cpu-naive does, under the fallback policy. */
  extends?: string;
}

/** The backend 'example': relu for float32. */
export default function example(options: ExampleOptions = {}): KernelSetDefinition {
  for (const key of Object.keys(options)) {
    if (key !== 'extends') throw new TypeError(`example: option '${key}' is unknown but only extends can be given`);
  }
  return defineBackend<KernelSetDefinition>({
    name: 'example',
    api: 1,
    version: '0.1.0',
    kernels: new URL('./kernels.js', import.meta.url),
    determinism: 'bitwise',
    ...options,
  });
}
