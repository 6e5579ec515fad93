import { useEffect, useRef, useState } from "preact/hooks";
import { act, type Outcome } from "../logic/api";
import { forJobs } from "../logic/commands";
import { some } from "../logic/format";
import type { ActionReport, Session } from "../logic/model";
import { Copy } from "./Copy";
import { Dialog } from "./Dialog";
import { ProblemBox } from "./Problems";

const effects: Record<string, string> = {
  cancel: "A cancelled job becomes FAILED and never starts. One that starts meanwhile continues.",
  terminate: "A terminated job becomes FAILED; its containers have 30 seconds between SIGTERM and SIGKILL.",
  retry: "The same request is submitted again, as a new job beside the old one, which stays as it is.",
};

const verbs: Record<string, string> = { cancel: "Cancel", terminate: "Terminate", retry: "Retry" };

interface Props {
  action: string;
  ids: string[];
  session: Session;
  /** Jobs that are sent are selected no more, so that nothing is asked of them twice; those of a part that was refused are again. */
  onSelect?: (ids: string[], isSelected: boolean) => void;
  onClose: () => void;
}

/** Asks before jobs are ended or repeated: how many, with what effect, which are left alone; then says what came of it. */
export function Confirm(props: Props) {
  // Those that were asked about, whatever becomes of the selection meanwhile.
  const [ids] = useState(props.ids);
  const [plan, setPlan] = useState<Outcome>();
  const [report, setReport] = useState<Outcome>();
  const [progress, setProgress] = useState<number>();
  const [stopping, setStopping] = useState(false);
  const stopped = useRef(false);
  const verb = verbs[props.action]!;

  useEffect(() => {
    void act(props.action, ids, props.session, true, { isStopped: () => stopped.current }).then(setPlan);
    // However the dialog is closed, no further part is sent.
    return () => {
      stopped.current = true;
    };
  }, []);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), [plan, report]);

  const count = plan?.done.length ?? 0;
  const runs = progress !== undefined && !report;
  const isPlanned = plan !== undefined && plan.problems.length === 0;
  const title = report
    ? `${verb}: ${report.unsent.length + report.unknown.length > 0 ? "not all" : "done"}`
    : `${verb} ${some(isPlanned ? count : ids.length, "job")}?`;
  const confirm = async () => {
    setProgress(0);
    const select = props.onSelect ?? (() => {});
    setReport(
      await act(props.action, ids, props.session, false, {
        isStopped: () => stopped.current,
        sending: (sent) => select(sent, false),
        refused: (refused) => select(refused, true),
        progress: setProgress,
      }),
    );
  };
  const stop = () => {
    stopped.current = true;
    setStopping(true);
  };
  return (
    <Dialog title={title} onClose={props.onClose} onEscape={runs ? stop : undefined}>
      {(report ?? plan)?.problems.map((problem) => <ProblemBox key={problem.code} problem={problem} />)}
      {!report && <p>{effects[props.action]}</p>}
      {!plan && <p class="dim">Asking Batch for the jobs…</p>}
      {isPlanned && !report && <Left report={plan} />}
      {report ? (
        <Report action={props.action} report={report} />
      ) : (
        <p>
          The same in a terminal: <Copy text={forJobs(props.action, ids, props.session.words)} label="the command" />
        </p>
      )}
      {runs && <progress value={progress} max={ids.length} aria-label="Progress" />}
      <p class="buttons">
        {isPlanned && count > 0 && progress === undefined && (
          <button type="button" class="primary" ref={first} onClick={confirm}>
            {verb} {some(count, "job")}
          </button>
        )}
        {runs ? (
          <button type="button" disabled={stopping} onClick={stop}>
            {stopping ? "Stopping…" : "Stop after these"}
          </button>
        ) : (
          <button type="button" ref={report || count === 0 ? first : undefined} onClick={props.onClose}>
            {report ? "Close" : "Leave them as they are"}
          </button>
        )}
      </p>
    </Dialog>
  );
}

function Report({ action, report }: { action: string; report: Outcome }) {
  const n = report.done.length;
  return (
    <div role="status">
      <p>{action === "retry" ? `${some(n, "job")} submitted.` : `Batch has accepted ${some(n, "request")}.`}</p>
      {report.unknown.length > 0 && (
        <p>
          It is not known whether {some(report.unknown.length, "more job")} {action === "retry" ? "were submitted" : "were ended"}:
          look before you repeat it. The first is <span class="mono">{report.unknown[0]}</span>.
        </p>
      )}
      {report.unsent.length > 0 && <p>{some(report.unsent.length, "job")} not sent, and selected still.</p>}
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
