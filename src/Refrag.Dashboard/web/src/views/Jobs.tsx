import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { write } from "../logic/address";
import { forFilter } from "../logic/commands";
import { matcher, parse, print, toggle } from "../logic/filter";
import { follow, type Connection, type Stream } from "../logic/follow";
import { count, length, some } from "../logic/format";
import { countStates, lines, readSort, sorted, writeSort, type Column } from "../logic/group";
import type { JobChange, JobRow, JobSnapshot, Session } from "../logic/model";
import { choose, withJobs } from "../logic/selection";
import { order, shapeOf, classOf } from "../logic/states";
import { empty, takeChange, takeSnapshot } from "../logic/table";
import { Confirm } from "../parts/Confirm";
import { Copy } from "../parts/Copy";
import { Filter } from "../parts/Filter";
import { JobGrid } from "../parts/JobGrid";
import { Empty, ProblemBox } from "../parts/Problems";
import { useKeys, useNow } from "../parts/hooks";

interface Props {
  session: Session;
  query: Record<string, string>;
  onConnection: (state: Connection) => void;
}

// Changes that come together are drawn together.
const together = 250;

export function Jobs({ session, query, onConnection }: Props) {
  const table = useRef(empty());
  const stream = useRef<Stream | undefined>(undefined);
  const [version, drawn] = useReducer((n: number, _: void) => n + 1, 0);
  const [paused, setPaused] = useState(false);
  const isPaused = useRef(false);
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const now = useNow();

  const draw = useCallback((soon = false) => {
    if (isPaused.current) return;
    if (waiting.current !== undefined) {
      if (!soon) return;
      clearTimeout(waiting.current);
    }
    waiting.current = setTimeout(
      () => {
        waiting.current = undefined;
        drawn();
      },
      soon ? 0 : together,
    );
  }, []);

  useEffect(() => {
    stream.current = follow(
      "/api/jobs",
      {
        snapshot: (part: JobSnapshot) => {
          const fits = takeSnapshot(table.current, part);
          draw(part.first || part.last);
          return fits;
        },
        change: (change: JobChange) => {
          const fits = takeChange(table.current, change);
          if (fits) draw(table.current.rows.size < 5000);
          return fits;
        },
      },
      onConnection,
    );
    return () => {
      stream.current?.close();
      clearTimeout(waiting.current);
    };
  }, []);

  const filter = query.q ?? "";
  const by = query.group || undefined;
  const sort = readSort(query.sort);
  const go = (change: Record<string, string | undefined>, replace = false) => {
    const hash = write(["jobs"], { q: filter, group: by, sort: writeSort(sort), ...change });
    if (replace) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
  };

  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [cursorId, setCursorId] = useState<string>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string>();
  const [action, setAction] = useState<string>();

  // Rows are sorted by the time of the last drawing: a row does not move by the clock alone.
  const [shown, counts] = useMemo(() => {
    const at = Date.now();
    const tokens = parse(filter);
    const all = [...table.current.rows.values()].filter(matcher(tokens, at));
    const withoutState = tokens.some((token) => token.key === "state")
      ? [...table.current.rows.values()].filter(matcher(tokens.filter((token) => token.key !== "state"), at))
      : all;
    return [sorted(all, sort, at), countStates(withoutState)] as const;
  }, [version, filter, sort.column, sort.down]);
  const drawnLines = useMemo(() => lines(shown, by, open), [shown, by, open]);

  const keyAt = (at: number): string | undefined => {
    const line = drawnLines[at];
    return line === undefined ? undefined : line.kind === "group" ? `group ${line.key}` : line.row.id;
  };
  // The cursor stays with its job, wherever that moves.
  const cursor = useMemo(
    () => (cursorId === undefined ? -1 : drawnLines.findIndex((_, i) => keyAt(i) === cursorId)),
    [drawnLines, cursorId],
  );
  const move = (to: number) => setCursorId(keyAt(Math.max(0, Math.min(drawnLines.length - 1, to))));
  const openAt = (at: number) => {
    const line = drawnLines[at];
    if (!line) return;
    if (line.kind === "job") location.hash = write(["job", line.row.id]);
    else {
      const next = new Set(open);
      if (!next.delete(line.key)) next.add(line.key);
      setOpen(next);
    }
  };
  const select = (at: number, range: boolean) => {
    const line = drawnLines[at];
    if (!line) return;
    if (line.kind === "group") {
      const next = new Set(selected);
      const members = shown.filter((row) => lines([row], by, new Set())[0]!.kind === "group" && groupKey(row) === line.key);
      const all = members.every((row) => next.has(row.id));
      for (const row of members) if (all) next.delete(row.id); else next.add(row.id);
      setSelected(next);
    } else {
      const keys = drawnLines.map((_, i) => keyAt(i)!);
      setSelected(choose(selected, keys, (i) => drawnLines[i]!.kind === "job", at, range ? anchor : undefined));
    }
    setAnchor(keyAt(at));
  };
  const groupKey = (row: JobRow) => {
    const line = lines([row], by, new Set())[0]!;
    return line.kind === "group" ? line.key : "";
  };
  const pause = () => {
    isPaused.current = !isPaused.current;
    setPaused(isPaused.current);
    draw(true);
  };
  const alive = [...selected].filter((id) => table.current.rows.has(id));
  const ask = (what: string) => {
    if (alive.length > 0 && !session.readOnly) setAction(what);
  };

  useKeys({
    j: () => move(cursor + 1),
    k: () => move(cursor - 1),
    ArrowDown: () => move(cursor + 1),
    ArrowUp: () => move(cursor - 1),
    PageDown: () => move(cursor + 20),
    PageUp: () => move(cursor - 20),
    Home: () => move(0),
    End: () => move(drawnLines.length - 1),
    Enter: () => openAt(cursor),
    x: () => select(cursor, false),
    X: () => select(cursor, true),
    a: () => setSelected(new Set(shown.map((row) => row.id))),
    Escape: () => setSelected(new Set()),
    c: () => ask("cancel"),
    t: () => ask("terminate"),
    r: () => ask("retry"),
    p: pause,
    "/": () => document.getElementById("filter")?.focus(),
  });

  const status = table.current.status;
  const tokens = parse(filter);
  const total = table.current.rows.size;
  const chosen = new Set(tokens.filter((t) => t.key === "state" && !t.not).flatMap((t) => t.values.map((v) => v.toUpperCase())));
  return (
    <section class="view jobs" aria-labelledby="title">
      <div class="bar-top">
        <h1 id="title">Jobs</h1>
        <Filter value={filter} rows={() => table.current.rows.values()} onChange={(q) => go({ q }, true)} />
        <label class="by">
          Group by
          <select value={by ?? ""} onChange={(event) => go({ group: event.currentTarget.value || undefined })}>
            <option value="">nothing</option>
            {["state", "queue", "app", "user", "name", ...tagNames(table.current.rows.values()).map((name) => `tag:${name}`)].map(
              (one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ),
            )}
          </select>
        </label>
        <button type="button" aria-pressed={paused} onClick={pause} title="p">
          {paused ? "Resume" : "Pause"}
        </button>
      </div>
      <div class="chips" role="group" aria-label="States">
        {order.map((state) => (
          <button
            key={state}
            type="button"
            class={`chip ${classOf(state)}`}
            aria-pressed={chosen.has(state)}
            onClick={() => go({ q: print(toggle(tokens, "state", state)) })}
          >
            <span class="shape" aria-hidden="true">
              {shapeOf(state)}
            </span>
            {state} <span class="num">{count(counts[state] ?? 0)}</span>
          </button>
        ))}
      </div>
      {status.problem && <ProblemBox problem={status.problem} />}
      {alive.length > 0 && (
        <div class="actions" role="toolbar" aria-label="Selected jobs">
          <b>{some(alive.length, "job")} selected</b>
          {session.readOnly ? (
            <span class="dim">Read-only: nothing is changed from here.</span>
          ) : (
            ["cancel", "terminate", "retry"].map((what) => (
              <button key={what} type="button" onClick={() => ask(what)} title={what[0]}>
                {what[0]!.toUpperCase() + what.slice(1)}
              </button>
            ))
          )}
          <button type="button" onClick={() => setSelected(new Set())} title="Escape">
            Select none
          </button>
        </div>
      )}
      {total === 0 && status.at !== undefined ? (
        status.queues === 0 ? (
          <Empty title="There are no queues here" command="refrag infra apply">
            <p>Or rehearse some on this machine: refrag serve --fleet.</p>
          </Empty>
        ) : (
          <Empty title="No jobs yet" command={`refrag run ${session.words} -- python train.py`} />
        )
      ) : shown.length === 0 && (table.current.whole || total > 0) && status.at !== undefined ? (
        <Empty title="No job is as the filter wants">
          <p>
            {some(total, "job")} without it.{" "}
            <button type="button" onClick={() => go({ q: undefined })}>
              Clear the filter
            </button>
          </p>
        </Empty>
      ) : (
        <JobGrid
          lines={drawnLines}
          cursor={cursor}
          selected={selected}
          sort={sort}
          now={now}
          onCursor={move}
          onOpen={openAt}
          onSelect={select}
          onSort={(column: Column) => go({ sort: writeSort({ column, down: sort.column === column ? !sort.down : false }) })}
        />
      )}
      <p class="foot dim">
        <span role="status">
          {status.at === undefined
            ? "Reading from Batch…"
            : `${some(shown.length, "job")} of ${count(total)}${status.cut ? ", and more that are not shown" : ""}`}
        </span>
        {status.at !== undefined && (
          <span> read {length(Math.max(0, now - status.at))} ago{paused ? ", paused" : ""}</span>
        )}
        {status.undescribed ? <span> tags of {some(status.undescribed, "job")} to come</span> : null}
        <Copy text={forFilter(filter, session.words)} label="the command of this list" />
      </p>
      {action && (
        <Confirm
          action={action}
          ids={alive}
          session={session}
          onSelect={(ids, isSelected) => setSelected((before) => withJobs(before, ids, isSelected))}
          onClose={() => setAction(undefined)}
        />
      )}
    </section>
  );
}

// Tags to group by: those of the first rows stand for all.
function tagNames(rows: Iterable<JobRow>): string[] {
  const names = new Set<string>();
  let seen = 0;
  for (const row of rows) {
    for (const name of Object.keys(row.tags ?? {})) if (name !== "app" && name !== "user") names.add(name);
    if (++seen > 1000 || names.size > 30) break;
  }
  return [...names].sort();
}
