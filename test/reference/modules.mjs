/** Cases that need more than a function: layers with running statistics, optimizers, schedules, clipping, first weights. */
import { decode } from './data.mjs';
import { layer, lib } from './library.mjs';

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const camelKeys = (args) => Object.fromEntries(Object.entries(args).map(([name, value]) => [camel(name), decode(value)]));

/** A normalisation layer over one batch after another. */
const norm = (name) => ({
  run({ nn, args, tensors, outputs }) {
    const { training, ...options } = args;
    const batches = Object.keys(tensors).filter((role) => /^x\d*$/.test(role)).sort();
    const own = Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].filter((role) => tensors[role]).map((role) => [role, tensors[role]]));
    const module = layer(nn, name, tensors[batches[0]].shape[1], { ...camelKeys(options), affine: 'weight' in own });
    const state = module.stateDict();
    const counter = state.num_batches_tracked ? { num_batches_tracked: state.num_batches_tracked } : {};
    module.loadStateDict({ ...own, ...counter });
    module.train(training);
    const results = Object.fromEntries(batches.map((role) => [role.replace('x', 'y'), module.forward(tensors[role])]));
    for (const role of outputs) if (!(role in results)) results[role] = module.stateDict()[role];
    return { outputs: results, leaves: { weight: module.weight, bias: module.bias } };
  },
});

/** Twelve steps; entry i of an output is the parameter after step i. */
const optimizer = (name) => ({
  run({ nn, args: { overrides = {}, none_steps: none = {}, ...options }, tensors, outputs: roles }) {
    const parameters = Object.fromEntries(roles.map((role) => [role, nn.parameter(tensors[role].clone())]));
    const groups = roles.map((role) => ({ params: [parameters[role]], ...camelKeys(overrides[role] ?? {}) }));
    const optim = new lib[name](Object.keys(overrides).length > 0 ? groups : Object.values(parameters), camelKeys(options));
    const course = Object.fromEntries(roles.map((role) => [role, []]));
    for (let step = 0; step < tensors[`grad_${roles[0]}`].shape[0]; step++) {
      for (const role of roles) parameters[role].grad = none[role]?.includes(step) ? null : tensors[`grad_${role}`].select(0, step);
      optim.step();
      for (const role of roles) course[role].push(parameters[role].detach().clone());
    }
    return { outputs: Object.fromEntries(roles.map((role) => [role, lib.stack(course[role])])) };
  },
});

/** Positional arguments of each schedule; the rest are options. */
const SCHEDULES = { StepLR: ['step_size'], CosineAnnealingLR: ['T_max'] };
const scheduleOption = (name) => (name.startsWith('T_') ? `t${camel(name.slice(1))}` : camel(name));

/** The rates in use at steps 0 to 39. JSON only. */
const scheduler = (name, positional) => ({
  run({ nn, args, testCase }) {
    const rates = [testCase.optimizer.lr].flat();
    const groups = rates.map((lr) => ({ params: [nn.parameter(nn.zeros(1))], lr }));
    const optim = new lib[testCase.optimizer.op](groups, { lr: rates[0] });
    const rest = Object.fromEntries(Object.entries(args).filter(([arg]) => !positional.includes(arg)).map(([arg, value]) => [scheduleOption(arg), value]));
    const schedule = new lib[name](optim, ...positional.map((arg) => args[arg]), ...(Object.keys(rest).length > 0 ? [rest] : []));
    const numbers = { lr: [], lr1: [] };
    for (let step = 0; step < testCase.outputs.lr.length; step++) {
      numbers.lr.push(optim.groups[0].lr);
      if (optim.groups[1]) numbers.lr1.push(optim.groups[1].lr);
      optim.step();
      schedule.step();
    }
    return { numbers };
  },
});

/** Gradients of separate parameters, clipped together. */
const clip = (name, limit) => ({
  run({ nn, args, tensors, outputs }) {
    const roles = Object.keys(tensors);
    const parameters = roles.map((role) => {
      const p = nn.parameter(nn.zeros(...tensors[role].shape));
      p.grad = tensors[role].clone();
      return p;
    });
    const { [limit]: most, ...rest } = camelKeys(args);
    const norm = lib[name](parameters, most, ...(Object.keys(rest).length > 0 ? [rest] : []));
    const found = Object.fromEntries(roles.map((role, i) => [role, parameters[i].grad]));
    if (outputs.includes('total_norm')) found.total_norm = typeof norm === 'number' ? nn.tensor(norm) : norm;
    return { outputs: found };
  },
});

/** How many layers are built to see how far their first weights reach. */
const DRAWS = 100;

/** The bounds that a new layer's weights and biases come near to and never pass. */
const defaults = (name, positional) => ({
  run({ nn, args, testCase: { outputs: expected } }) {
    const rest = camelKeys(Object.fromEntries(Object.entries(args).filter(([arg]) => !positional.includes(arg))));
    const reach = { weight: 0, bias: 0 };
    let shape;
    for (let i = 0; i < DRAWS; i++) {
      const module = layer(nn, name, ...positional.map((arg) => args[arg]), ...(Object.keys(rest).length > 0 ? [rest] : []));
      shape = module.weight.shape;
      for (const role of ['weight', 'bias']) for (const value of module[role]?.dataSync() ?? []) reach[role] = Math.max(reach[role], Math.abs(value));
    }
    const bound = (found, wanted) => (found <= wanted * (1 + 1e-6) && found >= wanted * 0.97 ? wanted : found);
    return {
      numbers: {
        ...expected, weight_shape: shape, weight_bound: bound(reach.weight, expected.weight_bound),
        ...('bias_bound' in expected ? { bias_bound: expected.bias_bound === null && reach.bias === 0 ? null : bound(reach.bias, expected.bias_bound) } : {}),
      },
    };
  },
});

export const MODULES = {
  batch_norm1d: norm('BatchNorm1d'), batch_norm2d: norm('BatchNorm2d'), batch_norm3d: norm('BatchNorm3d'),
  instance_norm1d: norm('InstanceNorm1d'), instance_norm2d: norm('InstanceNorm2d'), instance_norm3d: norm('InstanceNorm3d'),
  ...Object.fromEntries(['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad', 'Adadelta', 'NAdam', 'Adamax'].map((name) => [name, optimizer(name)])),
  ...Object.fromEntries(Object.entries(SCHEDULES).map(([name, positional]) => [name, scheduler(name, positional)])),
  clip_grad_norm_: clip('clipGradNorm_', 'maxNorm'), clip_grad_value_: clip('clipGradValue_', 'clipValue'),
  linear_default: defaults('Linear', ['in_features', 'out_features']),
  conv1d_default: defaults('Conv1d', ['in_channels', 'out_channels', 'kernel_size']),
  conv2d_default: defaults('Conv2d', ['in_channels', 'out_channels', 'kernel_size']),
  conv3d_default: defaults('Conv3d', ['in_channels', 'out_channels', 'kernel_size']),
  conv_transpose2d_default: defaults('ConvTranspose2d', ['in_channels', 'out_channels', 'kernel_size']),
};

