// Sorting a sweep's jobs, and the axes of one override against one metric.
import { rankOf } from "./states";
import type { Metric, SweepJob, SweepPage } from "./model";

// Made once: comparing texts with options makes one for each comparison.
const collator = new Intl.Collator("en", { numeric: true });

/** A column: `job`, `state`, `o:KEY` or `m:METRIC`. */
export type SweepColumn = string;

const own = <T>(of: Record<string, T> | undefined, key: string): T | undefined =>
  of && Object.hasOwn(of, key) ? of[key] : undefined;

export function valueOf(row: SweepJob, column: SweepColumn): Metric | undefined {
  if (column === "job") return row.job;
  if (column === "state") return rankOf(row.status);
  return column.startsWith("o:") ? own(row.overrides, column.slice(2)) : own(row.metrics, column.slice(2));
}

/** The number that a value is, of an override's text too. */
export function numberOf(value: Metric | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export const textOf = (value: Metric | undefined): string =>
  value === undefined ? "" : typeof value === "number" ? short(value) : String(value);

/** A number with as many digits as a reader compares. */
export function short(number: number): string {
  if (Number.isInteger(number) && Math.abs(number) < 1e9) return String(number);
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-4 || size >= 1e9) ? number.toExponential(3) : String(Number(number.toPrecision(6)));
}

/** Rows in the order of a column; those without a value come last in both directions. */
export function sorted(rows: SweepJob[], column: SweepColumn, down: boolean): SweepJob[] {
  const keyed = rows.map((row) => {
    const value = valueOf(row, column);
    return { row, number: numberOf(value), text: value === undefined ? undefined : String(value) };
  });
  const sign = down ? -1 : 1;
  keyed.sort((a, b) => {
    if ((a.text === undefined) !== (b.text === undefined)) return a.text === undefined ? 1 : -1;
    if ((a.number === undefined) !== (b.number === undefined)) return a.number === undefined ? 1 : -1;
    const order =
      a.number !== undefined && b.number !== undefined ? a.number - b.number : collator.compare(a.text ?? "", b.text ?? "");
    return order !== 0 ? sign * order : a.row.job - b.row.job;
  });
  return keyed.map((one) => one.row);
}

export interface Axis {
  /** From a value to a part of the axis, 0 to 1; undefined for what is not on it. */
  place: (value: Metric | undefined) => number | undefined;
  ticks: { at: number; text: string }[];
  isLog: boolean;
}

// Wider than this, all small values would lie on one spot.
const wide = 100;

function numeric(numbers: number[]): Axis {
  const [least, most] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  const isLog = least > 0 && most / least >= wide;
  const scale = isLog ? Math.log10 : (n: number) => n;
  const [from, to] = [scale(least), scale(most)];
  const length = to - from || 1;
  // A single value lies in the middle.
  const at = (number: number) => (to === from ? 0.5 : (scale(number) - from) / length);
  const parts = to === from ? [least] : [0, 0.25, 0.5, 0.75, 1].map((part) => (isLog ? 10 ** (from + part * length) : from + part * length));
  return {
    place: (value) => {
      const number = numberOf(value);
      return number === undefined || (isLog && number <= 0) ? undefined : at(number);
    },
    ticks: parts.map((number) => ({ at: at(number), text: short(Number(number.toPrecision(3))) })),
    isLog,
  };
}

/** An axis of numbers where all values are, linear or logarithmic; else of the values themselves, side by side. */
export function axisOf(rows: SweepJob[], column: SweepColumn): Axis | undefined {
  const values = rows.map((row) => valueOf(row, column)).filter((value) => value !== undefined);
  if (values.length === 0) return undefined;
  const numbers = values.map(numberOf);
  if (numbers.every((number) => number !== undefined)) return numeric(numbers as number[]);
  const words = [...new Set(values.map(String))].sort(collator.compare);
  const places = new Map(words.map((word, i) => [word, words.length === 1 ? 0.5 : i / (words.length - 1)]));
  const at = (word: string) => places.get(word)!;
  // More words than have room are named on hover.
  const every = Math.ceil(words.length / 8);
  return {
    place: (value) => (value === undefined ? undefined : places.get(String(value))),
    ticks: words.filter((_, i) => i % every === 0).map((text) => ({ at: at(text), text })),
    isLog: false,
  };
}

/** Metrics that are numbers in some row: a text such as `NaN` has no place on an axis. */
export const numericMetrics = (page: SweepPage): string[] =>
  page.metrics.filter((name) => page.rows.some((row) => typeof own(row.metrics, name) === "number"));

/** As many points as a browser draws and moves without a pause; more would lie on one another. */
export const mostPoints = 2000;

/** Points that are drawn: all of few; of many the lowest, the highest, the chosen one, and others evenly in their order. */
export function thinned<T>(points: T[], height: (point: T) => number, isChosen: (point: T) => boolean): T[] {
  if (points.length <= mostPoints) return points;
  const kept = new Set<number>();
  let [low, high] = [0, 0];
  points.forEach((point, i) => {
    if (height(point) < height(points[low]!)) low = i;
    if (height(point) > height(points[high]!)) high = i;
    if (isChosen(point)) kept.add(i);
  });
  kept.add(low).add(high);
  const room = mostPoints - kept.size;
  for (let i = 0; i < room; i++) kept.add(Math.floor((i * points.length) / room));
  return points.filter((_, i) => kept.has(i));
}
