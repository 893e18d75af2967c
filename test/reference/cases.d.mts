import type { NN } from '../../dist/src/index.js';
import type { Group, ReferenceCase } from './data.mjs';
export function runCase(nn: NN, group: Group, testCase: ReferenceCase): { problems: string[]; missing: boolean };
