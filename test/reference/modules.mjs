/** Cases that need more than a function: layers with running statistics, optimizers, schedules, clipping, first weights. */
import { decode } from './data.mjs';
import { known, layer, lib } from './library.mjs';

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
const SCHEDULES = {
  StepLR: ['step_size'], MultiStepLR: ['milestones'], ConstantLR: [], LinearLR: [], ExponentialLR: ['gamma'], PolynomialLR: [],
  CosineAnnealingLR: ['T_max'], CosineAnnealingWarmRestarts: ['T_0'], OneCycleLR: ['max_lr'], CyclicLR: ['base_lr', 'max_lr'],
  ReduceLROnPlateau: [], LambdaLR: ['lr_lambda'], MultiplicativeLR: ['lr_lambda'], SequentialLR: ['schedulers', 'milestones'], ChainedScheduler: ['schedulers'],
};
/** Those that have no options. */
const BARE = ['ExponentialLR', 'LambdaLR', 'MultiplicativeLR', 'SequentialLR', 'ChainedScheduler'];
const scheduleOption = (name) => name.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The functions that LambdaLR and MultiplicativeLR take, by the data's names. */
const LAMBDAS = {
  warmup: ({ steps }) => (t) => Math.min(1, (t + 1) / steps),
  warmup_inverse_sqrt: ({ steps }) => (t) => Math.min((t + 1) / steps, Math.sqrt(steps / (t + 1))),
  warmup_cosine: ({ steps, total }) => (t) => (t < steps ? (t + 1) / steps : (1 + Math.cos((Math.PI * (t - steps)) / (total - steps))) / 2),
  power: ({ base }) => (t) => base ** t,
  constant: ({ base }) => () => base,
  inverse: ({ base }) => (t) => 1 / (1 + base * t),
};

function buildSchedule(optim, name, args) {
  const values = {
    ...args,
    ...(args.lr_lambda ? { lr_lambda: LAMBDAS[args.lr_lambda.kind](args.lr_lambda) } : {}),
    ...(args.schedulers ? { schedulers: args.schedulers.map((part) => buildSchedule(optim, part.op, part.args)) } : {}),
  };
  const positional = SCHEDULES[name];
  if (BARE.includes(name)) known(name, args, positional);
  const rest = Object.fromEntries(Object.entries(values).filter(([arg, value]) => !positional.includes(arg) && value !== null).map(([arg, value]) => [scheduleOption(arg), value]));
  const first = name === 'ChainedScheduler' ? [] : [optim];
  return new lib[name](...first, ...positional.map((arg) => values[arg]), ...(Object.keys(rest).length > 0 ? [rest] : []));
}

