import { describe, expect, it } from "vitest";
import { read, write } from "../src/logic/address";
import { spans, strip } from "../src/logic/ansi";
import { forFilter, forJobs } from "../src/logic/commands";
import { accept, complete, glob, matcher, parse, print, since, toggle } from "../src/logic/filter";
import { pause } from "../src/logic/follow";
import { ago, length, needs, quote, usd, visible } from "../src/logic/format";
import { countStates, defaultSort, lines, readSort, sorted, span, writeSort } from "../src/logic/group";
import type { JobRow } from "../src/logic/model";
import { classOf, rankOf, shapeOf } from "../src/logic/states";
import { empty, takeChange, takeSnapshot } from "../src/logic/table";

const now = 1_000_000_000;
const row = (id: string, more: Partial<JobRow> = {}): JobRow => ({
  id, name: id, queue: "cpu", status: "RUNNING", created: now - 1000, ...more,
});
const find = (filter: string, rows: JobRow[]) => rows.filter(matcher(parse(filter), now)).map((one) => one.id);

describe("filter", () => {
  const rows = [
    row("train-1", { tags: { app: "train", user: "ann", team: "vision" } }),
    row("train-2", { status: "FAILED", queue: "gpu-large", tags: { app: "train", user: "bob" } }),
    row("other", { status: "RUNNABLE", created: now - 7_200_000, tags: {} }),
  ];

  it.each([
    ["", ["train-1", "train-2", "other"]],
    ["train", ["train-1", "train-2"]],
    ["state:failed", ["train-2"]],
    ["state:FAILED,RUNNABLE", ["train-2", "other"]],
    ["state:active", ["train-1", "other"]],
    ["state:FAILED state:RUNNING", ["train-1", "train-2"]],
    ["queue:gpu*", ["train-2"]],
    ["app:train user:ann", ["train-1"]],
    ["tag:team", ["train-1"]],
    ["tag:team=vis*", ["train-1"]],
    ["tag:team=speech", []],
    ["-app:train", ["other"]],
    ["-state:FAILED,RUNNABLE", ["train-1"]],
    ["since:1h", ["train-1", "train-2"]],
    ["tag:constructor", []],
    ["user:", ["train-1", "train-2", "other"]],
  ])("%s", (filter, expected) => expect(find(filter, rows)).toEqual(expected));

  it.each(["app:train", "-app:train", "user:*", "-user:bob", "tag:team", "-tag:team"])("%s says nothing of unread tags", (filter) =>
    expect(find(filter, [row("listed")])).toEqual([]));

  it("prints what it reads", () => {
    for (const text of ["state:FAILED,RUNNING train", "-queue:gpu*", '"tag:a b=c d" x'])
      expect(print(parse(text))).toBe(text);
  });

  it("toggles a state", () => {
    expect(print(toggle(parse("train"), "state", "FAILED"))).toBe("train state:FAILED");
    expect(print(toggle(parse("state:FAILED,RUNNING"), "state", "FAILED"))).toBe("state:RUNNING");
    expect(print(toggle(parse("state:FAILED"), "state", "FAILED"))).toBe("");
  });

  it("matches globs in time that does not explode", () => {
    expect(glob("a*b?c", "axxbyc")).toBe(true);
    expect(glob("a*b?c", "axxbc")).toBe(false);
    expect(glob(`${"*a".repeat(30)}b`, "a".repeat(5000))).toBe(false);
  });

  it("reads lengths and dates", () => {
    expect(since("10m", now)).toBe(now - 600_000);
    expect(since("2026-08-10T00:00Z", now)).toBe(Date.UTC(2026, 7, 10));
    // As the command line: this machine's midnight.
    expect(since("2026-08-10", now)).toBe(new Date(2026, 7, 10).getTime());
    expect(since("2026-08-10T12:30", now)).toBe(new Date(2026, 7, 10, 12, 30).getTime());
  });

  const noTimes = ["soon", "1", "2026", "march 3", "2026-13-01", "2026-02-30", "2026-08-10T25:00", "2026-8-1", "10x"];
  it.each(noTimes)("takes %s for no time", (text) => {
    expect(since(text, now)).toBeUndefined();
  });

  it("completes keys and values, and takes what is chosen", () => {
    expect(complete("st", rows, ["RUNNING"])).toEqual(["state:"]);
    expect(complete("state:r", rows, ["RUNNING", "RUNNABLE"])).toEqual(["RUNNING", "RUNNABLE"]);
    expect(complete("app:", rows, [])).toEqual(["train"]);
    expect(accept("x st", "state:")).toBe("x state:");
    expect(accept("x state:RUN", "RUNNING")).toBe("x state:RUNNING ");
    expect(accept("state:FAILED,RUN", "RUNNING")).toBe("state:FAILED,RUNNING ");
    expect(accept("tag:t", "team=a b")).toBe('"tag:team=a b" ');
  });
});

