import { describe, expect, it } from "vitest";
import { read, write } from "../src/logic/address";
import { against, barOf, isOneDraw, knownOf, pathOf, planOf, queryOf, settingsOf, shownOf, textOf, withValue, type Plan } from "../src/logic/whatif";

const environment = { name: "cpu-env", spot: false, minVcpus: 0, maxVcpus: 64, types: ["m5"] };

describe("plan of a what-if", () => {
  it("is in the address, and read back from it", () => {
    const plan: Plan = {
      load: "7", run: "", reclaims: "0.05", seeds: "3",
      worlds: [{ "cpu-env.max_vcpus": "128", "cpu-env.spot": "true" }, {}],
    };
    expect(planOf(read(write(["whatif"], queryOf(plan))).query)).toEqual({ ...plan, worlds: [plan.worlds[0]] });
    expect(pathOf(plan)).toBe(
      "/api/whatif?load=7&seeds=3&reclaims=0.05&world=cpu-env.max_vcpus%3D128%2Ccpu-env.spot%3Dtrue&world=",
    );
  });

  it("has the run time only for the jobs of now", () => {
    const plan = planOf({ run: " 1h " });
    expect(pathOf(plan)).toContain("run=1h");
    expect(pathOf({ ...plan, load: "7" })).not.toContain("run=");
  });

  it("takes nothing else of an address", () => {
    expect(planOf({ load: "all" }).load).toBe("now");
    expect(settingsOf("a,=b,c.spot=d=e,__proto__=x,f=g.h")).toEqual({ "c.spot": "d=e" });
  });

  it("keeps of a link what the form shows", () => {
    const settings = settingsOf("cpu-env.max_vcpus=8,cpu-env.types=p5.48xlarge,gone.spot=true");
    expect(knownOf(settings, [environment])).toEqual({ "cpu-env.max_vcpus": "8" });
  });

  it("is one draw where chance has a part and one seed is asked for", () => {
    const plan = planOf({ seeds: "1", reclaims: "3" });
    expect(isOneDraw(plan)).toBe(true);
    expect(isOneDraw({ ...plan, reclaims: "" })).toBe(false);
    expect(isOneDraw({ ...plan, seeds: "5" })).toBe(false);
  });

  it("has no setting for what is as deployed", () => {
    const changed = withValue({}, environment, "max_vcpus", "128");
    expect(textOf(changed)).toBe("cpu-env.max_vcpus=128");
    expect(withValue(changed, environment, "max_vcpus", "64")).toEqual({});
    expect(withValue(changed, environment, "spot", "true")).toEqual({ "cpu-env.max_vcpus": "128", "cpu-env.spot": "true" });
    expect(withValue(changed, environment, "max_vcpus", "")).toEqual({});
  });
});

describe("a figure beside that of the deployed world", () => {
  const figure = (mean: number | undefined, half?: number) => ({ text: "", mean, half });
  it.each([
    [figure(50), figure(100), "−50 %"],
    [figure(150), figure(100), "+50 %"],
    [figure(100), figure(100), "the same"],
    [figure(100.1), figure(100), "almost the same"],
    [figure(90, 6), figure(100, 5), "no clear difference"],
    [figure(80, 6), figure(100, 5), "−20 %"],
    [figure(5), figure(0), "more"],
    [figure(undefined), figure(100), ""],
    [undefined, figure(100), ""],
  ])("%o beside %o is %s", (one, deployed, words) => expect(against(one, deployed)).toBe(words));

  it("has the text of the server, and of money as many digits as a small amount needs", () => {
    expect(shownOf("wait.p90", { text: "1m7s ±3s", mean: 67_000, half: 3000 })).toBe("1m7s ±3s");
    expect(shownOf("cost", { text: "$0.00 ±$0.00", mean: 0.0042, half: 0.0004 })).toBe("$0.0042 ±$0.0004");
    expect(shownOf("cost", { text: "never" })).toBe("never");
  });

  it("has a bar of its part of the longest, and what never ends the longest", () => {
    expect(barOf(figure(5), [figure(5), figure(20), undefined])).toBe(0.25);
    expect(barOf(figure(undefined), [figure(undefined)])).toBe(1);
    expect(barOf(undefined, [])).toBeUndefined();
    expect(barOf(figure(0), [figure(0)])).toBe(0);
  });
});
