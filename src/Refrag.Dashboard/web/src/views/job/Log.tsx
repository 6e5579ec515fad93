import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { spans, strip } from "../../logic/ansi";
import { forJob } from "../../logic/commands";
import { follow } from "../../logic/follow";
import { count, some, time } from "../../logic/format";
import type { JobRow, LogPart, LogRow, Problem, Session } from "../../logic/model";
import { Copy } from "../../parts/Copy";
import { ProblemBox } from "../../parts/Problems";
import { useHeight, useKeys } from "../../parts/hooks";

const lineHeight = 20;

// Older lines are in the download: a browser holds this many without harm.
const most = 200_000;

/** The log, live and past: all attempts and parts, searched as it comes. */
export function Log({ job, session }: { job: JobRow; session: Session }) {
  const held = useRef<LogRow[]>([]);
  const dropped = useRef(0);
  const [version, drawn] = useReducer((n: number, _: void) => n + 1, 0);
  const [state, setState] = useState<{ more: boolean; absence?: string }>({ more: true });
  const [problem, setProblem] = useState<Problem>();
  const [search, setSearch] = useState("");
  const [attempt, setAttempt] = useState("");
  const [times, setTimes] = useState(false);
  const [wrap, setWrap] = useState(false);
  const [tail, setTail] = useState(true);
  const query = attempt ? `?attempt=${attempt}` : "";
  const path = `/api/job/${encodeURIComponent(job.id)}`;

  useEffect(() => {
    held.current = [];
    dropped.current = 0;
    setState({ more: true });
    drawn();
    let fresh = true;
    const stream = follow(
      `${path}/log${query}`,
      {
        lines: (part: LogPart) => {
          // The server begins anew with each connection.
          if (fresh) {
            held.current = [];
            dropped.current = 0;
          }
          fresh = false;
          for (const line of part.lines) held.current.push(line);
          if (held.current.length > most) {
            dropped.current += held.current.length - most;
            held.current = held.current.slice(-most);
          }
          setState({ more: part.more, absence: part.absence });
          setProblem(undefined);
          drawn();
          // Complete: the server closes, and nothing is to be opened again.
          if (!part.more) stream.close();
        },
        problem: (next: Problem) => setProblem(next),
      },
      (now) => {
        if (now !== "open") fresh = true;
      },
    );
    return () => stream.close();
  }, [job.id, query]);

  const found = useMemo(() => {
    const wanted = search.toLowerCase();
    return wanted ? held.current.filter((line) => strip(line.text).toLowerCase().includes(wanted)) : held.current;
  }, [version, search]);

  useKeys({ "/": () => document.getElementById("log-search")?.focus() });

  const attempts = (job.attempts ?? 0) + (job.stopped === undefined ? 1 : 0);
  return (
    <div class="log">
      <div class="bar-top">
        <input
          id="log-search"
          type="search"
          aria-label="Search the log"
          placeholder="Search the log"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {attempts > 1 && (
          <label>
            Attempt
            <select value={attempt} onChange={(event) => setAttempt(event.currentTarget.value)}>
              <option value="">all</option>
              {Array.from({ length: attempts }, (_, i) => (
                <option key={i} value={String(i + 1)}>
                  {i + 1}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          <input type="checkbox" checked={times} onChange={() => setTimes(!times)} /> Times
        </label>
        <label>
          <input type="checkbox" checked={wrap} onChange={() => setWrap(!wrap)} /> Wrap
        </label>
        <label>
          <input type="checkbox" checked={tail} onChange={() => setTail(!tail)} /> Follow
        </label>
        <a href={`${path}/log.txt${query}`} download>
          Download
        </a>
      </div>
      {problem && <ProblemBox problem={problem} />}
      <p class="dim" role="status">
        {search ? `${some(found.length, "line")} of ${count(held.current.length)}` : some(held.current.length, "line")}
        {dropped.current > 0 ? `; ${count(dropped.current)} before them are in the download` : ""}
        {state.more ? ", live" : ", complete"}
      </p>
      {held.current.length === 0 && state.absence ? <p>{state.absence}</p> : <Lines lines={found} times={times} wrap={wrap} tail={tail} onTail={setTail} />}
      <Copy text={forJob("logs", job.id, `${attempt ? `--attempt ${attempt} ` : ""}${session.words}`)} label="the command" />
    </div>
  );
}

interface LinesProps {
  lines: LogRow[];
  times: boolean;
  wrap: boolean;
  tail: boolean;
  onTail: (tail: boolean) => void;
}

function Lines({ lines, times, wrap, tail, onTail }: LinesProps) {
  const [box, height] = useHeight<HTMLDivElement>();
  const [top, setTop] = useState(0);
  // Wrapped lines have no common height; then the last of them are drawn as they are.
  const first = wrap ? Math.max(0, lines.length - 2000) : Math.max(0, Math.floor(top / lineHeight) - 20);
  const last = wrap ? lines.length : Math.min(lines.length, Math.ceil((top + height) / lineHeight) + 20);
  useEffect(() => {
    if (tail) box.current!.scrollTop = box.current!.scrollHeight;
  }, [lines, lines.length, tail, wrap, height]);
  return (
    <div
      class={`lines${wrap ? " wrap" : ""}`}
      ref={box}
      tabIndex={0}
      role="region"
      aria-label="Lines of the log"
      onScroll={(event) => {
        const element = event.currentTarget;
        setTop(element.scrollTop);
        // Who scrolls back wants to read, and not to be moved.
        const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 2 * lineHeight;
        if (tail && !atEnd && element.scrollTop < top) onTail(false);
      }}
    >
      <div style={wrap ? {} : { height: `${lines.length * lineHeight}px`, position: "relative" }}>
        {lines.slice(first, last).map((line, i) => (
          <div key={first + i} class="line" style={wrap ? {} : { transform: `translateY(${(first + i) * lineHeight}px)` }}>
            {times && <time class="dim">{time(line.at)} </time>}
            {line.part !== undefined && <span class="dim">[{line.part}] </span>}
            {spans(line.text).map((span, n) =>
              span.classes ? (
                <span key={n} class={span.classes}>
                  {span.text}
                </span>
              ) : (
                span.text
              ),
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