describe("table", () => {
  const snapshot = (sequence: number, ids: string[], first = true, last = true) => ({
    sequence, total: ids.length, first, last, rows: ids.map((id) => row(id)), status: {},
  });

  it("takes a snapshot in parts, then changes in order", () => {
    const table = empty();
    expect(takeSnapshot(table, snapshot(4, ["a"], true, false))).toBe(true);
    // Nothing is a change before the whole is there.
    expect(takeChange(table, { sequence: 5 })).toBe(false);
    expect(takeSnapshot(table, snapshot(4, ["b"], false, true))).toBe(true);
    expect(takeChange(table, { sequence: 5, changed: [row("b", { status: "FAILED" })], removed: ["a"] })).toBe(true);
    expect([...table.rows.values()].map((one) => [one.id, one.status])).toEqual([["b", "FAILED"]]);
  });

  it.each([4, 6, 9])("finds the gap before change %i", (sequence) => {
    const table = empty();
    takeSnapshot(table, snapshot(4, ["a"]));
    expect(takeChange(table, { sequence, removed: ["a"] })).toBe(false);
    expect(table.rows.size).toBe(1);
  });

  it("keeps the rows that it has until the next snapshot is whole", () => {
    const table = empty();
    takeSnapshot(table, snapshot(4, ["a", "b"]));
    takeSnapshot(table, snapshot(7, ["c"], true, false));
    expect([...table.rows.keys()]).toEqual(["a", "b"]);
    takeSnapshot(table, snapshot(7, ["d"], false, true));
    expect([...table.rows.keys()]).toEqual(["c", "d"]);
  });

  it("refuses a part of another snapshot", () => {
    const table = empty();
    takeSnapshot(table, snapshot(4, ["a"], true, false));
    expect(takeSnapshot(table, snapshot(5, ["b"], false, true))).toBe(false);
  });
});

describe("groups", () => {
  const rows = [row("a", { queue: "x" }), row("b", { queue: "y", status: "FAILED" }), row("c", { queue: "y" })];

  it("are largest first, folded until opened", () => {
    expect(lines(rows, "queue", new Set()).map((one) => one.kind === "group" && [one.key, one.total])).toEqual([["y", 2], ["x", 1]]);
    expect(lines(rows, "queue", new Set(["y"])).map((one) => (one.kind === "job" ? one.row.id : one.key))).toEqual(["y", "b", "c", "x"]);
    expect(lines(rows, "tag:team", new Set()).map((one) => one.kind === "group" && one.key)).toEqual(["(none)"]);
  });

  it("count states, and sort stably", () => {
    expect(countStates(rows)).toEqual({ RUNNING: 2, FAILED: 1 });
    expect(sorted([...rows], defaultSort, now).map((one) => one.id)).toEqual(["a", "b", "c"]);
    expect(sorted([...rows], readSort("-state"), now).map((one) => one.id)).toEqual(["b", "a", "c"]);
    expect(writeSort(readSort("-name"))).toBe("-name");
    expect(readSort("nonsense")).toEqual(defaultSort);
  });

  it("measure what ran and what waits", () => {
    expect(span(row("a", { started: now - 500 }), now)).toBe(500);
    expect(span(row("a", { status: "RUNNABLE" }), now)).toBe(1000);
    expect(span(row("a", { started: 10, stopped: 30, status: "FAILED" }), now)).toBe(20);
  });
});

describe("address", () => {
  it("keeps path and query", () => {
    const hash = write(["job", "a:3#x"], { q: "state:FAILED tag:a=b&c", group: undefined });
    expect(read(hash)).toEqual({ path: ["job", "a:3#x"], query: { q: "state:FAILED tag:a=b&c" } });
    expect(read("").path).toEqual(["jobs"]);
    expect(read("#/job/%").path).toEqual(["job", "%"]);
  });
});

describe("text", () => {
  it("shows what would deceive", () => {
    expect(visible("a\u202eb\u0000c\td")).toBe("a\\u202eb\\u0000c\td");
  });

  it("has lengths, money and needs", () => {
    expect([length(42_000), length(185_000), length(7_500_000), length(273_600_000)]).toEqual(["42s", "3m 05s", "2h 05m", "3d 04h"]);
    expect(ago(now + 180_000, now)).toBe("in 3m 00s");
    expect([usd(0.00001), usd(0.5), usd(12)]).toEqual(["below $0.0001", "$0.5000", "$12.00"]);
    expect(needs({ milliVcpus: 500, memoryMiB: 2048, gpus: 1, nodes: 2 })).toBe("2 × (0.5 vCPU, 2 GiB, 1 GPU)");
  });

  it("has a shape for each state, and one for others", () => {
    expect([shapeOf("RUNNING"), classOf("constructor"), shapeOf("constructor"), rankOf("constructor")]).toEqual(["▶", "s-unknown", "?", 7]);
  });

  it("colours what programs colour, and shows the rest as text", () => {
    expect(spans("a\u001b[31;1mred\u001b[0mb")).toEqual([
      { text: "a", classes: "" }, { text: "red", classes: "a-red a-bold" }, { text: "b", classes: "" },
    ]);
    expect(strip("\u001b[38;5;31mx\u001b[2K<b>\u001b]0;title\u0007y")).toBe("x<b>y");
    expect(strip("10 %\r50 %\r100 %\r")).toBe("100 %");
    expect(strip("\u001bPevil")).toBe("\\u001bPevil");
  });
});

describe("commands", () => {
  it("quote what a shell would take apart", () => {
    expect(quote("a'b; rm -rf")).toBe("'a'\\''b; rm -rf'");
    expect(forJobs("cancel", ["a b"], "env=awsbatch")).toBe("refrag cancel 'a b' env=awsbatch");
    expect(forFilter("state:FAILED user:ann train since:8h", "env=awsbatch")).toBe(
      "refrag jobs '*train*' --status FAILED --tag user=ann --since 8h env=awsbatch",
    );
  });
});

describe("a stream that breaks", () => {
  it("is opened again ever later", () => {
    expect([0, 1, 2, 9].map(pause)).toEqual([500, 1000, 2000, 10_000]);
  });
});
