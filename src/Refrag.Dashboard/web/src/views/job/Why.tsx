import { useEffect, useState } from "preact/hooks";
import { get, Refused } from "../../logic/api";
import { write } from "../../logic/address";
import { forJob } from "../../logic/commands";
import type { Problem, Session, WhyReport } from "../../logic/model";
import { Copy } from "../../parts/Copy";
import { ProblemBox } from "../../parts/Problems";

/** Causes as cards: evidence, how sure each is, and cures to copy. */
export function Why({ id, session }: { id: string; session: Session }) {
  const [report, setReport] = useState<WhyReport>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const read = () => {
    setReport(undefined);
    get<WhyReport>(`/api/job/${encodeURIComponent(id)}/why`).then(
      (found) => {
        setReport(found);
        setProblems([]);
      },
      (failure: unknown) => setProblems(failure instanceof Refused ? failure.problems : []),
    );
  };
  useEffect(read, [id]);
  const command = <Copy text={forJob("why", id, session.words)} label="the command" />;
  if (problems.length > 0) return <>{problems.map((one) => <ProblemBox key={one.code} problem={one} />)}{command}</>;
  if (!report) return <div class="skeleton" role="status" aria-label="Looking for causes" />;
  return (
    <div class="why">
      <p>
        <b dir="auto">{report.summary}.</b>{" "}
        {report.part && (
          <>
            Of its child <a href={write(["job", report.part])}>{report.part}</a>.
          </>
        )}
      </p>
      {report.causes.map((cause, i) => (
        <article key={cause.code + i} class="card">
          <h2 dir="auto">{cause.what}</h2>
          <p>
            <span class={`sure sure-${cause.confidence}`}>{cause.confidence}</span> <span class="dim mono">{cause.code}</span>
          </p>
          <ul>
            {cause.evidence.map((one, n) => (
              <li key={n} dir="auto">
                {one}
              </li>
            ))}
          </ul>
          {cause.cures.map((cure, n) => (
            <div key={n} class="cure">
              <p dir="auto">
                {cure.text}. {cure.checked && <span class="dim">({cure.checked})</span>}
              </p>
              {cure.command && <Copy text={cure.command} label="the cure" />}
            </div>
          ))}
        </article>
      ))}
      {report.notChecked.length > 0 && (
        <details>
          <summary>{report.notChecked.length} not checked</summary>
          <ul>
            {report.notChecked.map((one, n) => (
              <li key={n}>{one}</li>
            ))}
          </ul>
        </details>
      )}
      <p>
        <button type="button" onClick={read}>
          Look again
        </button>
      </p>
      {command}
    </div>
  );
}
