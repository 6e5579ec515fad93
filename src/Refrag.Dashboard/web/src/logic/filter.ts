import type { JobRow } from "./model";

// The filter of the table, as people type it: `queue:gpu* state:RUNNING,RUNNABLE tag:team=vision train`. A word without a key is a part of
// the name or the id. Words of one key are alternatives, keys are all required, and a minus before a word excludes.

export const keys = ["state", "queue", "name", "app", "user", "tag", "id", "since"] as const;
export type Key = (typeof keys)[number];

export interface Token {
  key: Key | "text";
  values: string[];
  not: boolean;
}

/** Splits at spaces that are not between double quotes. */
function words(text: string): string[] {
  const found: string[] = [];
  let word = "";
  let quoted = false;
  let some = false;
  for (const one of text) {
    if (one === '"') {
      quoted = !quoted;
      some = true;
    } else if (/\s/.test(one) && !quoted) {
      if (some) found.push(word);
      word = "";
      some = false;
    } else {
      word += one;
      some = true;
    }
  }
  if (some) found.push(word);
  return found;
}

export function parse(text: string): Token[] {
  return words(text).map((word) => {
    const not = word.startsWith("-") && word.length > 1;
    const bare = not ? word.slice(1) : word;
    const colon = bare.indexOf(":");
    const key = colon > 0 ? bare.slice(0, colon).toLowerCase() : "";
    if ((keys as readonly string[]).includes(key)) {
      const rest = bare.slice(colon + 1);
      const values = (key === "tag" ? [rest] : rest.split(",")).filter((value) => value.length > 0);
      return { key: key as Key, values, not };
    }
    return { key: "text", values: [bare], not };
  });
}

const needsQuotes = (value: string) => /\s/.test(value);

export function print(tokens: Token[]): string {
  return tokens
    .filter((token) => token.values.length > 0)
    .map((token) => {
      const body = token.key === "text" ? token.values[0]! : `${token.key}:${token.values.join(",")}`;
      const word = `${token.not ? "-" : ""}${body}`;
      return needsQuotes(word) ? `"${word}"` : word;
    })
    .join(" ");
}

/** Whether a pattern with `*` and `?` matches a whole text; without them it must be equal. Case does not matter. */
export function glob(pattern: string, text: string): boolean {
  const p = pattern.toLowerCase();
  const t = text.toLowerCase();
  let [i, j, star, mark] = [0, 0, -1, 0];
  while (j < t.length) {
    if (p[i] === "*") {
      star = i++;
      mark = j;
    } else if (i < p.length && (p[i] === "?" || p[i] === t[j])) {
      i++;
      j++;
    } else if (star >= 0) {
      i = star + 1;
      j = ++mark;
    } else {
      return false;
    }
  }
  while (p[i] === "*") i++;
  return i === p.length;
}

const units: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

const date = /^(\d{4})-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/**
 * The time that `since:` names: a length before now, or a date; undefined if it is neither. As the command line reads it, a date without a
 * zone is of this machine's, and one without a time its midnight.
 */
export function since(text: string, now: number): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text);
  if (match) return now - Number(match[1]) * units[match[2]!]!;
  const parts = date.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  // A browser takes the 31st of February for a day in March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month > 12) return undefined;
  const at = Date.parse(text.includes("T") ? text : `${text}T00:00`);
  return Number.isNaN(at) ? undefined : at;
}

function tagMatches(row: JobRow, value: string): boolean {
  const equals = value.indexOf("=");
  const [name, wanted] = equals < 0 ? [value, "*"] : [value.slice(0, equals), value.slice(equals + 1)];
  // Of the tags' own keys alone: a tag may be called constructor.
  return Object.entries(row.tags ?? {}).some(([key, has]) => key === name && glob(wanted, has));
}

export const tagOf = (row: JobRow, name: string): string =>
  row.tags && Object.hasOwn(row.tags, name) ? row.tags[name]! : "";

