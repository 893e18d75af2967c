/** The table of differentiable operations, each on the smallest shapes that can go wrong, with inputs that keep clear of kinks. */
import { arrangeCases } from './arrange.js';
import { activationCases } from './activation.js';
import { convCases } from './conv.js';
import { elementwiseCases } from './elementwise.js';
import { functionCases } from './functions.js';
import { indexingCases } from './indexing.js';
import { lossCases } from './loss.js';
import { matmulCases } from './matmul.js';
import { normCases } from './norm.js';
import { poolCases } from './pool.js';
import { reduceCases } from './reduce.js';
import { resizeCases } from './resize.js';
import { shapeCases } from './shape.js';
import type { GradientCase } from './gradientCase.js';

/** Operations of src/autograd and the functions of nn. */
export const gradientCases: readonly GradientCase[] = [
  ...elementwiseCases,
  ...functionCases,
  ...activationCases,
  ...reduceCases,
  ...matmulCases,
  ...shapeCases,
  ...arrangeCases,
  ...indexingCases,
  ...convCases,
  ...poolCases,
  ...resizeCases,
  ...normCases,
  ...lossCases,
];
