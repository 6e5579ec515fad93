import { afterEach, describe, expect, it, vi } from "vitest";
import { act } from "../src/logic/api";
import { follow, patience, type Connection } from "../src/logic/follow";
import type { Session } from "../src/logic/model";
import { choose, withJobs } from "../src/logic/selection";

const session: Session = { csrf: "c", readOnly: false, place: "fake", words: "", version: "1" };
const ids = Array.from({ length: 250 }, (_, i) => `job-${i}`);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Answers each part in turn; a number is an answer of that status without JSON, undefined none at all. */
function server(answers: (object | number | undefined)[]): string[][] {
  const sent: string[][] = [];
  vi.stubGlobal("fetch", async (_: string, request: RequestInit) => {
    const part = (JSON.parse(request.body as string) as { ids: string[] }).ids;
    const answer = answers[sent.length];
    sent.push(part);
    if (answer === undefined) throw new TypeError("Failed to fetch");
    if (typeof answer === "number") return new Response("", { status: answer });
    return Array.isArray(answer)
      ? new Response(JSON.stringify(answer), { status: 403 })
      : new Response(JSON.stringify({ ...answer, done: part.map((id) => ({ id })) }));
  });
  return sent;
}

const taken = { left: [], failed: [] };
const refusal = [{ code: "RF8198", what: "Not yours", cure: "Reload" }];

describe("a change of many jobs", () => {
  it("is sent in parts, and each job once", async () => {
    const sent = server([taken, taken, taken]);
    const outcome = await act("retry", ids, session, false);
    expect(sent.flat()).toEqual(ids);
    expect([outcome.done.length, outcome.unknown, outcome.unsent, outcome.problems]).toEqual([250, [], [], []]);
  });

  it("stops between two parts, and says what was not sent", async () => {
    const sent = server([taken, taken, taken]);
    let stopped = false;
    const outcome = await act("terminate", ids, session, false, { isStopped: () => stopped, progress: () => (stopped = true) });
    expect(sent.length).toBe(1);
    expect([outcome.done.length, outcome.unsent]).toEqual([100, ids.slice(100)]);
  });

  it.each([
    ["no answer", undefined],
    ["a failure of the server", 500],
  ])("keeps the report of the parts before %s, which says nothing of its own part", async (_, answer) => {
    const sent = server([taken, answer, taken]);
    const outcome = await act("retry", ids, session, false);
    expect(sent.length).toBe(2);
    expect([outcome.done.length, outcome.unknown, outcome.unsent]).toEqual([100, ids.slice(100, 200), ids.slice(200)]);
    expect(outcome.problems.length).toBe(1);
  });

  it("selects what was refused again, and nothing that was sent", async () => {
    server([taken, refusal]);
    let selected: ReadonlySet<string> = new Set(ids);
    const outcome = await act("retry", ids, session, false, {
      sending: (some) => (selected = withJobs(selected, some, false)),
      refused: (some) => (selected = withJobs(selected, some, true)),
    });
    expect(outcome.problems).toEqual(refusal);
    expect([...selected].sort()).toEqual(ids.slice(100).sort());
  });
});

describe("a selection", () => {
  const keys = ["group x", "a", "b", "c"];
  const isJob = (at: number) => at > 0;
  const from = (anchor: string | undefined, at: number, ...selected: string[]) =>
    [...choose(new Set(selected), keys, isJob, at, anchor)];

  it("has all from the anchor on, and no group", () => {
    expect(from("group x", 2)).toEqual(["a", "b"]);
    expect(from("c", 2, "a")).toEqual(["a", "b", "c"]);
  });

  it("has the row alone where the anchor is gone", () => expect(from("ended and filtered out", 3)).toEqual(["c"]));

  it("changes with each click", () => {
    expect(from(undefined, 2)).toEqual(["b"]);
    expect(from(undefined, 2, "b")).toEqual([]);
  });
});

class Source {
  static opened: Source[] = [];
  isClosed = false;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    Source.opened.push(this);
  }
  addEventListener() {}
  close() {
    this.isClosed = true;
  }
}

describe("a page out of sight", () => {
  const states: Connection[] = [];
  function begin() {
    vi.useFakeTimers();
    const page = Object.assign(new EventTarget(), { hidden: false });
    vi.stubGlobal("document", page);
    vi.stubGlobal("EventSource", Source);
    Source.opened = [];
    states.length = 0;
    const stream = follow("/api/jobs", {}, (state) => states.push(state));
    const show = (isShown: boolean) => {
      page.hidden = !isShown;
      page.dispatchEvent(new Event("visibilitychange"));
    };
    return { show, stream };
  }
  const open = () => Source.opened.filter((one) => !one.isClosed).length;

  it("gives its connection back after a while, and opens it when seen again", () => {
    const { show } = begin();
    show(false);
    expect(open()).toBe(1);
    vi.advanceTimersByTime(patience);
    expect(open()).toBe(0);
    // Nothing opens it behind the user's back.
    Source.opened[0]!.onerror!();
    vi.advanceTimersByTime(60_000);
    expect(open()).toBe(0);
    show(true);
    expect([open(), Source.opened.length, states.at(-1)]).toEqual([1, 2, "connecting"]);
  });

  it("keeps it through a moment", () => {
    const { show } = begin();
    show(false);
    vi.advanceTimersByTime(patience - 1);
    show(true);
    vi.advanceTimersByTime(60_000);
    expect(Source.opened.length).toBe(1);
  });

  it("opens nothing that was closed", () => {
    const { show, stream } = begin();
    stream.close();
    show(false);
    vi.advanceTimersByTime(patience);
    show(true);
    expect(Source.opened.length).toBe(1);
  });
});
