// Days of costs as columns, and budgets as bars.
import { parse, print, type Token } from "./filter";
import type { BudgetBar, DayCost } from "./model";

/** Names of the group that all others are. */
export const others = "all others";

export interface Piece {
  key: string;
  /** Which colour; the others have the last. */
  colour: number;
  measured: number;
  assumed: number;
}

export interface Column {
  day: string;
  pieces: Piece[];
}

const oneDay = 24 * 3600 * 1000;

/** All days of a span, those without costs too: a column is as far from the next as its day is. */
export function columnsOf(days: DayCost[], span: string[], keys: string[]): Column[] {
  const [first, last] = [Date.parse(`${span[0]}T00:00:00Z`), Date.parse(`${span[1]}T00:00:00Z`)];
  if (!Number.isFinite(first) || !Number.isFinite(last)) return [];
  const byDay = new Map<string, DayCost[]>();
  for (const one of days) byDay.set(one.day, [...(byDay.get(one.day) ?? []), one]);
  const columns: Column[] = [];
  for (let at = first; at <= last; at += oneDay) {
    const day = new Date(at).toISOString().slice(0, 10);
    const pieces = (byDay.get(day) ?? []).map((one) => {
      const colour = one.key === undefined ? -1 : keys.indexOf(one.key);
      return { key: one.key ?? others, colour: colour < 0 ? keys.length : colour, measured: one.measured, assumed: one.assumed };
    });
    columns.push({ day, pieces: pieces.sort((a, b) => a.colour - b.colour) });
  }
  return columns;
}

/** The filter that shows the jobs of a row and no others; undefined where the language of filters cannot say it. */
export function filterOf(by: string, value: string): string | undefined {
  if (value === "" || /[*?]/.test(value) || by.includes("=")) return undefined;
  const token: Token =
    by === "queue" ? { key: "queue", values: [value], not: false } : { key: "tag", values: [`${by}=${value}`], not: false };
  const text = print([token]);
  const [read, ...rest] = parse(text);
  return rest.length === 0 && read?.key === token.key && read.values.length === 1 && read.values[0] === token.values[0] ? text : undefined;
}

/** Round marks from 0 to at least `most`, few of them. */
export function marks(most: number, count = 4): number[] {
  if (!(most > 0)) return [0];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough)!;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

export type Burn = "within" | "ahead" | "above";

/** How a budget stands: taken above it, forecast above it, or within. */
export const burnOf = (one: BudgetBar): Burn => {
  const taken = one.measured + one.assumed + one.running + one.waiting;
  return taken > one.usd ? "above" : one.forecast > one.usd ? "ahead" : "within";
};
