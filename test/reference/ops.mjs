/**
 * PyTorch's operations, by its names, as calls of Convoy. To add one, add a line: the roles of its tensors in PyTorch's order,
 * and what to call. Operations that are more than one call are in normalization.mjs and special.mjs.
 */
import { decode } from './data.mjs';
import { allTaken, known, lib, NotBuilt } from './library.mjs';

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** Options under Convoy's names, without those in `taken`. */
function options(args, taken) {
  const rest = Object.entries(args).filter(([name]) => !taken.includes(name)).map(([name, value]) => [camel(name), decode(value)]);
  return rest.length > 0 ? [Object.fromEntries(rest)] : [];
}

/** An operation of these roles computed by `run(tensors by role, args)`. A role that ends in * takes x0, x1, …. */
const op = (roles, run) => ({ roles, run });
/** A function of the tensors, then of the arguments named, then of the remaining arguments as options. */
const call = (roles, name, ...positional) => op(roles, (t, args) =>
  lib[name](...roles.map((role) => t[role] ?? null), ...positional.map((arg) => decode(args[arg])), ...options(args, positional)));
/** A function of the tensors alone. */
const bare = (roles, name) => op(roles, (t) => lib[name](...roles.map((role) => t[role] ?? null)));
/** The same as call where tensors other than the first are options. */
const withOptions = (roles, own, name, ...positional) => op([...roles, ...own], (t, args) => {
  const tensors = own.filter((role) => t[role] !== undefined).map((role) => [camel(role), t[role]]);
  const given = Object.assign({}, ...options(args, positional), Object.fromEntries(tensors));
  return lib[name](...roles.map((role) => t[role]), ...positional.map((arg) => decode(args[arg])), ...(Object.keys(given).length > 0 ? [given] : []));
});
/** A function of x and further arguments in this order; those absent at the end are left out. */
const plain = (name, ...positional) => op(['x'], (t, args) => {
  known(name, args, positional);
  const values = positional.map((arg) => decode(args[arg]));
  while (values.length > 0 && values.at(-1) === undefined) values.pop();
  return lib[name](t.x, ...values);
});
/** a and b, or a and the number `other`. */
const binary = (name, ...own) => op(['a', 'b'], (t, args) => {
  known(name, args, ['other', ...own]);
  return lib[name](t.a, t.b ?? args.other, ...options(args, ['other']));
});
/** x0, x1, … */
const many = (run) => op(['x*'], (t, args) => {
  const list = [];
  while (t[`x${list.length}`] !== undefined) list.push(t[`x${list.length}`]);
  return run(list, args);
});
const pooling = (name) => op(['x'], (t, args) => {
  const { kernel_size: size, return_indices: both = false, ...rest } = args;
  const result = lib[name](t.x, size, ...options({ ...rest, ...(both ? { return_indices: true } : {}) }, []));
  return both ? { y: result[0], indices: result[1] } : result;
});
/** Pooling to a size, or back from the maxima. */
const toSize = (name, ...positional) => op(['x'], (t, { return_indices: both = false, ...args }) => {
  const rest = options({ ...args, ...(both ? { return_indices: true } : {}) }, positional);
  const result = lib[name](t.x, ...positional.map((arg) => decode(args[arg])), ...rest);
  return both ? { y: result[0], indices: result[1] } : result;
});
const both = ({ values, indices }) => ({ y: values, indices });
const extreme = (name) => op(['x'], (t, { dim, keepdim }) => {
  if (dim === undefined || dim === null) return lib[name](t.x);
  const { values, indices } = lib[name](t.x, dim, keepdim);
  return { y: values, indices };
});

