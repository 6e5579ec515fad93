import { useState } from "preact/hooks";
import { write } from "../logic/address";
import { columnsOf, filterOf, marks, others, type Piece } from "../logic/cost";
import { count, length, quote, some, usd } from "../logic/format";
import type { Connection } from "../logic/follow";
import type { CostPage, CostRow, Session } from "../logic/model";
import { Copy } from "../parts/Copy";
import { useWidth } from "../parts/hooks";
import { Empty, ProblemBox } from "../parts/Problems";
import { ReadAgo } from "../parts/Time";
import { Budgets } from "./cost/Budgets";
import { useReading } from "./useReading";

const spans: [number, string][] = [
  [7, "7 days"],
  [30, "30 days"],
  [90, "90 days"],
  [365, "a year"],
];

const kinds = ["app", "user", "queue"];

interface Props {
  session: Session;
  query: Record<string, string>;
  onConnection: (state: Connection) => void;
}

/** What jobs have cost by day and by tag, measured and assumed apart, and what is taken of the budgets. */
export function Cost({ session, query, onConnection }: Props) {
  // Days are the plot, and a job counts on each of them: a table by day has no sum of jobs.
  const isDay = query.by === "day";
  const by = isDay ? "app" : (query.by || "app").slice(0, 128);
  const days = Math.max(1, Math.min(400, Math.trunc(Number(query.days)) || 30));
  const page = useReading<CostPage>(`/api/cost?by=${encodeURIComponent(by)}&days=${days}`, "cost", onConnection);
  const go = (change: Record<string, string>) => {
    location.hash = write(["cost"], { by, days: String(days), ...change });
  };
  const own = spans.some(([one]) => one === days) ? spans : [...spans, [days, `${days} days`] as [number, string]];
  return (
    <section class="view cost" aria-labelledby="title">
      <h1 id="title">Cost</h1>
      <div class="bar-top">
        <label>
          By{" "}
          <select value={kinds.includes(by) ? by : "tag"} onChange={(event) => go({ by: event.currentTarget.value === "tag" ? "team" : event.currentTarget.value })}>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kind}
              </option>
            ))}
            <option value="tag">another tag</option>
          </select>
        </label>
        {!kinds.includes(by) && <TagName key={by} by={by} onChange={(name) => go({ by: name })} />}
        <label>
          Submitted in the last{" "}
          <select value={String(days)} onChange={(event) => go({ days: event.currentTarget.value })}>
            {own.map(([one, title]) => (
              <option key={one} value={String(one)}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {isDay && <p role="status">Costs by day are the plot; the table adds up by a tag or by queue. Shown is app.</p>}
      {!page ? (
        <div class="skeleton" role="status" aria-label="Adding up what jobs have cost" />
      ) : (
        <>
          {page.problem && <ProblemBox problem={page.problem} />}
          {page.isLocal && <p>Runs of this machine cost nothing on AWS, and count to no budget.</p>}
          {page.sum ? (
            <Costs page={page} by={by} />
          ) : (
            page.at !== undefined && (
              <Empty title="No jobs, so no costs" command={`refrag history watch ${session.words}`}>
                <p>Batch forgets jobs some days after their end; the history on this machine keeps them.</p>
              </Empty>
            )
          )}
          {!page.isLocal && <Budgets page={page} />}
          <p class="foot dim">
            <ReadAgo at={page.at} />
            <Copy text={`refrag cost report --by ${quote(by)} --since ${days}d ${session.words}`} label="the command" />
            <Copy text={`refrag cost report --by day --since ${days}d ${session.words}`} label="the command by day" />
            <Copy text={`refrag budget ${session.words}`} label="the command for budgets" />
          </p>
        </>
      )}
    </section>
  );
}

function TagName({ by, onChange }: { by: string; onChange: (name: string) => void }) {
  const [name, setName] = useState(by);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) onChange(name.trim());
      }}
    >
      <label>
        Tag <input value={name} maxLength={128} onInput={(event) => setName(event.currentTarget.value)} />
      </label>{" "}
      <button type="submit">Show</button>
    </form>
  );
}

