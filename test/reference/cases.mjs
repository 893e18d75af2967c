/** Runs one reference case on one `nn` and says in words what is wrong with its outputs and gradients. */
import { decode, difference, listDifference } from './data.mjs';
import { GRAPHS } from './graphs.mjs';
import { allTaken, lib, NotBuilt, scope } from './library.mjs';
import { MODULES } from './modules.mjs';
import { apply } from './ops.mjs';

const special = (op) => GRAPHS[op] ?? MODULES[op];

/** `{ problems, missing }`: what is wrong (nothing when the case passes), and whether only because something is not built. */
export function runCase(nn, group, testCase) {
  try {
    return { problems: scope(() => check(nn, group, testCase)), missing: false };
  } catch (error) {
    const refused = error instanceof NotBuilt || error.code === 'CVY_ARG_OPTION';
    return { problems: [`${error.code ?? error.constructor.name}: ${error.message}`], missing: refused };
  }
}

function check(nn, group, testCase) {
  const { args = {}, inputs = {}, params = {}, outputs: wanted = {}, grads = {}, grad_output: upstream = {} } = testCase;
  const found = special(testCase.op);
  const recording = new Set(found?.leaves?.(args, Object.keys(grads)) ?? Object.keys(grads));
  const tensors = {};
  for (const [role, name] of Object.entries({ ...inputs, ...params })) {
    if (typeof name === 'string') tensors[role] = read(nn, group.tensors.get(name), recording.has(role));
  }
  const given = { nn, testCase, outputs: Object.keys(wanted) };
  const { outputs, numbers, leaves = {} } = found
    ? allTaken(testCase.op, [args, tensors], (known, own) => found.run({ ...given, args: known, tensors: own }))
    : { outputs: apply(testCase.op, tensors, args) };
  if (numbers) return compareNumbers(numbers, wanted, testCase);

  const problems = [];
  // After the outputs are read: gradient kernels must not change them, and a result that reuses storage shows.
  backward(outputs, Object.fromEntries(Object.entries(upstream).map(([role, name]) => [role, read(nn, group.tensors.get(name), false)])));
  const compare = (role, tensor, name) => {
    const { rtol, atol, atols = {} } = testCase;
    if (!(tensor instanceof lib.Tensor)) problems.push(`${role} is ${tensor === null ? 'null' : typeof tensor} but a tensor is right`);
    else push(problems, role, difference({ shape: tensor.shape, data: tensor.dataSync() }, group.tensors.get(name), rtol, atols[role] ?? atol));
  };
  for (const [role, name] of Object.entries(wanted)) compare(role, outputs[role], name);
  for (const [role, name] of Object.entries(grads)) {
    const { grad } = leaves[role] ?? tensors[role];
    if (name !== null) compare(`grad.${role}`, grad, name);
    else if (grad !== null) problems.push(`grad.${role} is a tensor but null is right`);
  }
  return problems;
}

function read(nn, { shape, dtype, data }, requiresGrad) {
  return nn.tensor(dtype === 'I64' ? Int32Array.from(data) : data, shape, { requiresGrad });
}

/** One backward pass from all outputs that have an upstream gradient. */
function backward(outputs, upstream) {
  const roles = Object.keys(upstream);
  if (roles.length === 0) return;
  if (roles.length === 1) outputs[roles[0]].backward(upstream[roles[0]]);
  else roles.map((role) => outputs[role].mul(upstream[role]).sum()).reduce((a, b) => a.add(b)).backward();
}

function compareNumbers(numbers, wanted, { rtol, atol }) {
  const problems = [];
  for (const [role, value] of Object.entries(wanted)) {
    if (value === null) {
      if (numbers[role] !== null) problems.push(`${role} is ${numbers[role]} but null is right`);
    } else if (numbers[role] === undefined) problems.push(`${role} is missing`);
    else push(problems, role, listDifference(numbers[role], decode(value), rtol, atol));
  }
  return problems;
}

const push = (problems, role, text) => text !== null && problems.push(`${role}: ${text}`);
