/**
 * Trains a little on a pool, lets an idle second pass, and prints the processor time of all its threads in it, in milliseconds. Does not
 * close its convoy: the process must end nevertheless. argv: threads.
 */
import { setTimeout } from 'node:timers/promises';
import { createConvoy, scope } from '../../dist/src/index.js';

const nn = await createConvoy().nn({ threads: Number(process.argv[2]), seed: 0 });
const [a, b] = [nn.rand(300, 300).requiresGrad_(), nn.rand(300, 300)];
for (let i = 0; i < 20; i++) scope(() => { a.matmul(b).relu().sum().backward(); a.grad = null; });
// Workers look for work a while before they sleep.
await setTimeout(500);
const before = process.cpuUsage();
await setTimeout(1000);
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ms: (user + system) / 1000 }));