function Costs({ page, by }: { page: CostPage; by: string }) {
  const sum = page.sum!;
  const named = new Set(page.days.map((day) => day.key).filter((key) => key !== undefined));
  // In the order of the table: the dearest first.
  const keys = page.rows.map((row) => row.key).filter((key) => named.has(key));
  const rows = page.others ? [...page.rows, page.others] : page.rows;
  return (
    <>
      <p>
        <b class="num">{usd(sum.measured)}</b> measured and <b class="num">{usd(sum.assumed)}</b> assumed, for {some(sum.jobs, "job")}:{" "}
        at least <b class="num">{usd(sum.measured + sum.assumed)}</b> together ({sum.basis}).
        {sum.unpriced > 0 && ` ${some(sum.unpriced, "job")} ran and have no price: they are in no amount.`}
        {sum.remembered > 0 && ` ${some(sum.remembered, "job")} of them only the history on this machine knows.`}
      </p>
      <Days page={page} keys={keys} />
      <table class="plain">
        <caption>By {by}, in USD, at least</caption>
        <thead>
          <tr>
            <th scope="col">{by}</th>
            <th scope="col" class="num">Measured</th>
            <th scope="col" class="num">Assumed</th>
            <th scope="col">Basis</th>
            <th scope="col" class="num">Of it failed</th>
            <th scope="col" class="num">Jobs</th>
            <th scope="col" class="num">Attempts</th>
            <th scope="col" class="num">Ran</th>
            <th scope="col" class="num">Unpriced</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} by={by} colour={keys.indexOf(row.key)} isLink={row !== page.others && row.key !== "(none)"} />
          ))}
        </tbody>
      </table>
      {page.sources.length > 0 && (
        <details>
          <summary>Where the prices come from, and what was assumed</summary>
          <ul>
            {page.sources.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
      <p class="dim">
        At least: each attempt counts from its start to its stop at its share of its instance. Start-up and idle time of instances, EBS
        volumes and data transfer are not counted.
      </p>
    </>
  );
}

function Row({ row, by, colour, isLink }: { row: CostRow; by: string; colour: number; isLink: boolean }) {
  const filter = isLink ? filterOf(by, row.key) : undefined;
  return (
    <tr>
      <th scope="row" dir="auto">
        {colour >= 0 && <span class={`swatch q${colour}`} aria-hidden="true" />}{" "}
        {filter !== undefined ? <a href={write(["jobs"], { q: filter })}>{row.key}</a> : row.key}
      </th>
      <td class="num">{usd(row.measured)}</td>
      <td class="num">{usd(row.assumed)}</td>
      <td>{row.basis}</td>
      <td class="num">{usd(row.failed)}</td>
      <td class="num">{count(row.jobs)}</td>
      <td class="num">{count(row.attempts)}</td>
      <td class="num">{length(row.ran)}</td>
      <td class="num">{count(row.unpriced)}</td>
    </tr>
  );
}

const height = 160;
const [left, bottom] = [64, 20];

/** Each day a column of the dearest groups: measured parts filled, assumed ones hatched. */
function Days({ page, keys }: { page: CostPage; keys: string[] }) {
  const [element, width] = useWidth<HTMLDivElement>();
  const columns = columnsOf(page.days, page.span, keys);
  const sums = columns.map((column) => column.pieces.reduce((sum, one) => sum + one.measured + one.assumed, 0));
  const ticks = marks(Math.max(...sums, 0));
  const most = ticks.at(-1) || 1;
  const wide = Math.max(1, (width - left) / Math.max(1, columns.length));
  const every = Math.ceil(columns.length / Math.max(1, Math.floor((width - left) / 90)));
  const y = (amount: number) => height - bottom - (amount / most) * (height - bottom - 8);
  const hasOthers = columns.some((column) => column.pieces.some((one) => one.key === others));
  const dearest = sums.indexOf(Math.max(...sums));
  const words = `Cost by day of UTC, ${page.span[0]} to ${page.span[1]}: ${
    dearest >= 0 && sums[dearest]! > 0 ? `the most on ${columns[dearest]!.day}, ${usd(sums[dearest]!)}` : "nothing"
  }`;
  return (
    <figure>
      <div ref={element}>
        <svg class="days" width={width} height={height} role="img" aria-label={words}>
          <defs>
            {[...keys, others].map((key, i) => (
              <pattern key={key} id={`hatch-${i}`} class={`q${i === keys.length ? "x" : i}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect width="6" height="6" class="paper" />
                <rect width="3" height="6" fill="currentColor" />
              </pattern>
            ))}
          </defs>
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="rule" x1={left} x2={width} y1={y(tick)} y2={y(tick)} />
              <text x={left - 6} y={y(tick) + 4} text-anchor="end">
                {usd(tick)}
              </text>
            </g>
          ))}
          {columns.map((column, i) => {
            let sum = 0;
            const part = (piece: Piece, amount: number, hatched: boolean) => {
              if (amount <= 0) return null;
              const top = y((sum += amount));
              return (
                <rect
                  key={`${piece.key} ${hatched}`}
                  class={`q${piece.colour === keys.length ? "x" : piece.colour}`}
                  x={left + i * wide + 0.5}
                  width={Math.max(0.5, wide - 1)}
                  y={top}
                  height={y(sum - amount) - top}
                  fill={hatched ? `url(#hatch-${piece.colour})` : "currentColor"}
                >
                  <title>{`${column.day}, ${piece.key}: ${usd(amount)} ${hatched ? "assumed" : "measured"}`}</title>
                </rect>
              );
            };
            return (
              <g key={column.day}>
                {column.pieces.map((piece) => [part(piece, piece.measured, false), part(piece, piece.assumed, true)])}
                {i % every === 0 && (
                  <text x={i * wide + 80 > width - left ? width : left + i * wide + 2} y={height - 5} text-anchor={i * wide + 80 > width - left ? "end" : "start"}>
                    {column.day}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <figcaption class="dim">
        By day of UTC, in USD; filled: measured, <span class="hatched" aria-hidden="true" /> hatched: assumed.{" "}
        {[...keys, ...(hasOthers ? [others] : [])].map((key, i) => (
          <span key={key} class="named" dir="auto">
            <span class={`swatch q${i === keys.length ? "x" : i}`} aria-hidden="true" /> {key}
          </span>
        ))}
      </figcaption>
      <details>
        <summary>The days as a table</summary>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="num">Measured</th>
              <th scope="col" class="num">Assumed</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ day, pieces }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td class="num">{usd(pieces.reduce((sum, one) => sum + one.measured, 0))}</td>
                <td class="num">{usd(pieces.reduce((sum, one) => sum + one.assumed, 0))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
