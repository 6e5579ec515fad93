// What the server sends. Times are milliseconds since 1970, in UTC.

export interface JobRow {
  id: string;
  name: string;
  queue: string;
  status: string;
  reason?: string;
  created?: number;
  started?: number;
  stopped?: number;
  exit?: number;
  size?: number;
  nodes?: number;
  share?: string;
  tags?: Record<string, string>;
  milliVcpus?: number;
  memoryMiB?: number;
  gpus?: number;
  attempts?: number;
  lost?: number;
  children?: Record<string, number>;
}

export interface Problem {
  code: string;
  what: string;
  cause?: string;
  cure: string;
}

export interface ReadingStatus {
  at?: number;
  cut?: boolean;
  undescribed?: number;
  queues?: number;
  requests?: number;
  problem?: Problem;
}

export interface JobSnapshot {
  sequence: number;
  total: number;
  first: boolean;
  last: boolean;
  rows: JobRow[];
  status: ReadingStatus;
}

export interface JobChange {
  sequence: number;
  changed?: JobRow[];
  removed?: string[];
  status?: ReadingStatus;
}

export interface Session {
  csrf: string;
  readOnly: boolean;
  place: string;
  region?: string;
  words: string;
  version: string;
}

export interface AttemptLane {
  number: number;
  from?: number;
  started?: number;
  stopped?: number;
  reason?: string;
  exit?: number;
  failed?: boolean;
  lost?: boolean;
  status?: string;
  host?: string;
}

export interface CostFigures {
  usd: number;
  billed: number;
  measured: number;
  assumed: number;
  failed: number;
  basis: string;
  sources: string[];
}

export interface UseLine {
  name: string;
  unit: string;
  asked?: number;
  average?: number;
  peak?: number;
}

export interface UseFigures {
  parts: number;
  attempt: number;
  seconds: number;
  samples: number;
  final: boolean;
  lines: UseLine[];
}

export interface StartFigures {
  askedAt: number;
  earliest: number;
  middle?: number;
  latest?: number;
  level: number;
  assumptions: string[];
}

export interface JobPage {
  job: JobRow;
  definition?: string;
  needs: string;
  image?: string;
  command?: string;
  parameters?: Record<string, string>;
  lanes: AttemptLane[];
  moments: { at: number; what: string }[];
  dependsOn?: string[];
  chain?: string[];
  cost?: CostFigures;
  use?: UseFigures;
  start?: StartFigures;
  request: unknown;
}

export interface WhyReport {
  summary: string;
  causes: {
    code: string;
    what: string;
    confidence: string;
    evidence: string[];
    cures: { text: string; command?: string; checked?: string }[];
  }[];
  notChecked: string[];
  part?: string;
}

export interface LogRow {
  at?: number;
  part?: number;
  attempt: number;
  text: string;
}

export interface LogPart {
  lines: LogRow[];
  more: boolean;
  absence?: string;
}

export interface ChildGrid {
  states: string[];
  children: number[];
}

export interface ActionReport {
  done: { id: string; newId?: string }[];
  left: { id: string; why: string }[];
  failed: { id: string; problem: Problem }[];
}

export interface HeadJob {
  id: string;
  name?: string;
  since?: number;
  reason?: string;
}

export interface EnvironmentCard {
  name: string;
  health: string;
  reason: string;
  type?: string;
  desired?: number;
  least?: number;
  most?: number;
  types: string[];
}

export interface QueueCard {
  name: string;
  state: string;
  health: string;
  reason: string;
  priority?: number;
  policy?: string;
  jobs: Record<string, number>;
  oldest?: HeadJob;
  order?: HeadJob[];
  used: number;
  most: number;
  environments: EnvironmentCard[];
  depth: number[][];
}

export interface InstanceBox {
  id: string;
  environment: string;
  type: string;
  zone: string;
  spot: boolean;
  starting: boolean;
  vcpus?: number;
  gpus: number;
  jobs: { id: string; name?: string; milliVcpus?: number; gpus: number }[];
}

export interface QueuePage {
  sequence: number;
  at?: number;
  queues: QueueCard[];
  instances?: InstanceBox[];
  problem?: Problem;
}

export interface Read {
  at?: number;
  problem?: Problem;
}

export interface CostRow {
  key: string;
  jobs: number;
  attempts: number;
  ran: number;
  measured: number;
  assumed: number;
  failed: number;
  basis: string;
  unpriced: number;
  remembered: number;
}

export interface DayCost {
  day: string;
  /** Undefined for all groups that have no colour of their own. */
  key?: string;
  measured: number;
  assumed: number;
}

export interface BudgetBar {
  name: string;
  of: string;
  usd: number;
  measured: number;
  assumed: number;
  running: number;
  waiting: number;
  forecast: number;
  perDay: number;
  unpriced: number;
  refuses: boolean;
}

export interface CostPage extends Read {
  by: string;
  span: string[];
  rows: CostRow[];
  others?: CostRow;
  sum?: CostRow;
  days: DayCost[];
  sources: string[];
  month?: string;
  budgets?: BudgetBar[];
  leftOut: { name: string; count: number }[];
  budgetProblems: Problem[];
  isLocal: boolean;
}

export type Values = (number | null)[];

export interface QueueSeries {
  name: string;
  at: number[];
  waiting: number[];
  running: number[];
  wait: number[];
  isCut: boolean;
}

export interface FleetSeries {
  name: string;
  at: number[];
  instances: Values;
  desired: Values;
  most: Values;
  vcpus: Values;
  busy: Values;
}

export interface SeriesPage extends Read {
  span: number[];
  gap: number;
  queues: QueueSeries[];
  fleets: FleetSeries[];
  newest?: number;
  isLocal: boolean;
}

export interface SweepList extends Read {
  sweeps: { name: string; path: string; changed: number }[];
}

export type Metric = number | string | boolean;

export interface SweepJob {
  job: number;
  id?: string;
  status: string;
  overrides: Record<string, string>;
  metrics?: Record<string, Metric>;
}

export interface SweepPage extends Read {
  path: string;
  keys: string[];
  metrics: string[];
  rows: SweepJob[];
  total: number;
  /** Why metrics are missing that jobs may have. */
  unread?: string;
}

export interface WhatIfEnvironment {
  name: string;
  /** Undefined where it cannot be chosen, as on Fargate. */
  spot?: boolean;
  minVcpus: number;
  maxVcpus: number;
  types: string[];
}

export interface WhatIfForm {
  environments: WhatIfEnvironment[];
  mostJobs: number;
  mostSeconds: number;
  problem?: Problem;
}

export interface WhatIfLoad {
  source: string;
  jobs: number;
  gpuJobs: number;
  notes: string[];
}

export interface WhatIfFigure {
  text: string;
  /** Undefined where it is infinite. */
  mean?: number;
  half?: number;
}

export interface WhatIfWorld {
  number: number;
  seeds: number;
  figures: Record<string, WhatIfFigure>;
  neverStarted: number;
  blocked: string[];
  unpriced: string[];
  instances: number;
  reclaimed: number;
  command: string;
}
