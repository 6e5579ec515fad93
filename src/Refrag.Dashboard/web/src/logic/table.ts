import type { JobChange, JobRow, JobSnapshot, ReadingStatus } from "./model";

// The rows as the server has them. A snapshot comes in parts and replaces everything; each change has the next number. What does not fit is a
// gap, and then the whole is asked for again.

export interface Table {
  rows: Map<string, JobRow>;
  /** What a snapshot has brought so far, while the rows of before are shown. */
  pending?: Map<string, JobRow>;
  sequence: number;
  whole: boolean;
  status: ReadingStatus;
}

export const empty = (): Table => ({ rows: new Map(), sequence: -1, whole: false, status: {} });

/** Takes a part of a snapshot. Rows that the page has stay until the last part is there; an empty page fills with each. */
export function takeSnapshot(table: Table, part: JobSnapshot): boolean {
  if (part.first) {
    table.pending = table.rows.size > 0 ? new Map() : undefined;
    table.sequence = part.sequence;
  } else if (part.sequence !== table.sequence) {
    return false;
  }
  const into = table.pending ?? table.rows;
  for (const row of part.rows) into.set(row.id, row);
  if (part.last && table.pending) {
    table.rows = table.pending;
    table.pending = undefined;
  }
  table.whole = part.last;
  table.status = part.status;
  return true;
}

/** Takes a change; false if one before it is missing. */
export function takeChange(table: Table, change: JobChange): boolean {
  if (!table.whole || change.sequence !== table.sequence + 1) return false;
  table.sequence = change.sequence;
  for (const row of change.changed ?? []) table.rows.set(row.id, row);
  for (const id of change.removed ?? []) table.rows.delete(id);
  if (change.status) table.status = change.status;
  return true;
}
