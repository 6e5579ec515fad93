import { tagOf } from "./filter";
import type { JobRow } from "./model";
import { rankOf } from "./states";

// From rows to the lines of the table: sorted, perhaps under the heads of groups, which can be folded.

export type Column = "state" | "name" | "queue" | "created" | "ran" | "attempts" | "needs";

export interface Sort {
  column: Column;
  down: boolean;
}

export const defaultSort: Sort = { column: "created", down: true };

export function readSort(text: string | undefined): Sort {
  if (!text) return defaultSort;
  const down = text.startsWith("-");
  const column = down ? text.slice(1) : text;
  return ["state", "name", "queue", "created", "ran", "attempts", "needs"].includes(column)
    ? { column: column as Column, down }
    : defaultSort;
}

export const writeSort = (sort: Sort): string | undefined =>
  sort.column === defaultSort.column && sort.down === defaultSort.down
    ? undefined
    : `${sort.down ? "-" : ""}${sort.column}`;

export interface Group {
  kind: "group";
  key: string;
  total: number;
  counts: Record<string, number>;
  open: boolean;
}

export interface Line {
  kind: "job";
  row: JobRow;
}

/** How long a job ran, or runs; how long it waits if it has not started. */
export function span(row: JobRow, now: number): number {
  if (row.started !== undefined && (row.stopped !== undefined || row.status === "RUNNING"))
    return (row.stopped ?? now) - row.started;
  return row.stopped !== undefined ? 0 : now - (row.created ?? now);
}

const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compare(column: Column, now: number): (a: JobRow, b: JobRow) => number {
  switch (column) {
    case "state":
      return (a, b) => rankOf(a.status) - rankOf(b.status);
    case "name":
      return (a, b) => text(a.name, b.name);
    case "queue":
      return (a, b) => text(a.queue, b.queue);
    case "created":
      return (a, b) => (a.created ?? 0) - (b.created ?? 0);
    case "ran":
      return (a, b) => span(a, now) - span(b, now);
    case "attempts":
      return (a, b) => (a.attempts ?? 0) - (b.attempts ?? 0) || (a.lost ?? 0) - (b.lost ?? 0);
    case "needs":
      return (a, b) =>
        (a.gpus ?? 0) - (b.gpus ?? 0) || (a.milliVcpus ?? 0) - (b.milliVcpus ?? 0) || (a.memoryMiB ?? 0) - (b.memoryMiB ?? 0);
  }
}

export function sorted(rows: JobRow[], sort: Sort, now: number): JobRow[] {
  const by = compare(sort.column, now);
  const sign = sort.down ? -1 : 1;
  // The id decides, so that equal rows do not change places.
  return rows.sort((a, b) => sign * by(a, b) || text(a.id, b.id));
}

/** What a row is grouped by: a column, or `tag:NAME`. */
export function keyOf(row: JobRow, by: string): string {
  if (by.startsWith("tag:")) return tagOf(row, by.slice(4)) || "(none)";
  switch (by) {
    case "state":
      return row.status;
    case "queue":
      return row.queue;
    case "name":
      return row.name;
    case "app":
    case "user":
      return tagOf(row, by) || "(none)";
    default:
      return "";
  }
}

/** The lines of the table. Groups are largest first, states in their order. */
export function lines(rows: JobRow[], by: string | undefined, open: ReadonlySet<string>): (Group | Line)[] {
  if (!by) return rows.map((row) => ({ kind: "job", row }));
  const groups = new Map<string, JobRow[]>();
  for (const row of rows) {
    const key = keyOf(row, by);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const ordered = [...groups].sort(([a, x], [b, y]) =>
    by === "state" ? rankOf(a) - rankOf(b) : y.length - x.length || text(a, b),
  );
  return ordered.flatMap(([key, members]): (Group | Line)[] => {
    const head: Group = { kind: "group", key, total: members.length, counts: countStates(members), open: open.has(key) };
    return head.open ? [head, ...members.map((row): Line => ({ kind: "job", row }))] : [head];
  });
}

export function countStates(rows: Iterable<JobRow>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[row.status] = (counts[row.status] ?? 0) + 1;
  return counts;
}
