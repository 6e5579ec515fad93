import type { ActionReport, Problem, Session } from "./model";

/** What the server refused, in the words of the command line, or that no answer of its came. */
export class Refused extends Error {
  /** @param isAnswer whether the server itself has refused, and so did nothing of it */
  constructor(
    readonly problems: Problem[],
    readonly isAnswer: boolean,
  ) {
    super(problems[0]?.what ?? "");
  }
}

const unreachable: Problem = {
  code: "RF8196",
  what: "The page's server does not answer",
  cause: "refrag dashboard has ended, or is being started again",
  cure: "Start refrag dashboard again; if it has a new address, open that.",
};

/** An answer of the server that did not come to its end. */
export const broken = (): Refused => new Refused([unreachable], false);

/** What an answer that is not OK has refused. */
export async function refusedOf(response: Response): Promise<Refused> {
  let problems: Problem[] = [];
  try {
    problems = (await response.json()) as Problem[];
  } catch {
    // Not one of the server's own answers.
  }
  return problems.length > 0
    ? new Refused(problems, true)
    : new Refused([{ code: String(response.status), what: "The server has failed at this", cure: "Its terminal says more." }], false);
}

async function answer<T>(request: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await request;
    // An answer that breaks off is none.
    if (response.ok) return (await response.json()) as T;
  } catch {
    throw broken();
  }
  throw await refusedOf(response);
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

/** What became of a change: what is known of the parts that were sent, and which jobs were not reached. */
export interface Outcome extends ActionReport {
  /** Sent, and no answer came: Batch may have taken them. */
  unknown: string[];
  /** Not sent: it was stopped before, or refused as a whole. */
  unsent: string[];
  problems: Problem[];
}

export interface Watch {
  isStopped?: () => boolean;
  /** Before a part is sent. */
  sending?: (ids: string[]) => void;
  /** The server refused the part as a whole: nothing of it was done. */
  refused?: (ids: string[]) => void;
  progress?: (done: number) => void;
}

/** Ends or repeats jobs, some at a time. Between two parts it can be stopped; what fails ends it, with the report of those before. */
export async function act(action: string, ids: string[], session: Session, plan: boolean, watch: Watch = {}): Promise<Outcome> {
  const all: Outcome = { done: [], left: [], failed: [], unknown: [], unsent: [], problems: [] };
  for (let at = 0; at < ids.length; at += together) {
    const some = ids.slice(at, at + together);
    if (watch.isStopped?.() || all.problems.length > 0) {
      all.unsent.push(...some);
      continue;
    }
    watch.sending?.(some);
    try {
      const part = await post<ActionReport>("/api/actions", { action, plan, ids: some }, session);
      all.done.push(...part.done);
      all.left.push(...part.left);
      all.failed.push(...(part.failed ?? []));
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      all.problems = failure.problems;
      if (failure.isAnswer) {
        all.unsent.push(...some);
        watch.refused?.(some);
      } else {
        all.unknown.push(...some);
      }
    }
    watch.progress?.(Math.min(ids.length, at + together));
  }
  return all;
}
