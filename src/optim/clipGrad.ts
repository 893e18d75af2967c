/**
 * Limits on gradients, between `backward` and an optimizer's step.
 */
import { div, noGrad, stack } from '../autograd/index.js';
import { ArgumentError, checkFlag, checkOptions, fmt } from '../errors.js';
import { scope } from '../memory/index.js';
import { full, Tensor } from '../tensor/index.js';

export interface ClipGradNormOptions {
  /** p of the norm (Σ|g|ᵖ)^(1/p), default 2; Infinity is the largest |g|, -Infinity the smallest, 0 the number of gradients that are not all 0. */
  normType?: number;
  /** Throw when the norm is NaN or infinite, instead of spreading it; default false. */
  errorIfNonfinite?: boolean;
}

/**
 * Scales all gradients by one factor, in place, so that their norm, taken over all of them together, is at most `maxNorm`.
 * Parameters without a gradient are left out.
 *
 * @param maxNorm at least 0; Infinity only measures
 * @returns the norm before, a scalar; 0 when there is no gradient
 * @throws {ArgumentError} CVY_ARG_VALUE: a negative maxNorm, no parameters; with errorIfNonfinite a norm that is not finite (the
 * gradients are then as they were); CVY_ARG_TYPE
 * @source torch.nn.utils.clip_grad_norm_; Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063
 */
export function clipGradNorm_(parameters: Tensor | Iterable<Tensor>, maxNorm: number, options: ClipGradNormOptions = {}): Tensor {
  const op = 'clipGradNorm_';
  checkOptions(op, options, ['normType', 'errorIfNonfinite']);
  const { normType = 2, errorIfNonfinite = false } = options;
  checkLimit(op, 'maxNorm', maxNorm);
  if (typeof normType !== 'number' || Number.isNaN(normType)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: normType is ${String(normType)} but must be a number, which may be infinite`);
  checkFlag(op, 'errorIfNonfinite', errorIfNonfinite);
  const { first, gradients } = gradientsOf(op, parameters);
  return noGrad(() => scope(() => {
    const norms = gradients.filter((g) => g.numel > 0).map((g) => norm(g.detach(), normType).to(first));
    if (norms.length === 0) return full(first.backend, [], 0, first.dtype);
    const widest = norms.some(({ dtype }) => dtype === 'float64') ? 'float64' : 'float32';
    const total = norm(stack(norms.map((x) => x.to(widest))), normType);
    if (errorIfNonfinite && !Number.isFinite(total.item())) {
      throw new ArgumentError('CVY_ARG_VALUE', `${op}: the norm of ${gradients.length} gradients is ${total.item()} but errorIfNonfinite asks for a finite one (${gradients.map(({ shape }) => fmt(shape)).join(', ')}); try a smaller learning rate`);
    }
    if (maxNorm === Infinity) return total;
    // No branch on the factor: it would wait for a device.
    const factor = div(maxNorm, total.add(1e-6)).clamp(null, 1);
    for (const g of gradients) g.detach().mul_(factor.to(g).to(g.dtype));
    return total;
  }));
}

/**
 * Limits every element of the gradients to [-clipValue, clipValue], in place.
 * @throws {ArgumentError} CVY_ARG_VALUE: a negative clipValue, no parameters; CVY_ARG_TYPE
 * @source torch.nn.utils.clip_grad_value_
 */
export function clipGradValue_(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  checkLimit('clipGradValue_', 'clipValue', clipValue);
  const { gradients } = gradientsOf('clipGradValue_', parameters);
  noGrad(() => scope(() => {
    for (const g of gradients) g.detach().clamp_(-clipValue, clipValue);
  }));
}

function checkLimit(op: string, name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value >= 0)) throw new ArgumentError('CVY_ARG_VALUE', `${op}: ${name} is ${String(value)} but must be a number ≥ 0`);
}

/** Gradients as they are held, which does not count as the user seeing them. */
function gradientsOf(op: string, parameters: Tensor | Iterable<Tensor>): { first: Tensor; gradients: Tensor[] } {
  const list = parameters instanceof Tensor ? [parameters] : typeof parameters?.[Symbol.iterator] === 'function' ? [...parameters] : null;
  const wrong = list?.find((p) => !(p instanceof Tensor));
  if (list === null || wrong !== undefined) {
    throw new ArgumentError('CVY_ARG_TYPE', `${op}: ${list === null ? `the parameters are ${typeof parameters}` : `a parameter is ${typeof wrong}`} but must be tensors; pass model.parameters()`);
  }
  if (list.length === 0) throw new ArgumentError('CVY_ARG_VALUE', `${op}: there are 0 parameters but at least one is required`);
  return { first: list[0], gradients: list.flatMap((p) => p.meta?.grad ?? []) };
}

function norm(x: Tensor, p: number): Tensor {
  if (p === 2) return x.square().sum().sqrt();
  if (p === 0) return x.ne(0).to(x.dtype).sum();
  const size = x.abs();
  if (p === Infinity) return size.max();
  if (p === -Infinity) return size.min();
  return p === 1 ? size.sum() : size.pow(p).sum().pow(1 / p);
}
