/**
 * Receptive fields as arithmetic: which interval of the input each element of a map sees, composed window by window. It knows
 * neither layers (fieldRules.ts) nor models (receptiveField.ts).
 */

/** What output element `o` of a layer reads, for any integer `o`: the indices from first to last, every `step`-th; none where first > last. */
export type Window = (o: number) => readonly [first: number, last: number, step?: number];

/** First and last input index that element `o` sees; first > last where it sees nothing. */
type Span = (o: number) => readonly [first: number, last: number];

/** One spatial axis of a map. */
export interface FieldAxis {
  /** Elements along it. */
  readonly size: number;
  /** How far the field moves from one element to the next, in input elements; 0 where all see the same. */
  readonly stride: number;
  /** In input elements, padding included: as if the input went on beyond its borders. */
  readonly whole: Span;
  /** The same with nothing beyond the borders of the input and of every map between. */
  readonly seen: Span;
}

export interface Field {
  readonly axes: readonly FieldAxis[];
  /** Whether the elements were laid in a row (Flatten), so that they have no neighbours any more. */
  readonly flat: boolean;
}

const NOTHING = [Infinity, -Infinity] as const;

/** The field of the input itself. */
export const inputField = (sizes: readonly number[]): Field => ({
  axes: sizes.map((size) => ({ size, stride: 1, whole: (o) => [o, o], seen: (o) => [o, o] })),
  flat: false,
});

/** What the elements that a window reads see together, those outside of `low` to `high` left out. Not only at its ends: between them may lie one that sees farther. */
function union(span: Span, [first, last, step = 1]: ReturnType<Window>, low: number, high: number): readonly [number, number] {
  let [from, to]: [number, number] = [...NOTHING];
  for (let o = first; o <= last; o += step) {
    if (o < low || o > high) continue;
    const [a, b] = span(o);
    if (a > b) continue;
    from = Math.min(from, a);
    to = Math.max(to, b);
  }
  return [from, to];
}

/** Without it a chain of n layers would cost the product of their kernel sizes. */
function memo(span: Span): Span {
  const known = new Map<number, readonly [number, number]>();
  return (o) => {
    let found = known.get(o);
    if (found === undefined) known.set(o, (found = span(o)));
    return found;
  };
}

/** The axis behind a layer of `size` outputs, of which each reads `window` of this axis; `stride` is the layer's own. */
export const through = (axis: FieldAxis, size: number, stride: number, window: Window): FieldAxis => ({
  size,
  stride: axis.stride * stride,
  whole: memo((o) => union(axis.whole, window(o), -Infinity, Infinity)),
  seen: memo((o) => union(axis.seen, window(o), 0, axis.size - 1)),
});

/** The axis behind a layer of `size` outputs that all see all of this axis. */
export const across = (axis: FieldAxis, size: number): FieldAxis => through(axis, size, 0, () => [0, axis.size - 1]);

/**
 * The axis of a sum, product, … of two maps, or null where they do not lie on top of each other: unequal sizes or strides. One that
 * sees the same everywhere (as behind a global pooling) fits any.
 */
export function together(a: FieldAxis, b: FieldAxis): FieldAxis | null {
  if (a.size !== b.size && a.size !== 1 && b.size !== 1) return null;
  if (a.stride !== b.stride && a.stride !== 0 && b.stride !== 0) return null;
  const both = (of: (axis: FieldAxis) => Span): Span => {
    const [x, y] = [a, b].map((axis): Span => (axis.size === 1 ? () => of(axis)(0) : of(axis)));
    return memo((o) => {
      const [[a0, a1], [b0, b1]] = [x(o), y(o)];
      return [Math.min(a0, b0), Math.max(a1, b1)];
    });
  };
  return { size: Math.max(a.size, b.size), stride: Math.min(a.stride, b.stride), whole: both((axis) => axis.whole), seen: both((axis) => axis.seen) };
}

/** Largest extent of any element, and where the first begins. */
export function extent({ size, whole }: FieldAxis): { size: number; start: number } {
  let most = 0;
  let start: number | null = null;
  for (let o = 0; o < size; o++) {
    const [first, last] = whole(o);
    if (first > last) continue;
    start ??= first;
    most = Math.max(most, last - first + 1);
  }
  return { size: most, start: start ?? 0 };
}