function one(row: JobRow, key: Token["key"], value: string, now: number): boolean {
  switch (key) {
    case "state":
      return value.toLowerCase() === "active"
        ? row.status !== "SUCCEEDED" && row.status !== "FAILED"
        : row.status === value.toUpperCase();
    case "queue":
      return glob(value, row.queue);
    case "name":
      return glob(value, row.name);
    case "app":
    case "user":
      return glob(value, tagOf(row, key));
    case "tag":
      return tagMatches(row, value);
    case "id":
      return row.id.toLowerCase().startsWith(value.toLowerCase());
    case "since": {
      const from = since(value, now);
      return from !== undefined && (row.created ?? 0) >= from;
    }
    case "text":
      return (
        row.name.toLowerCase().includes(value.toLowerCase()) || row.id.toLowerCase().startsWith(value.toLowerCase())
      );
  }
}

const tagged: readonly Token["key"][] = ["app", "user", "tag"];

/** A function that says whether a row is wanted. Whose tags are not read yet is wanted neither by a word about tags nor by its opposite. */
export function matcher(tokens: Token[], now: number): (row: JobRow) => boolean {
  const wanted = new Map<string, Token[]>();
  for (const token of tokens) {
    if (token.values.length === 0) continue;
    // Parts of a name are all required; values of a key are alternatives.
    const group = token.key === "text" || token.key === "tag" || token.not ? `${wanted.size}` : token.key;
    wanted.set(group, [...(wanted.get(group) ?? []), token]);
  }
  const groups = [...wanted.values()];
  return (row) =>
    groups.every((group) => {
      // Of a job that was not described yet no tag is known, and nothing is to be ended because of that.
      if (row.tags === undefined && tagged.includes(group[0]!.key)) return false;
      const any = group.some((token) => token.values.some((value) => one(row, token.key, value, now)));
      return group[0]!.not ? !any : any;
    });
}

/** Adds a value to a key's token, or removes it where it is. */
export function toggle(tokens: Token[], key: Key, value: string): Token[] {
  const at = tokens.findIndex((token) => token.key === key && !token.not);
  if (at < 0) return [...tokens, { key, values: [value], not: false }];
  const old = tokens[at]!;
  const values = old.values.includes(value) ? old.values.filter((v) => v !== value) : [...old.values, value];
  const next = [...tokens];
  if (values.length === 0) next.splice(at, 1);
  else next[at] = { ...old, values };
  return next;
}

/** What may complete the last word of a text, best first. */
export function complete(text: string, rows: Iterable<JobRow>, states: readonly string[]): string[] {
  const last = /(?:^|\s)(-?)(\S*)$/.exec(text)?.[2] ?? "";
  const colon = last.indexOf(":");
  if (colon < 0)
    return keys.filter((key) => key.startsWith(last.toLowerCase())).map((key) => `${key}:`);
  const key = last.slice(0, colon);
  const begun = last.slice(colon + 1).split(",").at(-1)!.toLowerCase();
  const seen = new Map<string, number>();
  const add = (value: string) => value && seen.set(value, (seen.get(value) ?? 0) + 1);
  if (key === "state") for (const state of ["active", ...states]) add(state);
  else if (key === "since") for (const value of ["10m", "1h", "8h", "1d", "7d"]) add(value);
  else
    for (const row of rows) {
      if (key === "queue") add(row.queue);
      else if (key === "name") add(row.name);
      else if (key === "app" || key === "user") add(tagOf(row, key));
      else if (key === "tag") for (const [name, value] of Object.entries(row.tags ?? {})) add(`${name}=${value}`);
      if (seen.size > 500) break;
    }
  const fitting = [...seen].filter(([value]) => value.toLowerCase().startsWith(begun));
  if (key !== "state" && key !== "since") fitting.sort((a, b) => b[1] - a[1]);
  return fitting.slice(0, 12).map(([value]) => value);
}

/** The text with its last word, or its last value, replaced by what was chosen. */
export function accept(text: string, chosen: string): string {
  const match = /^(.*?)(-?)(\S*)$/s.exec(text)!;
  const [before, minus, last] = [match[1]!, match[2]!, match[3]!];
  const colon = last.indexOf(":");
  if (colon < 0) return `${before}${minus}${chosen}`;
  const comma = last.lastIndexOf(",");
  const head = last.slice(0, Math.max(colon, comma) + 1);
  const word = `${minus}${head}${chosen}`;
  return `${before}${/\s/.test(word) ? `"${word}"` : word} `;
}