export const OPS = {
  conv1d: call(['x', 'weight', 'bias'], 'conv1d'),
  conv2d: call(['x', 'weight', 'bias'], 'conv2d'),
  conv3d: call(['x', 'weight', 'bias'], 'conv3d'),
  conv_transpose1d: call(['x', 'weight', 'bias'], 'convTranspose1d'),
  conv_transpose2d: call(['x', 'weight', 'bias'], 'convTranspose2d'),
  conv_transpose3d: call(['x', 'weight', 'bias'], 'convTranspose3d'),
  corr2d: bare(['x', 'kernel'], 'corr2d'),
  linear: bare(['x', 'weight', 'bias'], 'linear'),
  bilinear: bare(['x1', 'x2', 'weight', 'bias'], 'bilinear'),
  embedding: call(['indices', 'weight'], 'embedding'),
  layer_norm: op(['x', 'weight', 'bias'], (t, { normalized_shape: shape, ...rest }) => lib.layerNorm(t.x, shape, t.weight ?? null, t.bias ?? null, ...options(rest, []))),
  group_norm: op(['x', 'weight', 'bias'], (t, { num_groups: groups, ...rest }) => lib.groupNorm(t.x, groups, t.weight ?? null, t.bias ?? null, ...options(rest, []))),
  local_response_norm: op(['x'], (t, { size, ...rest }) => lib.localResponseNorm(t.x, size, ...options(rest, []))),
  pad: op(['x'], (t, { pad, ...rest }) => lib.pad(t.x, pad, ...options(rest, []))),

  max_pool1d: pooling('maxPool1d'), max_pool2d: pooling('maxPool2d'), max_pool3d: pooling('maxPool3d'),
  avg_pool1d: pooling('avgPool1d'), avg_pool2d: pooling('avgPool2d'), avg_pool3d: pooling('avgPool3d'),
  max_unpool1d: call(['x', 'indices'], 'maxUnpool1d', 'kernel_size'), max_unpool2d: call(['x', 'indices'], 'maxUnpool2d', 'kernel_size'),
  max_unpool3d: call(['x', 'indices'], 'maxUnpool3d', 'kernel_size'),
  lp_pool1d: toSize('lpPool1d', 'norm_type', 'kernel_size'), lp_pool2d: toSize('lpPool2d', 'norm_type', 'kernel_size'), lp_pool3d: toSize('lpPool3d', 'norm_type', 'kernel_size'),
  adaptive_avg_pool1d: plain('adaptiveAvgPool1d', 'output_size'), adaptive_avg_pool2d: plain('adaptiveAvgPool2d', 'output_size'),
  adaptive_avg_pool3d: plain('adaptiveAvgPool3d', 'output_size'),
  adaptive_max_pool1d: toSize('adaptiveMaxPool1d', 'output_size'), adaptive_max_pool2d: toSize('adaptiveMaxPool2d', 'output_size'),
  adaptive_max_pool3d: toSize('adaptiveMaxPool3d', 'output_size'),
  interpolate: call(['x'], 'interpolate'),
  unfold: call(['x'], 'unfold', 'kernel_size'), fold: call(['x'], 'fold', 'output_size', 'kernel_size'),
  pixel_shuffle: plain('pixelShuffle', 'upscale_factor'), pixel_unshuffle: plain('pixelUnshuffle', 'downscale_factor'),
  channel_shuffle: plain('channelShuffle', 'groups'),

  relu: plain('relu'), sigmoid: plain('sigmoid'), tanh: plain('tanh'), leaky_relu: plain('leakyRelu', 'negative_slope'),
  softplus: plain('softplus', 'beta', 'threshold'),
  elu: plain('elu', 'alpha'), selu: plain('selu'), celu: plain('celu', 'alpha'), gelu: plain('gelu', 'approximate'), silu: plain('silu'), mish: plain('mish'),
  hardswish: plain('hardswish'), hardsigmoid: plain('hardsigmoid'), hardtanh: plain('hardtanh', 'min_val', 'max_val'), relu6: plain('relu6'),
  hardshrink: plain('hardshrink', 'lambd'), softshrink: plain('softshrink', 'lambd'), tanhshrink: plain('tanhshrink'), logsigmoid: plain('logSigmoid'),
  softsign: plain('softsign'), softmin: plain('softmin', 'dim'), threshold: plain('threshold', 'threshold', 'value'), glu: plain('glu', 'dim'),
  prelu: bare(['x', 'weight'], 'prelu'),
  softmax: plain('softmax', 'dim'), log_softmax: plain('logSoftmax', 'dim'),

  cross_entropy: withOptions(['input', 'target'], ['weight'], 'crossEntropy'),
  nll_loss: withOptions(['input', 'target'], ['weight'], 'nllLoss'),
  mse_loss: call(['input', 'target'], 'mseLoss'), l1_loss: call(['input', 'target'], 'l1Loss'), smooth_l1_loss: call(['input', 'target'], 'smoothL1Loss'),
  huber_loss: call(['input', 'target'], 'huberLoss'), kl_div: call(['input', 'target'], 'klDiv'), poisson_nll_loss: call(['input', 'target'], 'poissonNllLoss'),
  gaussian_nll_loss: call(['input', 'target', 'var'], 'gaussianNllLoss'), soft_margin_loss: call(['input', 'target'], 'softMarginLoss'),
  binary_cross_entropy: withOptions(['input', 'target'], ['weight'], 'binaryCrossEntropy'),
  binary_cross_entropy_with_logits: withOptions(['input', 'target'], ['weight', 'pos_weight'], 'binaryCrossEntropyWithLogits'),
  multilabel_soft_margin_loss: withOptions(['input', 'target'], ['weight'], 'multilabelSoftMarginLoss'),
  multi_margin_loss: withOptions(['input', 'target'], ['weight'], 'multiMarginLoss'),
  hinge_embedding_loss: call(['input', 'target'], 'hingeEmbeddingLoss'), margin_ranking_loss: call(['input1', 'input2', 'target'], 'marginRankingLoss'),
  cosine_embedding_loss: call(['input1', 'input2', 'target'], 'cosineEmbeddingLoss'),
  triplet_margin_loss: call(['anchor', 'positive', 'negative'], 'tripletMarginLoss'),
  cosine_similarity: call(['x1', 'x2'], 'cosineSimilarity'), pairwise_distance: call(['x1', 'x2'], 'pairwiseDistance'),

  add: binary('add', 'alpha'), sub: binary('sub', 'alpha'), mul: binary('mul'), div: binary('div', 'rounding_mode'), pow: binary('pow'),
  maximum: binary('maximum'), minimum: binary('minimum'),
  scalar_sub: op(['x'], (t, { minuend }) => lib.sub(minuend, t.x)),
  scalar_div: op(['x'], (t, { numerator }) => lib.div(numerator, t.x)),
  scalar_pow: op(['x'], (t, { base }) => lib.pow(base, t.x)),

  exp: plain('exp'), log: plain('log'), sqrt: plain('sqrt'), sin: plain('sin'), cos: plain('cos'), erf: plain('erf'),
  abs: plain('abs'), neg: plain('neg'), square: plain('square'), clamp: plain('clamp', 'min', 'max'),

  ...Object.fromEntries([
    'sign', 'round', 'floor', 'ceil', 'trunc', 'frac', 'log1p', 'expm1', 'exp2', 'log2', 'log10', 'rsqrt', 'reciprocal', 'tan', 'sinh', 'cosh', 'asinh', 'acosh', 'atanh',
    'asin', 'acos', 'atan',
  ].map((name) => [name, plain(name)])),
  atan2: binary('atan2'), remainder: binary('remainder'), fmod: binary('fmod'), floor_divide: binary('floorDivide'), hypot: binary('hypot'), logaddexp: binary('logaddexp'),
  eq: binary('eq'), ne: binary('ne'), lt: binary('lt'), le: binary('le'), gt: binary('gt'), ge: binary('ge'),

  matmul: bare(['a', 'b'], 'matmul'), mm: bare(['a', 'b'], 'mm'), bmm: bare(['a', 'b'], 'bmm'), mv: bare(['a', 'b'], 'mv'), dot: bare(['a', 'b'], 'dot'), outer: bare(['a', 'b'], 'outer'),
  addmm: call(['input', 'a', 'b'], 'addmm'),
  einsum: many((list, { equation }) => lib.einsum(equation, ...list)),

  sum: plain('sum', 'dim', 'keepdim'), mean: plain('mean', 'dim', 'keepdim'), prod: plain('prod', 'dim', 'keepdim'),
  var: op(['x'], (t, { dim, keepdim = false, unbiased = true }) => lib.variance(t.x, dim, { keepdim, correction: unbiased ? 1 : 0 })),
  max: extreme('max'), min: extreme('min'),
  argmax: plain('argmax', 'dim', 'keepdim'), argmin: plain('argmin', 'dim', 'keepdim'),
  cumsum: plain('cumsum', 'dim'), cumprod: plain('cumprod', 'dim'), logsumexp: plain('logsumexp', 'dim', 'keepdim'), amax: plain('amax', 'dim', 'keepdim'), amin: plain('amin', 'dim', 'keepdim'),
  std: op(['x'], (t, { dim, keepdim = false, unbiased = true }) => lib.std(t.x, dim, { keepdim, correction: unbiased ? 1 : 0 })),
  norm: plain('norm', 'p', 'dim', 'keepdim'),
  sort: op(['x'], (t, { dim, ...rest }) => both(lib.sort(t.x, dim, ...options(rest, [])))),
  argsort: op(['x'], (t, { dim, ...rest }) => lib.argsort(t.x, dim, ...options(rest, []))),
  topk: op(['x'], (t, { k, dim, ...rest }) => both(lib.topk(t.x, k, dim, ...options(rest, [])))),

  transpose: plain('transpose', 'dim0', 'dim1'), permute: plain('permute', 'dims'), reshape: plain('reshape', 'shape'),
  flatten: op(['x'], (t, args) => t.x.flatten(args.start_dim, args.end_dim)),
  expand: plain('expand', 'shape'), split: plain('split', 'split_size', 'dim'), chunk: plain('chunk', 'chunks', 'dim'),
  slice: op(['x'], (t, { slices }) => lib.slice(t.x, ...slices)),
  cat: many((list, { dim }) => lib.cat(list, dim)), stack: many((list, { dim }) => lib.stack(list, dim)),
  squeeze: plain('squeeze', 'dim'), unsqueeze: plain('unsqueeze', 'dim'), narrow: plain('narrow', 'dim', 'start', 'length'), select: plain('select', 'dim', 'index'),
  flip: plain('flip', 'dims'), roll: plain('roll', 'shifts', 'dims'), repeat: plain('repeat', 'repeats'), tile: plain('tile', 'dims'),
  repeat_interleave: plain('repeatInterleave', 'repeats', 'dim'), movedim: plain('movedim', 'source', 'destination'), unbind: plain('unbind', 'dim'),
  unflatten: plain('unflatten', 'dim', 'sizes'), diagonal: plain('diagonal', 'offset', 'dim1', 'dim2'), diag: plain('diag', 'diagonal'),
  tril: plain('tril', 'diagonal'), triu: plain('triu', 'diagonal'),
  detach: plain('detach'),

  index_select: op(['x', 'index'], (t, { dim }) => lib.indexSelect(t.x, dim, t.index)),
  gather: op(['x', 'index'], (t, { dim }) => lib.gather(t.x, dim, t.index)),
  scatter: op(['x', 'index', 'src'], (t, { dim, value }) => lib.scatter(t.x, dim, t.index, t.src ?? decode(value))),
  scatter_add: op(['x', 'index', 'src'], (t, { dim }) => lib.scatterAdd(t.x, dim, t.index, t.src)),
  index_add: op(['x', 'index', 'source'], (t, { dim, ...rest }) => lib.indexAdd(t.x, dim, t.index, t.source, ...options(rest, []))),
  take_along_dim: op(['x', 'index'], (t, { dim }) => lib.takeAlongDim(t.x, t.index, dim)),
  masked_select: op(['x', 'mask'], (t) => lib.maskedSelect(t.x, t.mask.to('bool'))),
  masked_fill: op(['x', 'mask'], (t, { value }) => lib.maskedFill(t.x, t.mask.to('bool'), decode(value))),
  where: op(['cond', 'a', 'b'], (t) => lib.where(t.cond.to('bool'), t.a, t.b)),
};

/** An operation of the table, on tensors by role; the results by role: y, or y0, y1, … of a sequence. */
export function apply(name, tensors, args) {
  const found = OPS[name];
  if (!found) throw new NotBuilt(`no adapter for ${name}`);
  const result = allTaken(name, [tensors, args], found.run);
  if (result instanceof lib.Tensor) return { y: result };
  return Array.isArray(result) ? Object.fromEntries(result.map((part, i) => [`y${i}`, part])) : result;
}

/** The operands of a program's step, in the order of the operation's roles, by role. */
export function roles(name, operands) {
  const found = OPS[name];
  if (!found) throw new NotBuilt(`no adapter for ${name}`);
  return Object.fromEntries(operands.map((tensor, i) => [found.roles[0] === 'x*' ? `x${i}` : found.roles[i] ?? `operand ${i}`, tensor]));
}
