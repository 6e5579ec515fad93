// Series of the history as uPlot wants them: one list of times, in seconds, and gaps as missing values.
import type { Values } from "./model";

/** Puts a missing value between two points that are further apart than a gap: a line over it would claim to know what was. */
export function withGaps(at: number[], values: Values[], gap: number): [number[], ...Values[]] {
  const times: number[] = [];
  const lines: Values[] = values.map(() => []);
  at.forEach((time, i) => {
    if (i > 0 && time - at[i - 1]! > gap) {
      times.push((at[i - 1]! + 1) / 1000);
      for (const line of lines) line.push(null);
    }
    times.push(time / 1000);
    lines.forEach((line, n) => line.push(values[n]![i] ?? null));
  });
  return [times, ...lines];
}

/** The last value that is known. */
export const lastOf = (values: Values): number | undefined => {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null && values[i] !== undefined) return values[i]!;
  return undefined;
};
