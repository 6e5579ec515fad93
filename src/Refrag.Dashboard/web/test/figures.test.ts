import { describe, expect, it } from "vitest";
import { burnOf, columnsOf, filterOf, marks, others } from "../src/logic/cost";
import type { BudgetBar, SweepJob, SweepPage } from "../src/logic/model";
import { lastOf, withGaps } from "../src/logic/series";
import { axisOf, mostPoints, numericMetrics, short, sorted, textOf, thinned, valueOf } from "../src/logic/sweep";

describe("columns of costs", () => {
  const span = ["2026-11-28", "2026-12-01"];

  it("has every day of the span, also of the next month and without costs", () => {
    const columns = columnsOf([{ day: "2026-11-30", key: "train", measured: 1, assumed: 2 }], span, ["train"]);
    expect(columns.map((one) => one.day)).toEqual(["2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01"]);
    expect(columns[2]!.pieces).toEqual([{ key: "train", colour: 0, measured: 1, assumed: 2 }]);
    expect(columns[1]!.pieces).toEqual([]);
  });

  it("stacks in the order of the table, what has no colour last", () => {
    const day = "2026-11-29";
    const columns = columnsOf(
      [{ day, measured: 3, assumed: 0 }, { day, key: "b", measured: 1, assumed: 0 }, { day, key: "a", measured: 2, assumed: 0 }],
      span,
      ["a", "b"],
    );
    expect(columns[1]!.pieces.map((one) => [one.key, one.colour])).toEqual([["a", 0], ["b", 1], [others, 2]]);
  });

  it("is empty where the span is no span", () => expect(columnsOf([], [], [])).toEqual([]));

  it.each([
    [0, [0]],
    [4, [0, 1, 2, 3, 4]],
    [0.37, [0, 0.1, 0.2, 0.30000000000000004, 0.4]],
    [130, [0, 50, 100, 150]],
  ])("has round marks up to %d", (most, expected) => expect(marks(most)).toEqual(expected));
});

describe("link of a row of costs", () => {
  it.each([
    ["app", "train", "tag:app=train"],
    ["app", "a,b", "tag:app=a,b"],
    ["team", "the vision team", '"tag:team=the vision team"'],
    ["my team", "x=y", '"tag:my team=x=y"'],
    ["queue", "gpu", "queue:gpu"],
    ["queue", "a,b", undefined],
    ["team", "a*", undefined],
    ["team", "why?", undefined],
    ["team", 'say "x"', undefined],
    ["a=b", "x", undefined],
    ["team", "", undefined],
  ])("by %s, %s is %s", (by, value, filter) => expect(filterOf(by, value)).toBe(filter));
});

describe("burn of a budget", () => {
  const budget: BudgetBar = {
    name: "b", of: "all jobs", usd: 10, measured: 4, assumed: 2, running: 1, waiting: 1, forecast: 9, perDay: 0, unpriced: 0, refuses: false,
  };
  it.each([
    [{}, "within"],
    [{ forecast: 10.01 }, "ahead"],
    [{ waiting: 4, forecast: 20 }, "above"],
  ])("%o is %s", (change, expected) => expect(burnOf({ ...budget, ...change })).toBe(expected));
});

describe("series", () => {
  it("breaks a line where nothing was sampled for longer than a gap", () => {
    expect(withGaps([0, 1000, 5000], [[1, 2, 3], [4, null, 6]], 2000)).toEqual([[0, 1, 1.001, 5], [1, 2, null, 3], [4, null, null, 6]]);
  });

  it("knows the last value that is known", () => {
    expect(lastOf([1, 2, null])).toBe(2);
    expect(lastOf([null])).toBeUndefined();
  });
});

