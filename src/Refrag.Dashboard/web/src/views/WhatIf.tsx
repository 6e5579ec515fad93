import { useEffect, useRef, useState } from "preact/hooks";
import { write } from "../logic/address";
import { get, Refused } from "../logic/api";
import { readEvents } from "../logic/events";
import type { Connection } from "../logic/follow";
import { count } from "../logic/format";
import type { Problem, Session, WhatIfForm, WhatIfLoad, WhatIfWorld } from "../logic/model";
import { knownOf, letter, mostWorlds, pathOf, planOf, queryOf, withValue, type Plan, type Run, type Settings } from "../logic/whatif";
import { ProblemBox } from "../parts/Problems";
import { Results } from "./whatif/Results";

interface Props {
  session: Session;
  query: Record<string, string>;
  onConnection: (state: Connection) => void;
}

const loads: [string, string][] = [
  ["now", "that wait and run now"],
  ["1", "of the last day, from the history"],
  ["7", "of the last 7 days, from the history"],
  ["30", "of the last 30 days, from the history"],
  ["90", "of the last 90 days, from the history"],
];

const said = (failure: unknown): Problem[] => (failure instanceof Refused ? failure.problems : [{ code: "", what: String(failure), cure: "Reload the page." }]);

/** The jobs of the queues in other worlds: the simulator of `refrag simulate`, run by the page's server. */
export function WhatIf({ query, onConnection }: Props) {
  const [form, setForm] = useState<WhatIfForm>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [plan, setPlan] = useState(planOf(query));
  const [run, setRun] = useState<Run>();
  const stop = useRef<AbortController | undefined>(undefined);
  const isRunning = run !== undefined && !run.isOver;

  useEffect(() => {
    let isHere = true;
    get<WhatIfForm>("/api/whatif/form").then(
      (found) => {
        if (!isHere) return;
        setForm(found);
        // What the form does not show is not simulated.
        setPlan((plan) => ({ ...plan, worlds: plan.worlds.map((world) => knownOf(world, found.environments)) }));
        onConnection("open");
      },
      (failure: unknown) => {
        if (!isHere) return;
        setProblems(said(failure));
        if (failure instanceof Refused && !failure.isAnswer) onConnection("lost");
      },
    );
    return () => {
      isHere = false;
      // The server stops what nothing waits for.
      stop.current?.abort();
    };
  }, []);

  const simulate = async () => {
    history.replaceState(null, "", write(["whatif"], queryOf(plan)));
    const controller = new AbortController();
    stop.current?.abort();
    stop.current = controller;
    // The deployed world comes first.
    let state: Run = { plan, worlds: Array.from({ length: plan.worlds.length + 1 }), problems: [], isOver: false };
    const put = (change: Partial<Run>) => {
      if (stop.current !== controller) return;
      state = { ...state, ...change };
      setRun(state);
    };
    put({ says: "Asking the server" });
    try {
      await readEvents(
        pathOf(plan),
        {
          progress: ({ what }: { what: string }) => {
            onConnection("open");
            put({ says: what });
          },
          load: (load: WhatIfLoad) => put({ load }),
          world: (world: WhatIfWorld) => put({ worlds: state.worlds.map((one, i) => (i === world.number ? world : one)) }),
          problem: (problem: Problem) => put({ problems: [problem] }),
          end: ({ unfinished }: { unfinished: number[] }) => put({ unfinished }),
        },
        controller.signal,
      );
      put({ says: state.unfinished || state.problems.length > 0 ? undefined : "The answer has broken off", isOver: true });
    } catch (failure) {
      if (failure instanceof Refused && !failure.isAnswer) onConnection("lost");
      put(controller.signal.aborted ? { says: "Stopped", isOver: true } : { says: undefined, problems: said(failure), isOver: true });
    }
  };

  return (
    <section class="view whatif" aria-labelledby="title">
      <h1 id="title">What if</h1>
      {problems.map((problem) => (
        <ProblemBox key={problem.code} problem={problem} />
      ))}
      {form?.problem && <ProblemBox problem={form.problem} />}
      {!form && problems.length === 0 && <div class="skeleton" role="status" aria-label="Reading the compute environments" />}
      {form && !form.problem && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void simulate();
          }}
        >
          <Load plan={plan} onPlan={setPlan} />
          <Worlds form={form} plan={plan} onPlan={setPlan} />
          <p class="buttons">
            <button type="submit" class="primary" disabled={isRunning}>
              Simulate
            </button>
            {isRunning && (
              <button type="button" onClick={() => stop.current?.abort()}>
                Stop
              </button>
            )}
            <span class="dim">
              Nothing is changed. At most {count(form.mostJobs)} jobs and {count(form.mostSeconds)} seconds of simulation; <code>refrag simulate</code> in a
              terminal has no such limits.
            </span>
          </p>
        </form>
      )}
      <p role="status">{run?.says ?? ""}</p>
      {run && <Results run={run} environments={form?.environments ?? []} />}
    </section>
  );
}

