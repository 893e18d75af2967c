/**
 * How the ten digits are written: for each a few styles, each a list of strokes, each stroke a polyline.
 * Coordinates are those of a box one wide and one high, y downwards; drawing and distorting is done in digits.ts.
 */

/** x0, y0, x1, y1, … */
export type Stroke = Float64Array;
export type Style = readonly Stroke[];

type Point = readonly [x: number, y: number];

const line = (...points: readonly Point[]): Stroke => Float64Array.from(points.flat());

/** Part of an ellipse; angles in degrees clockwise on the page from three o'clock. About one point in 20°: finer is invisible at 28 pixels. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number): Stroke {
  const steps = Math.ceil(Math.abs(to - from) / 20);
  return Float64Array.from({ length: 2 * (steps + 1) }, (_, i) => {
    const angle = ((from + ((to - from) * (i >> 1)) / steps) * Math.PI) / 180;
    return i % 2 ? cy + ry * Math.sin(angle) : cx + rx * Math.cos(angle);
  });
}

/** A smooth line through the points: the spline of Catmull and Rom 1974, five pieces between neighbours. */
function curve(...points: readonly Point[]): Stroke {
  const out: number[] = [...points[0]];
  for (let p = 1; p < points.length; p++) {
    const [a, b, c, d] = [points[Math.max(0, p - 2)], points[p - 1], points[p], points[Math.min(points.length - 1, p + 1)]];
    for (let step = 1; step <= 5; step++) {
      const t = step / 5;
      for (const axis of [0, 1] as const) {
        out.push(0.5 * (2 * b[axis] + (c[axis] - a[axis]) * t + (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t * t
          + (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t * t * t));
      }
    }
  }
  return Float64Array.from(out);
}

/** Digit → its styles. */
export const STYLES: readonly (readonly Style[])[] = [
  [ // 0: full, narrow, drawn with an overlap at the top
    [arc(0.5, 0.5, 0.42, 0.5, 0, 360)],
    [arc(0.5, 0.5, 0.3, 0.5, 0, 360)],
    [curve([0.62, 0.03], [0.3, 0.06], [0.1, 0.45], [0.22, 0.9], [0.55, 0.99], [0.86, 0.72], [0.86, 0.3], [0.6, 0.02], [0.42, 0.08])],
  ],
  [ // 1: bare, with an upstroke, with an upstroke and a base
    [line([0.5, 0], [0.5, 1])],
    [line([0.28, 0.24], [0.54, 0], [0.54, 1])],
    [line([0.3, 0.22], [0.52, 0], [0.52, 1]), line([0.26, 1], [0.78, 1])],
  ],
  [ // 2: round with a straight base, with a loop at the foot, flat and angular
    [curve([0.1, 0.26], [0.28, 0.04], [0.66, 0.02], [0.86, 0.26], [0.7, 0.55], [0.38, 0.8], [0.1, 1]), line([0.1, 1], [0.92, 1])],
    [curve([0.14, 0.24], [0.36, 0.02], [0.72, 0.04], [0.84, 0.3], [0.66, 0.6], [0.36, 0.9], [0.14, 0.94], [0.16, 0.8], [0.36, 0.8], [0.6, 0.96], [0.94, 0.92])],
    [curve([0.08, 0.14], [0.4, 0], [0.8, 0.1], [0.78, 0.42]), line([0.78, 0.42], [0.08, 0.98], [0.9, 0.96])],
  ],
  [ // 3: two bows, flat top with a slant, two bows with a small knot
    [arc(0.45, 0.26, 0.38, 0.26, 205, 450), arc(0.45, 0.75, 0.44, 0.25, -90, 150)],
    [line([0.12, 0.02], [0.82, 0.02], [0.42, 0.42]), curve([0.42, 0.42], [0.76, 0.48], [0.88, 0.74], [0.6, 0.98], [0.1, 0.92])],
    [curve([0.16, 0.12], [0.48, 0], [0.8, 0.18], [0.66, 0.42], [0.36, 0.5], [0.72, 0.54], [0.88, 0.78], [0.56, 1], [0.12, 0.9])],
  ],
  [ // 4: open, closed, open with a long stem crossing low
    [line([0.2, 0.02], [0.12, 0.56], [0.92, 0.56]), line([0.74, 0.1], [0.72, 1])],
    [line([0.68, 1], [0.68, 0], [0.06, 0.66], [0.96, 0.66])],
    [curve([0.16, 0.04], [0.1, 0.36], [0.24, 0.52], [0.6, 0.5], [0.84, 0.42]), line([0.86, 0.04], [0.78, 0.42], [0.68, 1])],
  ],
  [ // 5: bar, stem and bow; slanted stem and wide bow; in one stroke
    [line([0.88, 0.02], [0.22, 0.02], [0.18, 0.44]), curve([0.18, 0.44], [0.54, 0.34], [0.88, 0.6], [0.7, 0.94], [0.34, 1], [0.08, 0.88])],
    [line([0.3, 0.06], [0.2, 0.42]), curve([0.2, 0.42], [0.6, 0.4], [0.82, 0.66], [0.62, 0.96], [0.1, 0.96]), line([0.3, 0.06], [0.94, 0])],
    [curve([0.9, 0.02], [0.4, 0.04], [0.26, 0.12], [0.2, 0.38], [0.5, 0.46], [0.8, 0.64], [0.7, 0.92], [0.4, 1], [0.12, 0.92])],
  ],
  [ // 6: round, with a straight stem, with a small loop
    [curve([0.78, 0.06], [0.42, 0.12], [0.14, 0.5], [0.2, 0.88], [0.52, 1], [0.84, 0.82], [0.76, 0.54], [0.46, 0.48], [0.18, 0.68])],
    [line([0.62, 0], [0.2, 0.58]), arc(0.48, 0.72, 0.34, 0.27, 205, 565)],
    [curve([0.5, 0], [0.22, 0.34], [0.14, 0.72], [0.34, 0.98], [0.7, 0.94], [0.74, 0.7], [0.5, 0.62], [0.22, 0.82])],
  ],
  [ // 7: bare, crossed, with a hook and a bent stem
    [line([0.08, 0.04], [0.9, 0.04], [0.4, 1])],
    [line([0.08, 0.04], [0.9, 0.04], [0.38, 1]), line([0.32, 0.52], [0.86, 0.48])],
    [line([0.12, 0.2], [0.12, 0.06]), curve([0.12, 0.06], [0.46, 0.08], [0.9, 0], [0.62, 0.42], [0.48, 1])],
  ],
  [ // 8: two rings, in one crossing stroke, a small ring on a large one
    [arc(0.5, 0.25, 0.31, 0.25, 0, 360), arc(0.5, 0.74, 0.4, 0.26, 0, 360)],
    [curve([0.78, 0.14], [0.5, 0], [0.2, 0.16], [0.34, 0.4], [0.68, 0.58], [0.82, 0.82], [0.5, 1], [0.18, 0.84], [0.3, 0.58], [0.66, 0.4], [0.8, 0.14])],
    [arc(0.52, 0.2, 0.24, 0.2, 0, 360), arc(0.48, 0.7, 0.36, 0.3, 0, 360)],
  ],
  [ // 9: ring and straight stem, ring and bow, a stroke like a g
    [arc(0.46, 0.28, 0.34, 0.28, 0, 360), line([0.8, 0.24], [0.74, 1])],
    [curve([0.8, 0.2], [0.46, 0], [0.14, 0.22], [0.26, 0.5], [0.6, 0.5], [0.82, 0.2], [0.84, 0.6], [0.66, 0.94], [0.2, 0.96])],
    [curve([0.78, 0.1], [0.4, 0.02], [0.16, 0.26], [0.34, 0.5], [0.68, 0.4], [0.8, 0.1], [0.68, 0.56], [0.5, 1])],
  ],
];
