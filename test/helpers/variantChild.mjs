/**
 * One variant of wasm-simd in a process of its own, where it is the only code that WebAssembly was compiled to: the conformance kit,
 * PyTorch's reference cases, and the bits of a training for several numbers of threads. argv: the variant. Prints JSON.
 */
import { wasmSimd } from '../../dist/backends/wasm-simd/index.js';
import { createConvoy, SGD } from '../../dist/src/index.js';
import { conformance } from '../../dist/src/testkit/index.js';
import { runCase } from '../reference/cases.mjs';
import { groupNames, present, readGroup } from '../reference/data.mjs';
import { hashedTraining } from './hashedTraining.mjs';

const THREADS = [1, 2, 3, 7];
/** As in test/conformance/run.ts. */
const FAST = 8192;
const turbo = process.argv[2] !== 'simd';
const convoy = createConvoy();
const result = { conformance: { cases: 0, failures: [] }, reference: { cases: 0, failures: [] }, hashes: [], kernel: '' };

const kit = await conformance(wasmSimd, { maxFlops: FAST, threads: THREADS, turbo });
for (const { run } of kit.tests) {
  result.conformance.cases++;
  try {
    run();
  } catch (error) {
    result.conformance.failures.push(error.message);
  }
}
await kit.close();

const alone = await convoy.nn({ backend: 'wasm-simd', seed: 0, turbo, fallback: 'allow' });
if (present()) {
  for (const group of groupNames().map(readGroup)) {
    for (const testCase of group.cases) {
      const { problems, missing } = runCase(alone, group, testCase);
      if (missing) continue;
      result.reference.cases++;
      if (problems.length > 0) result.reference.failures.push(`${testCase.name}: ${problems.join('; ')}`);
    }
  }
}

/** The loss and all weights after some steps. */
function train(nn) {
  const model = nn.Sequential(
    nn.Conv2d(1, 16, 5, { padding: 2 }), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, { padding: 1 }), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 7 * 7, 64), nn.Tanh(), nn.Linear(64, 10),
  );
  const [x, target] = [nn.rand(16, 1, 28, 28), nn.tensor(Int32Array.from({ length: 16 }, (_, i) => i % 10))];
  return hashedTraining(model, x, target, [new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 })], 3);
}

for (const threads of THREADS) {
  const nn = await convoy.nn({ threads, seed: 0, turbo });
  result.hashes.push(train(nn));
  result.kernel = nn.backend.placement().find(({ op }) => op === 'convGradWeight').kernel;
}
await convoy.close();
console.log(JSON.stringify(result));
