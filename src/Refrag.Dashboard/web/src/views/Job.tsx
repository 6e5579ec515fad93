import { useEffect, useState } from "preact/hooks";
import { write } from "../logic/address";
import { forJob } from "../logic/commands";
import { follow, type Connection } from "../logic/follow";
import { length, time } from "../logic/format";
import type { JobPage, Problem, Session } from "../logic/model";
import { hasEnded } from "../logic/states";
import { Confirm } from "../parts/Confirm";
import { Empty, ProblemBox } from "../parts/Problems";
import { State } from "../parts/State";
import { When } from "../parts/Time";
import { useKeys, useNow } from "../parts/hooks";
import { Children } from "./job/Children";
import { CostTab } from "./job/Cost";
import { Log } from "./job/Log";
import { Request } from "./job/Request";
import { Timeline } from "./job/Timeline";
import { Use } from "./job/Use";
import { Why } from "./job/Why";

interface Props {
  session: Session;
  id: string;
  tab: string | undefined;
  onConnection: (state: Connection) => void;
}

export function Job({ session, id, tab, onConnection }: Props) {
  const [page, setPage] = useState<JobPage>();
  const [problem, setProblem] = useState<Problem>();
  const [failures, setFailures] = useState(0);
  const [action, setAction] = useState<string>();
  const now = useNow();
  useEffect(() => {
    setPage(undefined);
    setProblem(undefined);
    const stream = follow(
      `/api/job/${encodeURIComponent(id)}/live`,
      {
        job: (next: JobPage) => {
          setPage(next);
          setProblem(undefined);
        },
        problem: (next: Problem) => setProblem(next),
        back: () => setProblem(undefined),
        // Batch knows it no more: what the page has of it stays, and nothing is asked again.
        gone: (why: Problem) => {
          setProblem(why);
          stream.close();
        },
      },
      (state, n) => {
        setFailures(n);
        onConnection(state);
      },
    );
    return () => stream.close();
  }, [id]);

  const tabs = [
    "log",
    "why",
    "use",
    "cost",
    ...(page?.job.size ? ["children"] : []),
    "request",
    "tags",
  ];
  const shown = tab && tabs.includes(tab) ? tab : "log";
  const step = (by: number) => {
    const at = (tabs.indexOf(shown) + by + tabs.length) % tabs.length;
    location.hash = write(["job", id, tabs[at]!]);
    document.getElementById(`tab-${tabs[at]}`)?.focus();
  };
  const ask = (what: string) => {
    if (page && !session.readOnly) setAction(what);
  };
  useKeys({
    "]": () => step(1),
    "[": () => step(-1),
    c: () => ask("cancel"),
    t: () => ask("terminate"),
    r: () => ask("retry"),
    u: () => history.back(),
  });

  if (!page)
    return (
      <section class="view">
        <h1 class="mono">{id}</h1>
        {problem ? (
          <ProblemBox problem={problem} />
        ) : failures > 1 ? (
          <Empty title="The job cannot be shown" command={forJob("job", id, session.words)}>
            <p>Batch forgets jobs about seven days after their end, or the page's server does not answer.</p>
          </Empty>
        ) : (
          <div class="skeleton" role="status" aria-label="Reading the job" />
        )}
      </section>
    );
  const { job } = page;
  return (
    <section class="view job" aria-labelledby="title">
      <div class="bar-top">
        <h1 id="title" dir="auto">
          {job.name}
        </h1>
        <State status={job.status} />
        {!session.readOnly && (
          <span class="buttons" role="group" aria-label="Change the job">
            {!hasEnded(job.status) && (
              <>
                <button type="button" onClick={() => ask("cancel")} title="c">
                  Cancel
                </button>
                <button type="button" onClick={() => ask("terminate")} title="t">
                  Terminate
                </button>
              </>
            )}
            <button type="button" onClick={() => ask("retry")} title="r">
              Retry
            </button>
          </span>
        )}
      </div>
      {problem && <ProblemBox problem={problem} />}
      {job.reason && (
        <p class="reason" dir="auto">
          {job.reason}
        </p>
      )}
      {page.start && (
        <p>
          {page.start.latest === undefined
            ? `Probably not before ${length(Math.max(0, page.start.earliest - page.start.askedAt))} from now.`
            : `Expected to start in ${length(Math.max(0, page.start.earliest - page.start.askedAt))} to ${length(Math.max(0, page.start.latest - page.start.askedAt))}, in ${page.start.level} of 100 cases.`}
        </p>
      )}
      <dl class="facts">
        <Fact name="Id" mono value={job.id} />
        <Fact name="Queue" value={job.queue + (job.share ? `, share ${job.share}` : "")} />
        <Fact name="Needs" value={page.needs} />
        <Fact name="Definition" value={page.definition} />
        <Fact name="Image" mono value={page.image} />
        <Fact name="Command" mono value={page.command} />
        <div>
          <dt>Submitted</dt>
          <dd>
            <When at={job.created} now={now} /> <span class="dim">{time(job.created)}</span>
          </dd>
        </div>
        {page.dependsOn && <Ids name="Waits for" ids={page.dependsOn} />}
        {page.chain && <Ids name="Chain" ids={page.chain} />}
      </dl>
      <Timeline page={page} now={now} />
      <div class="tabs" role="tablist" aria-label="Parts of the job">
        {tabs.map((one) => (
          <a
            key={one}
            id={`tab-${one}`}
            role="tab"
            aria-selected={one === shown}
            aria-controls="panel"
            tabIndex={one === shown ? 0 : -1}
            href={write(["job", id, one])}
            onKeyDown={(event) => {
              if (event.key === "ArrowRight") step(1);
              else if (event.key === "ArrowLeft") step(-1);
            }}
          >
            {one[0]!.toUpperCase() + one.slice(1)}
          </a>
        ))}
      </div>
      <div id="panel" class="panel" role="tabpanel" aria-labelledby={`tab-${shown}`} tabIndex={0}>
        {shown === "log" && <Log key={job.id} job={job} session={session} />}
        {shown === "why" && <Why key={`${job.id} ${job.status}`} id={job.id} session={session} />}
        {shown === "use" && <Use page={page} session={session} />}
        {shown === "cost" && <CostTab page={page} session={session} />}
        {shown === "children" && <Children key={job.id} job={job} />}
        {shown === "request" && <Request page={page} session={session} />}
        {shown === "tags" && <Tags page={page} />}
      </div>
      {action && (
        <Confirm action={action} ids={[job.id]} session={session} onClose={() => setAction(undefined)} />
      )}
    </section>
  );
}

const Fact = ({ name, value, mono }: { name: string; value: string | undefined; mono?: boolean }) =>
  value ? (
    <div>
      <dt>{name}</dt>
      {/* A long one scrolls, also by keyboard. */}
      <dd class={mono ? "mono" : ""} dir="auto" tabIndex={value.length > 100 ? 0 : undefined}>
        {value}
      </dd>
    </div>
  ) : null;

const Ids = ({ name, ids }: { name: string; ids: string[] }) => (
  <div>
    <dt>{name}</dt>
    <dd class="mono">
      {ids.map((id, i) => (
        <span key={id}>
          {i > 0 && " → "}
          <a href={write(["job", id])}>{id.slice(0, 8)}</a>
        </span>
      ))}
    </dd>
  </div>
);

function Tags({ page }: { page: JobPage }) {
  const tags = Object.entries(page.job.tags ?? {});
  if (tags.length === 0) return <Empty title="The job has no tags" />;
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Tag</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {tags.map(([key, value]) => (
          <tr key={key}>
            <td dir="auto">{key}</td>
            <td dir="auto">
              <a href={write(["jobs"], { q: /\s/.test(key + value) ? `"tag:${key}=${value}"` : `tag:${key}=${value}` })}>{value}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