function Load({ plan, onPlan }: { plan: Plan; onPlan: (plan: Plan) => void }) {
  const shown = loads.some(([one]) => one === plan.load) ? loads : [...loads, [plan.load, `of the last ${plan.load} days, from the history`] as [string, string]];
  return (
    <div class="bar-top">
      <label>
        Jobs{" "}
        <select value={plan.load} onChange={(event) => onPlan({ ...plan, load: event.currentTarget.value })}>
          {shown.map(([one, title]) => (
            <option key={one} value={one}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {plan.load === "now" && (
        <label>
          run, if nothing is known of them{" "}
          <input class="short" placeholder="such as 1h" maxLength={20} value={plan.run} onInput={(event) => onPlan({ ...plan, run: event.currentTarget.value })} />
        </label>
      )}
      <label>
        Reclaims of a Spot instance in an hour{" "}
        <input
          class="short"
          type="number"
          min="0"
          max="1000"
          step="any"
          placeholder="0"
          value={plan.reclaims}
          onInput={(event) => onPlan({ ...plan, reclaims: event.currentTarget.value })}
        />
      </label>
      <label>
        Seeds{" "}
        <input class="short" type="number" min="1" max="20" required value={plan.seeds} onInput={(event) => onPlan({ ...plan, seeds: event.currentTarget.value })} />
      </label>
    </div>
  );
}

function Worlds({ form, plan, onPlan }: { form: WhatIfForm; plan: Plan; onPlan: (plan: Plan) => void }) {
  const put = (at: number, world: Settings) => onPlan({ ...plan, worlds: plan.worlds.map((one, i) => (i === at ? world : one)) });
  return (
    <>
      <table class="plain">
        <caption>The worlds</caption>
        <thead>
          <tr>
            <th scope="col">Compute environment</th>
            <th scope="col">Deployed</th>
            {plan.worlds.map((_, i) => (
              <th key={i} scope="col">
                {letter(i)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {form.environments.map((one) => (
            <tr key={one.name}>
              <th scope="row" title={one.types.join(", ")}>
                {one.name}
              </th>
              <td>
                at most {count(one.maxVcpus)} vCPUs
                {one.spot !== undefined && `, ${market(one.spot)}`}
              </td>
              {plan.worlds.map((world, i) => (
                <td key={i}>
                  <span class="pair">
                    <input
                      class="short"
                      type="number"
                      min={one.minVcpus}
                      max="1000000"
                      aria-label={`${letter(i)}: the most vCPUs of ${one.name}`}
                      value={world[`${one.name}.max_vcpus`] ?? String(one.maxVcpus)}
                      onInput={(event) => put(i, withValue(world, one, "max_vcpus", event.currentTarget.value))}
                    />
                    {one.spot !== undefined && (
                      <select
                        aria-label={`${letter(i)}: market of ${one.name}`}
                        value={world[`${one.name}.spot`] ?? String(one.spot)}
                        onChange={(event) => put(i, withValue(world, one, "spot", event.currentTarget.value))}
                      >
                        <option value="false">{market(false)}</option>
                        <option value="true">{market(true)}</option>
                      </select>
                    )}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="buttons">
        {plan.worlds.length < mostWorlds && (
          <button type="button" onClick={() => onPlan({ ...plan, worlds: [...plan.worlds, { ...plan.worlds.at(-1) }] })}>
            Another world
          </button>
        )}
        {plan.worlds.length > 1 && (
          <button type="button" onClick={() => onPlan({ ...plan, worlds: plan.worlds.slice(0, -1) })}>
            Without {letter(plan.worlds.length - 1)}
          </button>
        )}
      </p>
    </>
  );
}

const market = (spot: boolean): string => (spot ? "Spot" : "on demand");
