import { useEffect, useRef, useState } from "preact/hooks";
import { read, write } from "./logic/address";
import { get, Refused } from "./logic/api";
import type { Connection } from "./logic/follow";
import type { Problem, Session } from "./logic/model";
import { ProblemBox } from "./parts/Problems";
import { useKeys } from "./parts/hooks";
import { Cost } from "./views/Cost";
import { Fleets } from "./views/Fleets";
import { Help } from "./views/Help";
import { Job } from "./views/Job";
import { Jobs } from "./views/Jobs";
import { Queues } from "./views/Queues";
import { Sweep, Sweeps } from "./views/Sweeps";
import { WhatIf } from "./views/WhatIf";

const views: [string, string, string][] = [
  ["jobs", "Jobs", "j"],
  ["queues", "Queues", "q"],
  ["fleets", "Fleets", "f"],
  ["cost", "Cost", "c"],
  ["sweeps", "Sweeps", "s"],
  ["whatif", "What-if", "w"],
];

const themes = ["auto", "light", "dark"];

export function App() {
  const [session, setSession] = useState<Session>();
  const [problems, setProblems] = useState<Problem[]>([]);
  const [address, setAddress] = useState(read(location.hash));
  const [connection, setConnection] = useState<Connection>("connecting");
  const [help, setHelp] = useState(false);
  const [theme, setTheme] = useState(localStorage.getItem("theme") ?? "auto");
  const begun = useRef(0);

  const enter = () =>
    get<Session>("/api/session").then(
      (found) => {
        setSession(found);
        setProblems([]);
        document.title = `refrag: ${found.place}${found.region ? ` ${found.region}` : ""}`;
      },
      (failure: unknown) => setProblems(failure instanceof Refused ? failure.problems : []),
    );
  useEffect(() => void enter(), []);
  useEffect(() => {
    // What this browser's changes must name may be another's since: it was let in again, or the server was started again.
    if (connection === "open" && session) void enter();
    if (connection !== "lost" || !session) return;
    // A server that was started again does not know this browser: then it says so, and how to be let in.
    const ask = () =>
      void get<Session>("/api/session").then(setSession, (failure: unknown) => {
        if (failure instanceof Refused) setProblems(failure.problems);
      });
    ask();
    const timer = setInterval(ask, 3000);
    return () => clearInterval(timer);
  }, [connection]);
  useEffect(() => {
    const change = () => setAddress(read(location.hash));
    addEventListener("hashchange", change);
    addEventListener("popstate", change);
    return () => {
      removeEventListener("hashchange", change);
      removeEventListener("popstate", change);
    };
  }, []);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);

  useKeys({
    "?": () => setHelp(true),
    g: () => {
      begun.current = Date.now();
    },
  });
  useEffect(() => {
    // `g j` and the like: before a view takes the second key for its own.
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const view = views.find((one) => one[2] === event.key);
      const isSecond = begun.current > 0 && Date.now() - begun.current < 1500;
      if (event.key !== "g") begun.current = 0;
      if (!isSecond || !view) return;
      location.hash = write([view[0]]);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener("keydown", listen, true);
    return () => removeEventListener("keydown", listen, true);
  }, []);

  const [view, ...rest] = address.path;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault();
        (document.getElementById("jobs") ?? document.getElementById("main"))?.focus();
      }}>
        To the content
      </a>
      <header>
        <span class="brand">refrag</span>
        <nav aria-label="Views">
          {views.map(([name, title]) => (
            <a key={name} href={write([name])} aria-current={view === name || (name === "jobs" && view === "job") ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <span class="place" title={session ? `refrag ${session.version}` : ""}>
          {session && `${session.place}${session.region ? `, ${session.region}` : ""}`}
          {session?.readOnly && <span class="tagged">read-only</span>}
        </span>
        <span class={`connection ${connection}`} role="status">
          <span aria-hidden="true">{{ open: "●", connecting: "◌", lost: "✕" }[connection]}</span>{" "}
          {{ open: "live", connecting: "connecting", lost: "not connected" }[connection]}
        </span>
        <button type="button" onClick={() => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length]!)}>
          {{ auto: "◐", light: "○", dark: "●" }[theme]} <span class="word">{theme}</span>
          <span class="hidden"> colours</span>
        </button>
        <button type="button" onClick={() => setHelp(true)} aria-label="Keys and filters">
          ?
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {problems.map((problem) => (
          <ProblemBox key={problem.code} problem={problem} />
        ))}
        {problems.length > 0 && (
          <p>
            <button type="button" onClick={() => void enter()}>
              Try again
            </button>
          </p>
        )}
        {session &&
          (view === "job" && rest[0] ? (
            <Job key={rest[0]} session={session} id={rest[0]} tab={rest[1]} onConnection={setConnection} />
          ) : view === "queues" ? (
            <Queues session={session} query={address.query} onConnection={setConnection} />
          ) : view === "fleets" ? (
            <Fleets session={session} query={address.query} onConnection={setConnection} />
          ) : view === "cost" ? (
            <Cost session={session} query={address.query} onConnection={setConnection} />
          ) : view === "sweeps" && rest[0] ? (
            <Sweep key={rest[0]} session={session} name={rest[0]} query={address.query} onConnection={setConnection} />
          ) : view === "whatif" ? (
            <WhatIf session={session} query={address.query} onConnection={setConnection} />
          ) : view === "sweeps" ? (
            <Sweeps session={session} onConnection={setConnection} />
          ) : (
            <Jobs session={session} query={address.query} onConnection={setConnection} />
          ))}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}
