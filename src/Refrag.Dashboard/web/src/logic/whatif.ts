// The form of a what-if, its address, and how figures of worlds compare.
import { usd } from "./format";
import type { Problem, WhatIfEnvironment, WhatIfFigure, WhatIfLoad, WhatIfWorld } from "./model";

/** What a world has else than the deployed one: `NAME.max_vcpus` and `NAME.spot` with their values. */
export type Settings = Record<string, string>;

export interface Plan {
  /** `now`, or days of the history. */
  load: string;
  run: string;
  reclaims: string;
  seeds: string;
  worlds: Settings[];
}

/** What has come of a run so far. */
export interface Run {
  plan: Plan;
  says?: string;
  load?: WhatIfLoad;
  /** The deployed world, then those of the form. */
  worlds: (WhatIfWorld | undefined)[];
  /** The places of the worlds that the time did not suffice for. */
  unfinished?: number[];
  problems: Problem[];
  isOver: boolean;
}

/** The name of a world of the form. */
export const letter = (at: number): string => `World ${"ABC"[at] ?? ""}`;

/** The most worlds beside the deployed one, as the server takes them. */
export const mostWorlds = 3;
const keys = ["a", "b", "c"];

export function planOf(query: Record<string, string>): Plan {
  const worlds = keys.filter((key) => query[key] !== undefined).map((key) => settingsOf(query[key]!));
  return {
    load: query.load && /^\d{1,3}$/.test(query.load) ? query.load : "now",
    run: query.run ?? "",
    reclaims: query.reclaims ?? "",
    seeds: query.seeds ?? "5",
    worlds: worlds.length > 0 ? worlds : [{}],
  };
}

export function queryOf(plan: Plan): Record<string, string> {
  const query: Record<string, string> = { load: plan.load, run: plan.run, reclaims: plan.reclaims, seeds: plan.seeds };
  plan.worlds.forEach((world, i) => (query[keys[i]!] = textOf(world)));
  return query;
}

export function settingsOf(text: string): Settings {
  const pairs = text.split(",").map((part) => [part, part.indexOf("=")] as const);
  return Object.fromEntries(
    pairs.filter(([part, at]) => at > 0 && part.includes(".") && part.indexOf(".") < at).map(([part, at]) => [part.slice(0, at), part.slice(at + 1)]),
  );
}

export const textOf = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");

/** The settings with another value; what is as deployed is no setting. */
export function withValue(settings: Settings, environment: WhatIfEnvironment, key: "max_vcpus" | "spot", value: string): Settings {
  const name = `${environment.name}.${key}`;
  const deployed = key === "spot" ? String(environment.spot) : String(environment.maxVcpus);
  const { [name]: _, ...others } = settings;
  return value === deployed || value === "" ? others : { ...others, [name]: value };
}

/** What the server is asked. */
export function pathOf(plan: Plan): string {
  const search = new URLSearchParams({ load: plan.load, seeds: plan.seeds });
  if (plan.run.trim() && plan.load === "now") search.set("run", plan.run.trim());
  if (plan.reclaims.trim()) search.set("reclaims", plan.reclaims.trim());
  for (const world of plan.worlds) search.append("world", textOf(world));
  return `/api/whatif?${search.toString()}`;
}

/** The figures in the order of a table; CPU and GPU work apart where there are both. */
export const figures: [string, string][] = [
  ["wait.median", "Wait, median"],
  ["wait.p90", "Wait, 90th percentile"],
  ["wait.p99", "Wait, 99th percentile"],
  ["cpu.wait.p90", "Wait of CPU work, 90th percentile"],
  ["gpu.wait.p90", "Wait of GPU work, 90th percentile"],
  ["makespan", "Makespan"],
  ["cost", "Cost of instances"],
  ["use.vcpus", "vCPUs used"],
  ["use.gpus", "GPUs used"],
];

/** A figure for people: the server's text, but of small amounts of money with their digits. */
export function shownOf(name: string, figure: WhatIfFigure): string {
  if (name !== "cost" || figure.mean === undefined) return figure.text;
  return figure.half ? `${usd(figure.mean)} ±${usd(figure.half)}` : usd(figure.mean);
}

/** The settings that the form shows: a link may have others, of an environment that is gone or of another kind. */
export function knownOf(settings: Settings, environments: WhatIfEnvironment[]): Settings {
  const names = environments.flatMap((one) => [`${one.name}.max_vcpus`, `${one.name}.spot`]);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}

/** Whether chance has a part and one run alone: what differs may then be chance. */
export const isOneDraw = (plan: Plan): boolean => plan.reclaims.trim() !== "" && Number(plan.seeds) === 1;

/** A figure beside that of the deployed world, in words; empty where there is nothing to say. */
export function against(figure: WhatIfFigure | undefined, deployed: WhatIfFigure | undefined): string {
  if (!figure || !deployed || figure === deployed) return "";
  if (figure.mean === undefined || deployed.mean === undefined) return "";
  const apart = Math.abs(figure.mean - deployed.mean);
  if (apart === 0) return "the same";
  // Two intervals that overlap may be of one mean.
  if (apart <= (figure.half ?? 0) + (deployed.half ?? 0)) return "no clear difference";
  if (deployed.mean === 0) return "more";
  const part = Math.round(((figure.mean - deployed.mean) / deployed.mean) * 100);
  return part === 0 ? "almost the same" : `${part > 0 ? "+" : "−"}${Math.abs(part)} %`;
}

/** How long a bar is beside the longest of its row, 0 to 1; undefined without a bar. */
export function barOf(figure: WhatIfFigure | undefined, row: (WhatIfFigure | undefined)[]): number | undefined {
  if (!figure) return undefined;
  if (figure.mean === undefined) return 1;
  const most = row.reduce((sum, one) => Math.max(sum, one?.mean ?? 0), 0);
  return most > 0 ? figure.mean / most : 0;
}

export const figureOf = (world: WhatIfWorld | undefined, name: string): WhatIfFigure | undefined =>
  world && Object.hasOwn(world.figures, name) ? world.figures[name] : undefined;
