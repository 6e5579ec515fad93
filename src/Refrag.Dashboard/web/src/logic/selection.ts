// The rows that are chosen.

/**
 * The selection after a click on a row. With a range, all rows from the anchor to it are added; where the anchor is shown no more, a range
 * would begin anywhere, and the row alone is chosen.
 * @param keys the lines as they are shown; a job's is its id
 */
export function choose(
  selected: ReadonlySet<string>,
  keys: readonly string[],
  isJob: (at: number) => boolean,
  at: number,
  anchor: string | undefined,
): Set<string> {
  const next = new Set(selected);
  const from = anchor === undefined ? -1 : keys.indexOf(anchor);
  if (from < 0) {
    if (!next.delete(keys[at]!)) next.add(keys[at]!);
    return next;
  }
  for (let i = Math.min(from, at); i <= Math.max(from, at); i++) if (isJob(i)) next.add(keys[i]!);
  return next;
}

/** The selection with jobs added to it or taken out. */
export function withJobs(selected: ReadonlySet<string>, ids: readonly string[], isSelected: boolean): Set<string> {
  const next = new Set(selected);
  for (const id of ids) if (isSelected) next.add(id); else next.delete(id);
  return next;
}
