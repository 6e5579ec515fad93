import { useMemo, useState } from "preact/hooks";
import { write } from "../logic/address";
import { count, quote, some } from "../logic/format";
import type { Connection } from "../logic/follow";
import type { Session, SweepJob, SweepList, SweepPage } from "../logic/model";
import { numericMetrics, sorted, textOf, valueOf, type SweepColumn } from "../logic/sweep";
import { Copy } from "../parts/Copy";
import { useKeys, useNow } from "../parts/hooks";
import { Empty, ProblemBox } from "../parts/Problems";
import { State } from "../parts/State";
import { ReadAgo, When } from "../parts/Time";
import { Scatter } from "./sweep/Scatter";
import { useReading } from "./useReading";

/** The sweeps that were started in the folder of the server. */
export function Sweeps({ session, onConnection }: { session: Session; onConnection: (state: Connection) => void }) {
  const page = useReading<SweepList>("/api/sweeps", "sweeps", onConnection);
  const now = useNow();
  if (!page) return <div class="skeleton" role="status" aria-label="Looking for sweeps" />;
  return (
    <section class="view" aria-labelledby="title">
      <h1 id="title">Sweeps</h1>
      {page.problem && <ProblemBox problem={page.problem} />}
      {page.at !== undefined && page.sweeps.length === 0 && (
        <Empty title="No sweep was started in this folder" command={`refrag run -m app=train app.lr=0.1,0.01,0.001 ${session.words}`}>
          <p>Shown are the manifests in outputs/sweeps of the folder that refrag dashboard was started in.</p>
        </Empty>
      )}
      {page.sweeps.length > 0 && (
        <table class="plain">
          <caption>{some(page.sweeps.length, "sweep")}, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Manifest</th>
              <th scope="col" class="num">Changed</th>
            </tr>
          </thead>
          <tbody>
            {page.sweeps.map((one) => (
              <tr key={one.name}>
                <th scope="row" dir="auto">
                  <a href={write(["sweeps", one.name])}>{one.name}</a>
                </th>
                <td class="num">
                  <When at={one.changed} now={now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

// As many rows as are read in one go; all are sorted and in the plot.
const together = 200;

interface Props {
  session: Session;
  name: string;
  query: Record<string, string>;
  onConnection: (state: Connection) => void;
}

/** The jobs of a sweep: overrides, states and last metrics, sorted by any, and one override against one metric. */
export function Sweep({ session, name, query, onConnection }: Props) {
  const page = useReading<SweepPage>(`/api/sweep/${encodeURIComponent(name)}`, "sweep", onConnection);
  const [cursor, setCursor] = useState<number>();
  const [shown, setShown] = useState(together);
  // Of 20,000 jobs each of these takes a while: anew for a new reading or order alone.
  const numeric = useMemo(() => (page ? numericMetrics(page) : []), [page]);
  const down = query.sort?.startsWith("-") ?? false;
  const sort: SweepColumn = (down ? query.sort!.slice(1) : query.sort) || "job";
  const rows = useMemo(() => (page ? sorted(page.rows, sort, down) : []), [page, sort, down]);
  const x = query.x && page?.keys.includes(query.x) ? query.x : page?.keys[0];
  const y = query.y && numeric.includes(query.y) ? query.y : numeric[0];
  const go = (change: Record<string, string | undefined>) =>
    history.replaceState(null, "", write(["sweeps", name], { sort: query.sort, x: query.x, y: query.y, ...change }));
  const turn = (change: Record<string, string | undefined>) => {
    go(change);
    dispatchEvent(new PopStateEvent("popstate"));
  };
  const move = (by: number) => {
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.job === cursor);
    const to = at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by));
    setCursor(rows[to]!.job);
    if (to >= shown) setShown(to + together);
    requestAnimationFrame(() => document.querySelector("tr.cursor")?.scrollIntoView({ block: "nearest" }));
  };
  const chosen = rows.find((row) => row.job === cursor);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      if (chosen?.id) location.hash = write(["job", chosen.id]);
    },
    u: () => {
      location.hash = write(["sweeps"]);
    },
  });
  if (!page) return <div class="skeleton" role="status" aria-label="Reading the sweep" />;
  const heads: [SweepColumn, string][] = [
    ["job", "Job"],
    ["state", "State"],
    ...page.keys.map((key): [SweepColumn, string] => [`o:${key}`, key]),
    ...page.metrics.map((key): [SweepColumn, string] => [`m:${key}`, key]),
  ];
  return (
    <section class="view" aria-labelledby="title">
      <p>
        <a href={write(["sweeps"])}>All sweeps</a>
      </p>
      <h1 id="title" dir="auto">{name}</h1>
      {page.problem && <ProblemBox problem={page.problem} />}
      {page.rows.length > 0 && (
        <>
          {page.unread && x !== undefined && y !== undefined && <p role="status">Metrics are missing: {page.unread}</p>}
          <Pickers page={page} numeric={numeric} x={x} y={y} onTurn={turn} />
          {x !== undefined && y !== undefined ? (
            <Scatter rows={page.rows} x={x} y={y} chosen={cursor} onChoose={setCursor} />
          ) : (
            <p class="dim">
              {page.unread && page.keys.length > 0
                ? `Metrics are missing: ${page.unread}`
                : page.keys.length === 0
                  ? "All jobs have the same overrides: there is nothing to compare."
                  : "No job has stored a number in a metrics.jsonl yet: there is nothing to plot."}
            </p>
          )}
          <p role="status">{chosen ? sayOf(chosen) : "j and k choose a job, in the table and in the plot; Enter opens it."}</p>
          <table class="plain sweep">
            <caption>
              {some(page.total, "job")}
              {page.total > page.rows.length ? `, the first ${count(page.rows.length)} of them` : ""}
            </caption>
            <thead>
              <tr>
                {heads.map(([id, title]) => (
                  <th key={id} scope="col" aria-sort={sort === id ? (down ? "descending" : "ascending") : undefined} dir="auto">
                    <button type="button" onClick={() => turn({ sort: sort === id && !down ? `-${id}` : id })}>
                      {title}
                      <span aria-hidden="true">{sort === id ? (down ? " ↓" : " ↑") : ""}</span>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shown).map((row) => (
                <tr key={row.job} class={row.job === cursor ? "cursor" : ""} onClick={() => setCursor(row.job)}>
                  <th scope="row" class="num">
                    {row.id ? <a href={write(["job", row.id])}>{row.job}</a> : row.job}
                  </th>
                  <td>
                    <State status={row.status} />
                  </td>
                  {heads.slice(2).map(([id]) => (
                    <td key={id} class={typeof valueOf(row, id) === "number" ? "num" : ""} dir="auto">
                      {textOf(valueOf(row, id))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > shown && (
            <p>
              <button type="button" onClick={() => setShown(shown + together)}>
                Show {count(Math.min(together, rows.length - shown))} more of {count(rows.length)}
              </button>
            </p>
          )}
        </>
      )}
      <p class="foot dim">
        <ReadAgo at={page.at} />
        <Copy
          text={`refrag sweep show ${quote(page.path)}${sort.startsWith("m:") ? ` --sort ${quote((down ? "-" : "") + sort.slice(2))}` : ""} ${session.words}`}
          label="the command"
        />
      </p>
    </section>
  );
}

const sayOf = (row: SweepJob): string =>
  `Job ${row.job}, ${row.status}: ${[...Object.entries(row.overrides), ...Object.entries(row.metrics ?? {})]
    .map(([key, value]) => `${key} ${textOf(value)}`)
    .join(", ")}`;

interface PickerProps {
  page: SweepPage;
  numeric: string[];
  x: string | undefined;
  y: string | undefined;
  onTurn: (change: Record<string, string>) => void;
}

const Pickers = ({ page, numeric, x, y, onTurn }: PickerProps) =>
  x === undefined || y === undefined ? null : (
    <div class="bar-top">
      <label>
        Metric{" "}
        <select value={y} onChange={(event) => onTurn({ y: event.currentTarget.value })}>
          {numeric.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        against{" "}
        <select value={x} onChange={(event) => onTurn({ x: event.currentTarget.value })}>
          {page.keys.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    </div>
  );
