import type { ActionReport, Problem, Session } from "./model";

/** What the server refused, in the words of the command line. */
export class Refused extends Error {
  constructor(readonly problems: Problem[]) {
    super(problems[0]?.what ?? "");
  }
}

const unreachable: Problem = {
  code: "RF8196",
  what: "The page's server does not answer",
  cause: "refrag dashboard has ended, or is being started again",
  cure: "Start refrag dashboard again; if it has a new address, open that.",
};

async function answer<T>(request: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await request;
  } catch {
    throw new Refused([unreachable]);
  }
  if (response.ok) return (await response.json()) as T;
  let problems: Problem[] = [];
  try {
    problems = (await response.json()) as Problem[];
  } catch {
    // Not one of the server's own answers.
  }
  throw new Refused(
    problems.length > 0
      ? problems
      : [{ code: String(response.status), what: "The server has refused this", cure: "Its terminal says more." }],
  );
}

export const get = <T>(path: string): Promise<T> => answer<T>(fetch(path, { headers: { Accept: "application/json" } }));

export const post = <T>(path: string, body: unknown, session: Session): Promise<T> =>
  answer<T>(
    fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Refrag-Csrf": session.csrf },
      body: JSON.stringify(body),
    }),
  );

// As many as the server takes at once, and few enough that progress is seen.
const together = 100;

/** Ends or repeats jobs, some at a time. */
export async function act(
  action: string,
  ids: string[],
  session: Session,
  plan: boolean,
  progress: (done: number) => void = () => {},
): Promise<ActionReport> {
  const all: ActionReport = { done: [], left: [], failed: [] };
  for (let at = 0; at < ids.length; at += together) {
    const part = await post<ActionReport>("/api/actions", { action, plan, ids: ids.slice(at, at + together) }, session);
    all.done.push(...part.done);
    all.left.push(...part.left);
    all.failed.push(...(part.failed ?? []));
    progress(Math.min(ids.length, at + together));
  }
  return all;
}