describe("sweep", () => {
  const job = (number: number, lr: string | undefined, loss?: number | string): SweepJob => ({
    job: number, status: "SUCCEEDED", overrides: lr === undefined ? {} : { lr }, metrics: loss === undefined ? undefined : { loss },
  });
  const rows = [job(0, "0.1", 3), job(1, "1e-3", "NaN"), job(2, "10", 1), job(3, undefined)];
  const order = (column: string, down = false) => sorted(rows, column, down).map((one) => one.job);

  it("sorts numbers as numbers, texts after them, and what is missing last, in both directions", () => {
    expect(order("o:lr")).toEqual([1, 0, 2, 3]);
    expect(order("o:lr", true)).toEqual([2, 0, 1, 3]);
    expect(order("m:loss")).toEqual([2, 0, 1, 3]);
    expect(order("m:loss", true)).toEqual([0, 2, 1, 3]);
    expect(order("job", true)).toEqual([3, 2, 1, 0]);
  });

  it("has no value that is not its own", () => {
    expect(valueOf(rows[0]!, "m:constructor")).toBeUndefined();
    expect(valueOf(rows[0]!, "o:__proto__")).toBeUndefined();
    expect(textOf(undefined)).toBe("");
  });

  it("has a logarithmic axis where values are far apart, and a linear one else", () => {
    const wide = axisOf(rows, "o:lr")!;
    expect(wide.isLog).toBe(true);
    expect(wide.place("0.1")).toBeCloseTo(0.5);
    expect(wide.place("0")).toBeUndefined();
    const near = axisOf([job(0, "1"), job(1, "3")], "o:lr")!;
    expect([near.isLog, near.place("2"), near.ticks.map((one) => one.text)]).toEqual([false, 0.5, ["1", "1.5", "2", "2.5", "3"]]);
  });

  it("has words side by side where one value is no number, and a single value in the middle", () => {
    const words = axisOf([job(0, "adam"), job(1, "sgd"), job(2, "10")], "o:lr")!;
    expect(words.ticks.map((one) => one.text)).toEqual(["10", "adam", "sgd"]);
    expect([words.place("adam"), words.place(undefined)]).toEqual([0.5, undefined]);
    expect(axisOf([job(0, "5")], "o:lr")!.place("5")).toBe(0.5);
    expect(axisOf([job(0, undefined)], "o:lr")).toBeUndefined();
  });

  it("draws all of few points, and of many the lowest, the highest, the chosen one and others evenly", () => {
    const points = Array.from({ length: 20_000 }, (_, i) => ({ i, height: i === 7777 ? -1 : i === 12_345 ? 30_000 : i % 100 }));
    const drawn = thinned(points, (one) => one.height, (one) => one.i === 19_001);
    expect(drawn.length).toBeLessThanOrEqual(mostPoints);
    expect(drawn.length).toBeGreaterThan(mostPoints - 4);
    expect([7777, 12_345, 19_001].every((i) => drawn.some((one) => one.i === i))).toBe(true);
    expect(drawn.filter((one) => one.i < 10_000).length).toBeCloseTo(mostPoints / 2, -1);
    expect(thinned(points.slice(0, mostPoints), (one) => one.height, () => false).length).toBe(mostPoints);
  });

  it("has a place for each of many words", () => {
    const many = axisOf(Array.from({ length: 20_000 }, (_, i) => job(i, `word ${i}`)), "o:lr")!;
    expect([many.place("word 0"), many.place("word 19999"), many.place("none")]).toEqual([0, 1, undefined]);
    expect(many.ticks.length).toBeLessThanOrEqual(8);
  });

  it("offers the metrics that are numbers", () => {
    const page: SweepPage = { path: "", keys: [], metrics: ["loss", "note"], total: 1, rows: [{ ...job(0, "1", 2), metrics: { loss: 2, note: "x" } }] };
    expect(numericMetrics(page)).toEqual(["loss"]);
  });

  it.each([
    [3, "3"],
    [0.123456789, "0.123457"],
    [0.00001234567, "1.235e-5"],
  ])("writes %d as %s", (number, text) => expect(short(number)).toBe(text));
});
