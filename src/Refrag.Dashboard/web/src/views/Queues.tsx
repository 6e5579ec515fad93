import { write } from "../logic/address";
import { count, length, some } from "../logic/format";
import type { Connection } from "../logic/follow";
import type { HeadJob, QueueCard, QueuePage, QueueSeries, SeriesPage, Session } from "../logic/model";
import { order } from "../logic/states";
import { Copy } from "../parts/Copy";
import { Empty, ProblemBox } from "../parts/Problems";
import { State } from "../parts/State";
import { When } from "../parts/Time";
import { TimePlot } from "../parts/TimePlot";
import { useNow } from "../parts/hooks";
import { NoSamples, Span, useSeries } from "./Span";
import { useQueues } from "./useQueues";

const healthShape: Record<string, string> = { ok: "✓", unsure: "!", broken: "✕" };

export const Health = ({ word, reason }: { word: string; reason: string }) => (
  <span class={`health h-${word}`} title={reason}>
    <span aria-hidden="true">{healthShape[word] ?? "?"}</span> {word}
  </span>
);

export interface ViewProps {
  session: Session;
  query: Record<string, string>;
  onConnection: (state: Connection) => void;
}

/** One card a queue: depth, head and its reason, order of dispatch, environments. */
export function Queues({ session, query, onConnection }: ViewProps) {
  const page: QueuePage | undefined = useQueues(onConnection);
  const series = useSeries(query);
  const now = useNow();
  if (!page) return <div class="skeleton" role="status" aria-label="Reading the queues" />;
  return (
    <section class="view queues" aria-labelledby="title">
      <h1 id="title">Queues</h1>
      <Span view="queues" query={query} />
      {page.problem && <ProblemBox problem={page.problem} />}
      {page.at !== undefined && page.queues.length === 0 && (
        <Empty title="There are no queues here" command="refrag infra apply">
          <p>Or rehearse some on this machine: refrag serve --fleet.</p>
        </Empty>
      )}
      <div class="cards">
        {page.queues.map((queue) => (
          <Card key={queue.name} queue={queue} now={now} series={series} />
        ))}
      </div>
      <NoSamples series={series} words={session.words} has={(series?.queues.length ?? 0) > 0} />
      <p class="foot dim">
        {page.at !== undefined && <span>read {length(Math.max(0, now - page.at))} ago</span>}
        <Copy text={`refrag queues ${session.words}`} label="the command" />
      </p>
    </section>
  );
}

function Card({ queue, now, series }: { queue: QueueCard; now: number; series: SeriesPage | undefined }) {
  const past = series?.queues.find((one) => one.name === queue.name);
  const states = order.filter((state) => (queue.jobs[state] ?? 0) > 0);
  return (
    <article class="card" aria-label={`Queue ${queue.name}`}>
      <h2>
        <a href={write(["jobs"], { q: `queue:${queue.name}` })}>{queue.name}</a>{" "}
        <Health word={queue.health} reason={queue.reason} />
      </h2>
      <p class="dim">
        {queue.state}
        {queue.priority !== undefined ? `, priority ${queue.priority}` : ""}
        {queue.policy ? `, shares by ${queue.policy}` : ", first in first out"}
      </p>
      {queue.health !== "ok" && <p dir="auto">{queue.reason}</p>}
      <p>
        {states.length === 0
          ? "No job waits or runs."
          : states.map((state) => (
              <a key={state} class="count" href={write(["jobs"], { q: `queue:${queue.name} state:${state}` })}>
                <State status={state} /> <b class="num">{count(queue.jobs[state]!)}</b>
              </a>
            ))}
      </p>
      <p>
        <label>
          vCPUs <meter min={0} max={Math.max(1, queue.most)} value={queue.used} /> {count(queue.used)} of {count(queue.most)}
        </label>
      </p>
      <Depth depth={queue.depth} name={queue.name} />
      {past && <Past series={past} page={series!} name={queue.name} />}
      {queue.oldest && (
        <p>
          Oldest that waits: <Head job={queue.oldest} now={now} />
        </p>
      )}
      <h3>Environments, in the order in which they are tried</h3>
      <ol>
        {queue.environments.map((one) => (
          <li key={one.name}>
            {one.name} <Health word={one.health} reason={one.reason} /> {one.type}{" "}
            {one.most !== undefined && (
              <span class="num">
                {one.desired ?? 0} of {one.most} vCPUs
              </span>
            )}
            {one.health !== "ok" && <span class="dim"> {one.reason}</span>}
          </li>
        ))}
      </ol>
      {queue.order && queue.order.length > 0 && (
        <details>
          <summary>Order of dispatch: the first {some(queue.order.length, "job")}</summary>
          <ol>
            {queue.order.map((one) => (
              <li key={one.id}>
                <Head job={one} now={now} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

const Head = ({ job, now }: { job: HeadJob; now: number }) => (
  <>
    <a href={write(["job", job.id])} dir="auto">
      {job.name ?? job.id}
    </a>{" "}
    <span class="dim">
      <When at={job.since} now={now} /> {job.reason}
    </span>
  </>
);

/** Waiting and running jobs since the page is open. */
function Depth({ depth, name }: { depth: number[][]; name: string }) {
  const [at, waiting, running] = [depth[0] ?? [], depth[1] ?? [], depth[2] ?? []];
  return (
    <TimePlot
      words={`Depth of ${name} since the page is open`}
      unit="jobs"
      at={at}
      series={[
        { label: "waiting", values: waiting, colour: "--runnable", dash: [6, 3] },
        { label: "running", values: running, colour: "--running" },
      ]}
    >
      jobs since the page is open
    </TimePlot>
  );
}

/** The same over hours and days, from the history. */
function Past({ series, page, name }: { series: QueueSeries; page: SeriesPage; name: string }) {
  return (
    <>
      <TimePlot
        words={`Depth of ${name} in the history`}
        unit="jobs"
        at={series.at}
        gap={page.gap}
        span={page.span}
        series={[
          { label: "waiting", values: series.waiting, colour: "--runnable", dash: [6, 3] },
          { label: "running", values: series.running, colour: "--running" },
        ]}
      >
        jobs in the history, means{series.isCut && "; some samples have more than were counted"}
      </TimePlot>
      <TimePlot
        words={`Longest wait in ${name} in the history`}
        unit="wait"
        at={series.at}
        gap={page.gap}
        span={page.span}
        series={[{ label: "longest wait", values: series.wait, colour: "--lost" }]}
        show={(seconds) => length(seconds * 1000)}
      />
    </>
  );
}
