/** Cases that walk a graph in their own way: programs of several steps, repeated backward passes, penalties on gradients. */
import { lib } from './library.mjs';
import { apply, roles } from './ops.mjs';

/** Runs a program's steps; all values by name. A step that returns a sequence defines out0, out1, …; other results are out.indices and the like. */
function execute(program, tensors) {
  const values = { ...tensors };
  for (const { out, op, in: names, args, no_grad: quiet } of program) {
    const step = () => apply(op, roles(op, names.map((name) => values[name])), args);
    for (const [role, tensor] of Object.entries(quiet ? lib.noGrad(step) : step())) {
      const sequence = /^y(\d*)$/.exec(role);
      values[sequence ? `${out}${sequence[1]}` : `${out}.${role}`] = tensor;
    }
  }
  return values;
}

function program({ args, tensors }) {
  const values = execute(args.program, tensors);
  return { outputs: Object.fromEntries((args.returns ?? ['y']).map((name) => [name, values[name]])) };
}

function backwardEach({ args, tensors, outputs }) {
  const values = execute(args.program, tensors);
  args.returns.forEach((name, pass) => values[name].backward(tensors[`v${pass}`], { retainGraph: true }));
  for (const leaf of args.leaves) values[`grad_${leaf}`] = values[leaf].grad;
  return { outputs: Object.fromEntries(outputs.map((name) => [name, values[name]])) };
}

function gradPenalty({ args, tensors }) {
  const { y, ...values } = execute(args.program, tensors);
  const first = lib.grad(y, args.wrt.map((name) => values[name]), { createGraph: true });
  const squares = first.map((g) => g.square().sum()).reduce((a, b) => a.add(b));
  const penalty = args.reduce === 'norm' ? squares.sqrt() : squares;
  return { outputs: { y, penalty, ...Object.fromEntries(args.wrt.map((name, i) => [`first_${name}`, first[i]])) } };
}

/** One step: squared error of a convolution against the target, every parameter down by lr times its gradient. */
function learnKernel({ nn, args, tensors: { x, target, weight, bias = null } }) {
  const losses = [];
  for (let step = 0; step < args.steps; step++) {
    const loss = lib.conv2d(x, weight, bias).sub(target).square().sum();
    losses.push(loss.item());
    loss.backward();
    lib.noGrad(() => {
      for (const p of [weight, bias]) {
        if (p === null) continue;
        p.sub_(p.grad.mul(args.lr));
        p.grad = null;
      }
    });
  }
  return { outputs: { losses: nn.tensor(Float32Array.from(losses)), weight, ...(bias === null ? {} : { bias }) } };
}

/** `leaves(args, grads)`: which inputs record a gradient, where it is not those whose gradient is expected. */
export const GRAPHS = {
  program: { run: program },
  backward_each: { run: backwardEach, leaves: ({ leaves }) => leaves },
  grad_penalty: { run: gradPenalty, leaves: ({ wrt }, grads) => [...wrt, ...grads] },
  learn_kernel: { run: learnKernel, leaves: () => ['weight', 'bias'] },
};
