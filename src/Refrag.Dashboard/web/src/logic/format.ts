// Numbers, lengths and times for people.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time: `42s`, `3m 05s`, `2h 05m`, `3d 04h`. */
export function length(ms: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  if (ms < 0) return `-${length(-ms)}`;
  if (ms < minute) return `${Math.floor(ms / second)}s`;
  if (ms < hour) return `${Math.floor(ms / minute)}m ${two((ms % minute) / second)}s`;
  if (ms < day) return `${Math.floor(ms / hour)}h ${two((ms % hour) / minute)}m`;
  return `${Math.floor(ms / day)}d ${two((ms % day) / hour)}h`;
}

/** How long ago: `12s ago`, or `in 3m 00s` for what is ahead. */
export function ago(at: number | undefined, now: number): string {
  if (at === undefined) return "";
  return at > now + second ? `in ${length(at - now)}` : `${length(Math.max(0, now - at))} ago`;
}

const whole = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** A local time with its zone. */
export const time = (at: number | undefined): string => (at === undefined ? "" : whole.format(at));

/** The time of a day, local. */
export const timeOfDay = (at: number): string => clock.format(at);

/** A count with separators. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** A word in singular or plural. */
export const some = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** USD, with as many decimals as a small amount needs. */
export function usd(amount: number): string {
  if (amount === 0) return "$0";
  if (amount > 0 && amount < 0.0001) return "below $0.0001";
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}

/** vCPUs from thousandths. */
export const vcpus = (milli: number): string => String(Math.round(milli / 10) / 100);

/** Memory in GiB where it is whole enough, else MiB. */
export const memory = (mib: number): string =>
  mib >= 1024 ? `${String(Math.round((mib / 1024) * 10) / 10)} GiB` : `${mib} MiB`;

/** What a job asks for, short. */
export function needs(row: { milliVcpus?: number; memoryMiB?: number; gpus?: number; nodes?: number }): string {
  if (row.milliVcpus === undefined) return "";
  const parts = [`${vcpus(row.milliVcpus)} vCPU`, memory(row.memoryMiB ?? 0)];
  if (row.gpus) parts.push(`${row.gpus} GPU`);
  const one = parts.join(", ");
  return row.nodes && row.nodes > 1 ? `${row.nodes} × (${one})` : one;
}

/** Text that hides nothing: control and bidirectional characters are shown as what they are. */
export const visible = (text: string): string =>
  text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** A word as a POSIX shell takes it. */
export const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
