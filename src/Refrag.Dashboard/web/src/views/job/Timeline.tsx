import { length, time, timeOfDay } from "../../logic/format";
import type { AttemptLane, JobPage } from "../../logic/model";
import { classOf, shapeOf } from "../../logic/states";

/** One lane an attempt: how long it waited, how long it ran, and how it ended. */
export function Timeline({ page, now }: { page: JobPage; now: number }) {
  const lanes = page.lanes;
  const times = lanes.flatMap((lane) => [lane.from, lane.started, lane.stopped]).filter((at): at is number => at !== undefined);
  if (times.length === 0) return null;
  const first = Math.min(...times);
  const isOpen = lanes.some((lane) => lane.status !== undefined);
  // A server whose clock is ahead, as in a rehearsal, has times beyond now.
  const last = Math.max(...times, isOpen ? now : 0, first + 1000);
  const at = (ms: number) => (100 * (ms - first)) / (last - first);
  return (
    <div class="timeline" role="group" aria-label="Attempts">
      <ol>
        {lanes.map((lane) => (
          <li key={lane.number}>
            <span class="lane-name">Attempt {lane.number}</span>
            <span class="lane" aria-hidden="true">
              {parts(lane, last).map((part) => (
                <span
                  key={part.status}
                  class={`part ${part.lost ? "s-lost" : classOf(part.status)}`}
                  style={{ left: `${at(part.from)}%`, width: `${Math.max(0.4, at(part.to) - at(part.from))}%` }}
                  title={`${part.status} ${length(part.to - part.from)}`}
                >
                  {part.lost ? "⚡" : shapeOf(part.status)}
                </span>
              ))}
            </span>
            <span class="lane-text">{words(lane, last)}</span>
          </li>
        ))}
      </ol>
      <p class="axis dim" aria-hidden="true">
        <span title={time(first)}>{timeOfDay(first)}</span>
        <span title={time(last)}>{isOpen ? "now" : timeOfDay(last)}</span>
      </p>
      <details>
        <summary>Every moment</summary>
        <ol class="moments">
          {page.moments.map((moment, i) => (
            <li key={i}>
              <time class="num">{time(moment.at)}</time> <span dir="auto">{moment.what}</span>
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}

interface Part {
  status: string;
  from: number;
  to: number;
  lost?: boolean;
}

function parts(lane: AttemptLane, last: number): Part[] {
  const found: Part[] = [];
  const waits = lane.status && lane.status !== "RUNNING" ? lane.status : "RUNNABLE";
  if (lane.from !== undefined) found.push({ status: waits, from: lane.from, to: lane.started ?? lane.stopped ?? last });
  if (lane.started !== undefined) {
    const ended = lane.failed ? "FAILED" : "SUCCEEDED";
    found.push({
      status: lane.stopped === undefined ? "RUNNING" : ended,
      from: lane.started,
      to: lane.stopped ?? last,
      lost: lane.lost,
    });
  }
  return found;
}

function words(lane: AttemptLane, last: number): string {
  const said: string[] = [];
  if (lane.from !== undefined) said.push(`waited ${length((lane.started ?? lane.stopped ?? last) - lane.from)}`);
  if (lane.started !== undefined) said.push(`ran ${length((lane.stopped ?? last) - lane.started)}`);
  if (lane.lost) said.push("lost its host");
  if (lane.status) said.push(`is ${lane.status}`);
  else if (lane.reason) said.push(lane.reason);
  if (lane.host) said.push(`on ${lane.host}`);
  return said.join(", ");
}
