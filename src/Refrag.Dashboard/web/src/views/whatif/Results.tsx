import { count, some } from "../../logic/format";
import type { WhatIfEnvironment, WhatIfFigure, WhatIfWorld } from "../../logic/model";
import { against, barOf, figureOf, figures, isOneDraw, letter, shownOf, type Run, type Settings } from "../../logic/whatif";
import { Copy } from "../../parts/Copy";
import { ProblemBox } from "../../parts/Problems";

/** Worlds side by side, as far as they have come. */
export function Results({ run, environments }: { run: Run; environments: WhatIfEnvironment[] }) {
  const known = run.worlds.filter((one) => one !== undefined);
  const shown = figures.filter(([name]) => known.some((world) => figureOf(world, name)) || ["cost", "makespan", "wait.p90"].includes(name));
  return (
    <>
      {run.problems.map((problem) => (
        <ProblemBox key={problem.code} problem={problem} />
      ))}
      {run.load && (
        <p>
          <span dir="auto">{run.load.source}</span>: {some(run.load.jobs, "job")}, {count(run.load.gpuJobs)} of them with GPUs.
        </p>
      )}
      {run.load && run.load.notes.length > 0 && (
        <ul class="notes">
          {run.load.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {known.length > 0 && (
        <>
          <table class="plain whatif">
            <caption>What the jobs come to</caption>
            <thead>
              <tr>
                <th scope="col">Figure</th>
                <th scope="col">Deployed</th>
                {run.plan.worlds.map((world, i) => (
                  <th key={i} scope="col">
                    {letter(i)}
                    <span class="dim block">{differs(world, environments)}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(([name, title]) => (
                <Row key={name} name={name} title={title} row={run.worlds.map((world) => figureOf(world, name))} run={run} />
              ))}
              <tr>
                <th scope="row">Instances launched, reclaimed</th>
                {run.worlds.map((world, i) => (
                  <td key={i}>
                    <span class="num">{world ? `${number(world.instances)}, ${number(world.reclaimed)}` : missing(run, i)}</span>
                  </td>
                ))}
              </tr>
              <tr>
                <th scope="row">Jobs that never start</th>
                {run.worlds.map((world, i) => (
                  <td key={i}>
                    <span class="num">{world ? count(world.neverStarted) : missing(run, i)}</span>
                  </td>
                ))}
              </tr>
            </tbody>
          </table>
          <Explain known={known} run={run} />
        </>
      )}
    </>
  );
}

function Row({ name, title, row, run }: { name: string; title: string; row: (WhatIfFigure | undefined)[]; run: Run }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {row.map((figure, i) => {
        const bar = barOf(figure, row);
        // Work that never starts costs nothing: such worlds cannot be compared.
        const isLike = run.worlds[i]?.neverStarted === run.worlds[0]?.neverStarted;
        const beside = i === 0 || !isLike || isOneDraw(run.plan) ? "" : against(figure, row[0]);
        return (
          <td key={i}>
            <span class="num">{figure ? shownOf(name, figure) : run.worlds[i] ? "not known" : missing(run, i)}</span>
            {bar !== undefined && (
              <span class="measure" aria-hidden="true">
                <span style={{ width: `${bar * 100}%` }} />
              </span>
            )}
            {beside && <span class="dim block">{beside}</span>}
          </td>
        );
      })}
    </tr>
  );
}

function Explain({ known, run }: { known: WhatIfWorld[]; run: Run }) {
  const seeds = Math.max(...known.map((world) => world.seeds));
  const unpriced = [...new Set(known.flatMap((world) => world.unpriced))];
  const name = (world: WhatIfWorld) => (world.number === 0 ? "Deployed" : letter(world.number - 1));
  return (
    <>
      <p class="dim">
        A wait lasts until the first start. The cost is that of whole instances from launch to end, without disks and traffic; a type
        without a Spot price counts at its price on demand, and Spot prices that refrag ships are estimates.{" "}
        {isOneDraw(run.plan)
          ? "One seed: what differs between the worlds may be chance. Take more seeds to see."
          : seeds > 1
          ? `Means of ${seeds} seeds where Spot is reclaimed; ± is half of the interval that holds the mean with a confidence of 95 %. “No clear difference”: two intervals overlap.`
          : "No Spot instance is taken back in these worlds, so that chance has no part: one run of each says all that the model knows. Whether the next jobs are like these, no run says."}{" "}
        It is a model: start-up times do not vary, EC2 always has capacity, and jobs wait for no others.
      </p>
      {unpriced.length > 0 && <p>Without a price: {unpriced.join(", ")}. The cost of worlds that ran them is not known; <code>refrag catalog refresh</code> reads today's prices.</p>}
      {run.unfinished && run.unfinished.length > 0 && (
        <p role="status">
          The time did not suffice for {run.unfinished.map((at) => (at === 0 ? "the deployed world" : letter(at - 1))).join(", ")}. Take fewer jobs or
          seeds, or the command.
        </p>
      )}
      {known
        .filter((world) => world.neverStarted > 0)
        .map((world) => (
          <div key={world.number}>
            <p>
              {name(world)}: {some(world.neverStarted, "job")} never start{world.neverStarted === 1 ? "s" : ""}.{" "}
              {world.blocked.length > 0 ? "The head of a queue blocks it:" : "Batch gives no reason for those at the head."}
            </p>
            <ul>
              {world.blocked.map((one) => (
                <li key={one} dir="auto">
                  {one}
                </li>
              ))}
            </ul>
          </div>
        ))}
      <details>
        <summary>The commands that simulate the same</summary>
        {known.map((world) => (
          <p key={world.number}>
            {name(world)}: <Copy text={world.command} label={`the command of ${name(world)}`} />
          </p>
        ))}
      </details>
    </>
  );
}

const missing = (run: Run, at: number): string => (run.unfinished?.includes(at) ? "no time" : run.isOver ? "not simulated" : "…");

const number = (n: number): string => count(Math.round(n * 10) / 10);

/** What a world has else than the deployed one, in words. */
function differs(world: Settings, environments: WhatIfEnvironment[]): string {
  const parts = environments.flatMap((one) => {
    const [most, spot] = [world[`${one.name}.max_vcpus`], world[`${one.name}.spot`]];
    if (most === undefined && spot === undefined) return [];
    return [`${one.name} ${[most !== undefined && `${most} vCPUs`, spot !== undefined && (spot === "true" ? "Spot" : "on demand")].filter(Boolean).join(", ")}`];
  });
  return parts.length > 0 ? parts.join("; ") : "as deployed";
}
