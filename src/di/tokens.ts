/**
 * What layers are injected with. Symbols of the global registry, so that two installed copies of the package agree.
 */
export const BACKEND = Symbol.for('convoy/Backend');
export const SPEC = Symbol.for('convoy/Spec');
export const RNG = Symbol.for('convoy/Rng');
