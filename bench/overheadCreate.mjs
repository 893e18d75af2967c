/** A fresh process for bench/overhead.mjs: milliseconds from before the import to the first result on the pool. argv: threads. Prints JSON. */
const began = performance.now();
const { createConvoy } = await import('../dist/src/index.js');
const imported = performance.now();
const convoy = createConvoy();
const nn = await convoy.nn({ threads: Number(process.argv[2]), seed: 0 });
const made = performance.now();
nn.ones(16).add(1).dataSync();
const first = performance.now();
await convoy.close();
console.log(JSON.stringify({ importMs: imported - began, nnMs: made - imported, firstOpMs: first - made, createMs: first - imported }));