/** The rates in use at steps 0 to 39. JSON only. */
const scheduler = (name) => ({
  run({ nn, args, testCase }) {
    const { op, lr, ...options } = testCase.optimizer;
    const rates = [lr].flat();
    const groups = rates.map((rate) => ({ params: [nn.parameter(nn.zeros(1))], lr: rate }));
    const optim = new lib[op](groups, { lr: rates[0], ...camelKeys(options) });
    const schedule = buildSchedule(optim, name, args);
    const numbers = { lr: [], lr1: [], momentum: [] };
    for (let step = 0; step < testCase.outputs.lr.length; step++) {
      const [first, second] = optim.groups;
      numbers.lr.push(first.lr);
      if (second) numbers.lr1.push(second.lr);
      numbers.momentum.push(first.momentum ?? first.betas?.[0]);
      optim.step();
      const metric = testCase.inputs?.metric;
      if (metric) schedule.step(metric[step]);
      else if (step + 1 < testCase.outputs.lr.length) schedule.step();
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
    if (name === 'clipGradValue_') known(name, rest, []);
    const norm = lib[name](parameters, most, ...(Object.keys(rest).length > 0 ? [rest] : []));
    const found = Object.fromEntries(roles.map((role, i) => [role, parameters[i].grad]));
    if (outputs.includes('total_norm')) found.total_norm = typeof norm === 'number' ? nn.tensor(norm) : norm;
    return { outputs: found };
  },
});

/** How many layers are built to see how far their first weights reach. */
const DRAWS = 400;

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

/** So many numbers together that mean, deviation and extent can be told from those that are expected. */
function drawn(nn, name, shape, options) {
  const weight = nn.zeros(...shape);
  const values = new Float64Array(Math.ceil(100_000 / weight.numel) * weight.numel);
  for (let at = 0; at < values.length; at += weight.numel) values.set(lib.init[name](weight, { ...options, rng: nn.rng }).dataSync(), at);
  return values;
}

const meanOf = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const stdOf = (values, mean) => Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
/** What was expected where the draws bear it out, else what they show. */
const borneOut = (found, wanted, tolerance) => (Math.abs(found - wanted) <= tolerance ? wanted : found);

/** Fans, gain, deviation and, of a uniform distribution, how far it reaches. */
const spread = (name) => ({
  run({ nn, args: { shape, ...args }, testCase: { outputs: expected } }) {
    const options = camelKeys(args);
    const values = drawn(nn, camel(name), shape, options);
    const [fanIn, fanOut] = lib.init.calculateFanInAndFanOut(nn.zeros(...shape));
    const reach = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // A normal distribution of thousands of draws reaches well beyond a uniform one of the same deviation.
    const uniform = reach < expected.std * Math.sqrt(3) * (1 + 1e-6);
    return {
      numbers: {
        fan_in: fanIn, fan_out: fanOut,
        gain: name.startsWith('kaiming') ? lib.init.calculateGain(options.nonlinearity ?? 'leaky_relu', options.a ?? 0) : options.gain ?? 1,
        std: borneOut(stdOf(values, 0), expected.std, 0.02 * expected.std),
        bound: uniform ? borneOut(reach, expected.bound ?? NaN, 0.03 * reach) : null,
      },
    };
  },
});

const truncated = {
  run({ nn, args: { shape, ...args }, testCase: { outputs: { mean, std, low, high } } }) {
    const values = drawn(nn, 'truncNormal_', shape, args);
    const found = meanOf(values);
    const [least, most] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
    const edge = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
    return {
      numbers: {
        mean: borneOut(found, mean, 0.02 * std), std: borneOut(stdOf(values, found), std, 0.02 * std),
        low: least >= low - edge ? low : least, high: most <= high + edge ? high : most,
      },
    };
  },
};

/** Rows, or columns where they are fewer, of length `gain` and at right angles. */
const orthogonal = {
  run({ nn, args: { shape, ...options } }) {
    const gain = options.gain ?? 1;
    const matrix = lib.init.orthogonal_(nn.zeros(...shape), { ...options, rng: nn.rng }).flatten(1);
    const [rows, cols] = matrix.shape;
    const gram = rows <= cols ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
    const off = gram.sub(nn.eye(gram.shape[0]).mul(gain ** 2)).abs().max().item();
    return { numbers: { rows, cols, gain: borneOut(Math.sqrt(gain ** 2 + off), gain, 1e-5 * gain), orthonormal: rows <= cols ? 'rows' : 'columns' } };
  },
};

const gain = { run: ({ args: { nonlinearity, param } }) => ({ numbers: { gain: lib.init.calculateGain(nonlinearity, param ?? undefined) } }) };

export const MODULES = {
  batch_norm1d: norm('BatchNorm1d'), batch_norm2d: norm('BatchNorm2d'), batch_norm3d: norm('BatchNorm3d'),
  instance_norm1d: norm('InstanceNorm1d'), instance_norm2d: norm('InstanceNorm2d'), instance_norm3d: norm('InstanceNorm3d'),
  ...Object.fromEntries(['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adagrad', 'Adadelta', 'NAdam', 'Adamax'].map((name) => [name, optimizer(name)])),
  ...Object.fromEntries(Object.keys(SCHEDULES).map((name) => [name, scheduler(name)])),
  clip_grad_norm_: clip('clipGradNorm_', 'maxNorm'), clip_grad_value_: clip('clipGradValue_', 'clipValue'),
  ...Object.fromEntries(['xavier_uniform_', 'xavier_normal_', 'kaiming_uniform_', 'kaiming_normal_'].map((name) => [name, spread(name)])),
  trunc_normal_: truncated, orthogonal_: orthogonal, calculate_gain: gain,
  linear_default: defaults('Linear', ['in_features', 'out_features']),
  conv1d_default: defaults('Conv1d', ['in_channels', 'out_channels', 'kernel_size']),
  conv2d_default: defaults('Conv2d', ['in_channels', 'out_channels', 'kernel_size']),
  conv3d_default: defaults('Conv3d', ['in_channels', 'out_channels', 'kernel_size']),
  conv_transpose2d_default: defaults('ConvTranspose2d', ['in_channels', 'out_channels', 'kernel_size']),
};

