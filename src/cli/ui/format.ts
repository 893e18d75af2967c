/** Numbers as people read them. No colour, no alignment. */

/** 12,345 */
export const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** 97.31 % */
export const percent = (fraction: number, digits = 2): string => `${(100 * fraction).toFixed(digits)} %`;

/** 0.0312, and 1.2e-7 where that would show as 0.0000. */
export const decimal = (n: number): string => (n !== 0 && Math.abs(n) < 5e-4 ? n.toExponential(1) : n.toFixed(4));

/** 0:07, 12:03 or 1:02:03. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-:--';
  const s = Math.max(0, Math.round(seconds));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** 9.9 MB (10⁶ bytes). */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
