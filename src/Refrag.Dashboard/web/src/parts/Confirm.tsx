import { useEffect, useRef, useState } from "preact/hooks";
import { act, Refused } from "../logic/api";
import { forJobs } from "../logic/commands";
import { some } from "../logic/format";
import type { ActionReport, Problem, Session } from "../logic/model";
import { Copy } from "./Copy";
import { Dialog } from "./Dialog";
import { ProblemBox } from "./Problems";

const effects: Record<string, string> = {
  cancel: "A cancelled job becomes FAILED and never starts. One that starts meanwhile continues.",
  terminate: "A terminated job becomes FAILED; its containers have 30 seconds between SIGTERM and SIGKILL.",
  retry: "The same request is submitted again, as a new job beside the old one, which stays as it is.",
};

const verbs: Record<string, string> = { cancel: "Cancel", terminate: "Terminate", retry: "Retry" };

/** Asks before jobs are ended or repeated: how many, with what effect, which are left alone; then says what came of it. */
export function Confirm(props: { action: string; ids: string[]; session: Session; onClose: (done: boolean) => void }) {
  const [plan, setPlan] = useState<ActionReport>();
  const [report, setReport] = useState<ActionReport>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [progress, setProgress] = useState<number>();
  const verb = verbs[props.action]!;

  const run = async (isPlan: boolean) => {
    try {
      return await act(props.action, props.ids, props.session, isPlan, isPlan ? undefined : setProgress);
    } catch (failure) {
      setProblems(failure instanceof Refused ? failure.problems : []);
      if (!(failure instanceof Refused)) throw failure;
      return undefined;
    }
  };
  useEffect(() => {
    void run(true).then(setPlan);
  }, []);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), [plan, report]);

  const count = plan?.done.length ?? 0;
  const title = report
    ? `${verb}: done`
    : plan
      ? `${verb} ${some(count, "job")}?`
      : `${verb} ${some(props.ids.length, "job")}?`;
  const confirm = async () => {
    setProgress(0);
    setReport(await run(false));
  };
  return (
    <Dialog title={title} onClose={() => props.onClose(report !== undefined)}>
      {problems.map((problem) => (
        <ProblemBox key={problem.code} problem={problem} />
      ))}
      {!report && <p>{effects[props.action]}</p>}
      {!plan && problems.length === 0 && <p class="dim">Asking Batch for the jobs…</p>}
      {plan && !report && <Left report={plan} />}
      {report ? (
        <div role="status">
          <p>
            {props.action === "retry" ? `${some(report.done.length, "job")} submitted.` : `Batch has accepted ${some(report.done.length, "request")}.`}
          </p>
          {report.done.slice(0, 5).map(
            (one) =>
              one.newId && (
                <p key={one.id}>
                  New: <a href={`#/job/${encodeURIComponent(one.newId)}`}>{one.newId}</a>
                </p>
              ),
          )}
          {report.failed.slice(0, 5).map((one) => (
            <div key={one.id}>
              <p class="mono">{one.id}</p>
              <ProblemBox problem={one.problem} />
            </div>
          ))}
          {report.failed.length > 5 && <p>{some(report.failed.length - 5, "more failure")}.</p>}
          <Left report={report} />
        </div>
      ) : (
        <p>
          The same in a terminal: <Copy text={forJobs(props.action, props.ids, props.session.words)} label="the command" />
        </p>
      )}
      {progress !== undefined && !report && problems.length === 0 && (
        <progress value={progress} max={props.ids.length} aria-label="Progress" />
      )}
      <p class="buttons">
        {!report && count > 0 && progress === undefined && (
          <button type="button" class="primary" ref={first} onClick={confirm}>
            {verb} {some(count, "job")}
          </button>
        )}
        <button type="button" ref={report || count === 0 ? first : undefined} onClick={() => props.onClose(report !== undefined)}>
          {report ? "Close" : "Leave them as they are"}
        </button>
      </p>
    </Dialog>
  );
}

function Left({ report }: { report: ActionReport }) {
  if (report.left.length === 0) return null;
  const reasons = new Map<string, number>();
  for (const one of report.left) reasons.set(one.why, (reasons.get(one.why) ?? 0) + 1);
  return (
    <ul>
      {[...reasons].map(([why, n]) => (
        <li key={why}>
          {some(n, "job")} left alone: {why}
        </li>
      ))}
    </ul>
  );
}
