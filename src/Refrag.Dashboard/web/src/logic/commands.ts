import { parse } from "./filter";
import { quote } from "./format";

// The command that does the same in a terminal.

export const forJob = (verb: string, id: string, words: string): string => `refrag ${verb} ${quote(id)} ${words}`.trim();

export function forJobs(verb: string, ids: string[], words: string): string {
  const shown = ids.slice(0, 20).map(quote).join(" ");
  return `refrag ${verb} ${shown}${ids.length > 20 ? " …" : ""} ${words}`.trim();
}


/** `refrag jobs` with the options that a filter has there; parts that it has not are left out. */
export function forFilter(filter: string, words: string): string {
  const options: string[] = [];
  let name: string | undefined;
  for (const token of parse(filter)) {
    if (token.not) continue;
    for (const value of token.values) {
      if (token.key === "state") options.push(`--status ${quote(value)}`);
      else if (token.key === "queue") options.push(`--queue ${quote(value)}`);
      else if (token.key === "since") options.push(`--since ${quote(value)}`);
      else if (token.key === "tag") options.push(`--tag ${quote(value)}`);
      else if (token.key === "app" || token.key === "user") options.push(`--tag ${quote(`${token.key}=${value}`)}`);
      else if (token.key === "name") name = value;
      else if (token.key === "text") name = `*${value}*`;
    }
  }
  return ["refrag jobs", name && quote(name), ...options, words].filter(Boolean).join(" ");
}
