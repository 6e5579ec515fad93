import { write } from "../logic/address";
import { length } from "../logic/format";
import type { SeriesPage } from "../logic/model";
import { useNow } from "../parts/hooks";
import { Empty, ProblemBox } from "../parts/Problems";
import { useReading } from "./useReading";

const spans: [number, string][] = [
  [1, "1 hour"],
  [6, "6 hours"],
  [24, "24 hours"],
  [168, "7 days"],
  [720, "30 days"],
];

const hoursOf = (query: Record<string, string>): number => {
  const hours = Math.trunc(Number(query.hours));
  return spans.some(([one]) => one === hours) ? hours : 24;
};

const nothing = () => undefined;

/** What the history has of queues and fleets. That the page is connected is said by what is live beside it. */
export const useSeries = (query: Record<string, string>): SeriesPage | undefined =>
  useReading<SeriesPage>(`/api/series?hours=${hoursOf(query)}`, "series", nothing);

/** Chooses how far back the history is shown. */
export const Span = ({ view, query }: { view: string; query: Record<string, string> }) => (
  <div class="bar-top">
    <label>
      From the history the last{" "}
      <select
        value={String(hoursOf(query))}
        onChange={(event) => {
          location.hash = write([view], { ...query, hours: event.currentTarget.value });
        }}
      >
        {spans.map(([hours, title]) => (
          <option key={hours} value={String(hours)}>
            {title}
          </option>
        ))}
      </select>
    </label>
  </div>
);

/** What fills the history, where it has nothing of this span. */
export function NoSamples({ series, words, has }: { series: SeriesPage | undefined; words: string; has: boolean }) {
  const now = useNow(10_000);
  if (!series) return null;
  if (series.problem) return <ProblemBox problem={series.problem} />;
  if (has || series.isLocal || series.at === undefined) return null;
  return (
    <Empty title="The history has nothing of this time" command={`refrag history watch ${words}`}>
      <p>
        {series.newest
          ? `The newest sample is ${length(Math.max(0, now - series.newest))} old.`
          : "Nothing has recorded these queues yet."}{" "}
        The command records them until Ctrl-C; or give it --once, by a timer.
      </p>
    </Empty>
  );
}
