import { useState } from "preact/hooks";
import { post, Refused } from "../logic/api";
import { timeOfDay } from "../logic/format";
import type { Problem, Session } from "../logic/model";
import { ProblemBox } from "../parts/Problems";

interface Event {
  title: string;
  effect: string;
  body: Record<string, unknown>;
}

const events: Event[] = [
  { title: "Reclaim half of Spot", effect: "half of the Spot instances are reclaimed", body: { what: "spot_reclaim", part: 0.5 } },
  { title: "Reclaim all of Spot", effect: "every Spot instance is reclaimed", body: { what: "spot_reclaim", part: 1 } },
  { title: "No capacity, 5 min", effect: "no instance can be had for 5 minutes", body: { what: "insufficient_capacity", type: "*", until: "5m" } },
  { title: "Slow starts, 5 min", effect: "instances start 2 minutes later, for 5 minutes", body: { what: "slow_start", extra: "2m", until: "5m" } },
  { title: "Broken image, 2 min", effect: "attempts fail at once for 2 minutes", body: { what: "image_fault", until: "2m" } },
];

/** What goes wrong, by button, and what was injected. */
export function Rehearsal({ session, environments }: { session: Session; environments: string[] }) {
  const [environment, setEnvironment] = useState("");
  const [log, setLog] = useState<{ at: number; text: string }[]>([]);
  const [problems, setProblems] = useState<Problem[]>([]);
  const inject = async (event: Event) => {
    const takes = event.body.what === "spot_reclaim" || event.body.what === "image_fault";
    const body = takes && environment ? { ...event.body, environment } : event.body;
    try {
      await post("/api/rehearsal", body, session);
      setProblems([]);
      setLog([{ at: Date.now(), text: event.effect + (takes && environment ? ` in ${environment}` : "") }, ...log].slice(0, 20));
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      setProblems(failure.problems);
    }
  };
  return (
    <article class="card rehearsal" aria-label="Rehearsal">
      <h2>Rehearsal</h2>
      <p>
        <label>
          Reclaims and faults in{" "}
          <select value={environment} onChange={(change) => setEnvironment(change.currentTarget.value)}>
            <option value="">every environment</option>
            {environments.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      </p>
      <p class="buttons">
        {events.map((event) => (
          <button key={event.title} type="button" title={event.effect} onClick={() => void inject(event)}>
            {event.title}
          </button>
        ))}
      </p>
      {problems.map((one) => (
        <ProblemBox key={one.code} problem={one} />
      ))}
      <div role="log" aria-label="What was injected">
        {log.map((one) => (
          <p key={`${one.at} ${one.text}`}>
            <span class="num">{timeOfDay(one.at)}</span> {one.text}
          </p>
        ))}
      </div>
    </article>
  );
}
