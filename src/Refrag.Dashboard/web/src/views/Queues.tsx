import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { write } from "../logic/address";
import { count, length, some, timeOfDay } from "../logic/format";
import type { Connection } from "../logic/follow";
import type { HeadJob, QueueCard, QueuePage, Session } from "../logic/model";
import { order } from "../logic/states";
import { Copy } from "../parts/Copy";
import { Empty, ProblemBox } from "../parts/Problems";
import { State } from "../parts/State";
import { When } from "../parts/Time";
import { useNow } from "../parts/hooks";
import { useQueues } from "./useQueues";

const healthShape: Record<string, string> = { ok: "✓", unsure: "!", broken: "✕" };

export const Health = ({ word, reason }: { word: string; reason: string }) => (
  <span class={`health h-${word}`} title={reason}>
    <span aria-hidden="true">{healthShape[word] ?? "?"}</span> {word}
  </span>
);

/** One card a queue: depth, head and its reason, order of dispatch, environments. */
export function Queues({ session, onConnection }: { session: Session; onConnection: (state: Connection) => void }) {
  const page: QueuePage | undefined = useQueues(onConnection);
  const now = useNow();
  if (!page) return <div class="skeleton" role="status" aria-label="Reading the queues" />;
  return (
    <section class="view queues" aria-labelledby="title">
      <h1 id="title">Queues</h1>
      {page.problem && <ProblemBox problem={page.problem} />}
      {page.at !== undefined && page.queues.length === 0 && (
        <Empty title="There are no queues here" command="refrag infra apply">
          <p>Or rehearse some on this machine: refrag serve --fleet.</p>
        </Empty>
      )}
      <div class="cards">
        {page.queues.map((queue) => (
          <Card key={queue.name} queue={queue} now={now} />
        ))}
      </div>
      <p class="foot dim">
        {page.at !== undefined && <span>read {length(Math.max(0, now - page.at))} ago</span>}
        <Copy text={`refrag queues ${session.words}`} label="the command" />
      </p>
    </section>
  );
}

function Card({ queue, now }: { queue: QueueCard; now: number }) {
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
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [width, setWidth] = useState(300);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(element.current?.clientWidth ?? 300));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  const [times, waiting, running] = [depth[0] ?? [], depth[1] ?? [], depth[2] ?? []];
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const color = (variable: string) => style.getPropertyValue(variable).trim();
    const axis = { stroke: color("--dim"), grid: { stroke: color("--line") }, ticks: { stroke: color("--line") } };
    plot.current = new uPlot(
      {
        width,
        height: 120,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] } },
        axes: [{ ...axis, values: (_, ticks) => ticks.map((at) => timeOfDay(at * 1000)), space: 80 }, { ...axis, size: 44, label: "jobs", labelSize: 16 }],
        series: [
          {},
          { label: "waiting", stroke: color("--runnable"), width: 2, dash: [6, 3] },
          { label: "running", stroke: color("--running"), width: 2 },
        ],
      },
      [[], [], []],
      element.current!,
    );
    return () => plot.current?.destroy();
  }, [width]);
  useEffect(() => {
    plot.current?.setData([times.map((at) => at / 1000), waiting, running]);
  }, [depth, width]);
  const last = times.length - 1;
  const words = last < 0 ? "no samples yet" : `${waiting[last]} waiting, ${running[last]} running`;
  return (
    <figure>
      <div class="plot" ref={element} role="img" aria-label={`Depth of ${name} since the page is open: ${words}`} />
      <figcaption class="dim">
        <span class="key waiting" aria-hidden="true" /> waiting <span class="key running" aria-hidden="true" /> running, since
        the page is open
      </figcaption>
    </figure>
  );
}
