import { useEffect, useState } from "preact/hooks";
import { write } from "../../logic/address";
import { get, Refused } from "../../logic/api";
import { count } from "../../logic/format";
import type { ChildGrid, JobRow, Problem } from "../../logic/model";
import { ProblemBox } from "../../parts/Problems";
import { State } from "../../parts/State";
import { classOf, shapeOf } from "../../logic/states";

const across = 50;

/** A cell for each child, named by hovering and by the arrow keys. */
export function Children({ job }: { job: JobRow }) {
  const [grid, setGrid] = useState<ChildGrid>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [at, setAt] = useState(0);
  // The summary of the parent says when children have changed.
  const summary = JSON.stringify(job.children ?? {});
  useEffect(() => {
    get<ChildGrid>(`/api/job/${encodeURIComponent(job.id)}/children`).then(setGrid, (failure: unknown) =>
      setProblems(failure instanceof Refused ? failure.problems : []),
    );
  }, [job.id, summary]);
  if (problems.length > 0) return <>{problems.map((one) => <ProblemBox key={one.code} problem={one} />)}</>;
  if (!grid) return <div class="skeleton" role="status" aria-label="Reading the children" />;
  const stateOf = (index: number) => grid.states[grid.children[index] ?? -1] ?? "unknown";
  const key = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (by !== undefined) setAt(Math.max(0, Math.min(grid.children.length - 1, at + by)));
    else if (event.key === "Enter") location.hash = write(["job", `${job.id}:${at}`]);
    else return;
    event.preventDefault();
  };
  return (
    <div class="children">
      <p role="status">
        Child {count(at)}: <State status={stateOf(at)} />{" "}
        <a href={write(["job", `${job.id}:${at}`])}>open</a>
      </p>
      <div
        class="cells"
        role="application"
        aria-label={`${count(grid.children.length)} children; arrow keys choose one, Enter opens it`}
        tabIndex={0}
        onKeyDown={key}
      >
        {grid.children.map((_, index) => (
          <span
            key={index}
            class={`cell ${classOf(stateOf(index))}${index === at ? " cursor" : ""}`}
            title={`${index}: ${stateOf(index)}`}
            aria-hidden="true"
            onClick={() => setAt(index)}
            onDblClick={() => (location.hash = write(["job", `${job.id}:${index}`]))}
          >
            {shapeOf(stateOf(index))}
          </span>
        ))}
      </div>
    </div>
  );
}
