import { write } from "../logic/address";
import { some, vcpus } from "../logic/format";
import type { EnvironmentCard, FleetSeries, InstanceBox, SeriesPage } from "../logic/model";
import { Copy } from "../parts/Copy";
import { Empty, ProblemBox } from "../parts/Problems";
import { TimePlot, type Series } from "../parts/TimePlot";
import { Health, type ViewProps } from "./Queues";
import { Rehearsal } from "./Rehearsal";
import { NoSamples, Span, useSeries } from "./Span";
import { useQueues } from "./useQueues";

// A vCPU is as wide in all boxes of a page, down to what is still seen.
const pixels = (most: number) => Math.max(6, Math.min(28, 640 / Math.max(1, most)));

/** Instances as boxes with the jobs on them: how well the fleets are packed. */
export function Fleets({ session, query, onConnection }: ViewProps) {
  const page = useQueues(onConnection);
  const series = useSeries(query);
  if (!page) return <div class="skeleton" role="status" aria-label="Reading the fleets" />;
  const environments = new Map<string, EnvironmentCard>();
  for (const queue of page.queues) for (const one of queue.environments) environments.set(one.name, one);
  const instances = page.instances;
  const wide = pixels(Math.max(...(instances ?? []).map((one) => one.vcpus ?? 1), 1));
  return (
    <section class="view fleets" aria-labelledby="title">
      <h1 id="title">Fleets</h1>
      <Span view="fleets" query={query} />
      {page.problem && <ProblemBox problem={page.problem} />}
      {instances && !session.readOnly && <Rehearsal session={session} environments={[...environments.keys()]} />}
      {page.at !== undefined && environments.size === 0 && (
        <Empty title="There are no compute environments here" command="refrag infra apply" />
      )}
      {[...environments.values()].map((one) => {
        const own = (instances ?? []).filter((instance) => instance.environment === one.name);
        return (
          <article key={one.name} class="card" aria-label={`Compute environment ${one.name}`}>
            <h2>
              {one.name} <Health word={one.health} reason={one.reason} />
            </h2>
            <p class="dim">
              {one.type} {one.desired !== undefined && `${one.desired} vCPUs desired, `}
              {one.most !== undefined && `${one.most} at most`} {one.types.join(", ")}
            </p>
            {one.health !== "ok" && <p>{one.reason}</p>}
            {instances === undefined ? (
              <p class="dim">Batch does not show which instances this environment has. refrag serve --fleet does.</p>
            ) : own.length === 0 ? (
              <p>No instances: none is needed, or none was to be had.</p>
            ) : (
              <>
                <p>{some(own.length, "instance")}</p>
                <ul class="boxes">
                  {own.map((instance) => (
                    <Box key={instance.id} instance={instance} wide={wide} />
                  ))}
                </ul>
              </>
            )}
            <Past series={series?.fleets.find((past) => past.name === one.name)} page={series} />
          </article>
        );
      })}
      {environments.size > 0 && <NoSamples series={series} words={session.words} has={(series?.fleets.length ?? 0) > 0} />}
      <p class="foot dim">
        <Copy text={`refrag envs ${session.words}`} label="the command" />
      </p>
    </section>
  );
}

const known = (one: Series): boolean => one.values.some((value) => value !== null);

/** vCPUs and instances over hours and days, from the history; what no sample says is left out. */
function Past({ series, page }: { series: FleetSeries | undefined; page: SeriesPage | undefined }) {
  if (!series || !page) return null;
  const processors: Series[] = [
    { label: "at most", values: series.most, colour: "--dim", dash: [2, 3] },
    { label: "desired", values: series.desired, colour: "--runnable", dash: [6, 3] },
    { label: "there", values: series.vcpus, colour: "--starting" },
    { label: "busy", values: series.busy, colour: "--running" },
  ];
  const instances: Series = { label: "instances", values: series.instances, colour: "--succeeded" };
  const past = { at: series.at, gap: page.gap, span: page.span };
  const shown = processors.filter(known);
  return (
    <>
      {shown.length > 0 && (
        <TimePlot words={`vCPUs of ${series.name} in the history`} unit="vCPUs" series={shown} {...past}>
          vCPUs in the history, means
        </TimePlot>
      )}
      {known(instances) && (
        <TimePlot words={`Instances of ${series.name} in the history`} unit="instances" series={[instances]} {...past}>
          in the history, means
        </TimePlot>
      )}
    </>
  );
}

function Box({ instance, wide }: { instance: InstanceBox; wide: number }) {
  const size = instance.vcpus ?? 2;
  const used = instance.jobs.reduce((sum, job) => sum + (job.milliVcpus ?? 0), 0) / 1000;
  const free = Math.max(0, size - used);
  return (
    <li class={`instance${instance.starting ? " starting" : ""}${instance.jobs.length === 0 ? " idle" : ""}`} style={{ width: `${Math.max(120, size * wide + 10)}px` }}>
      <span class="instance-head">
        <b>{instance.type}</b> {instance.zone}
        {instance.spot ? <span class="tagged">Spot</span> : <span class="tagged">on demand</span>}
        {instance.gpus > 0 && <span class="tagged">{some(instance.gpus, "GPU")}</span>}
      </span>
      <span class="packed">
        {instance.jobs.map((job) => (
          <a
            key={job.id}
            class="placed"
            href={write(["job", job.id])}
            title={`${job.name ?? job.id}${job.milliVcpus === undefined ? "" : `: ${vcpus(job.milliVcpus)} vCPU`}${job.gpus ? `, ${job.gpus} GPU` : ""}`}
            style={{ width: `${(100 * (job.milliVcpus ?? 1000)) / 1000 / size}%` }}
          >
            {job.name ?? job.id.slice(0, 8)}
          </a>
        ))}
      </span>
      <span class="dim">
        {instance.starting ? "starting" : instance.jobs.length === 0 ? "idle" : `${vcpus(free * 1000)} of ${size} vCPUs free`}
      </span>
    </li>
  );
}
