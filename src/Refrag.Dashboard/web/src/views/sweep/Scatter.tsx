import { useMemo } from "preact/hooks";
import { count, some } from "../../logic/format";
import type { SweepJob } from "../../logic/model";
import { classOf, hasEnded, shapeOf } from "../../logic/states";
import { axisOf, mostPoints, textOf, thinned, valueOf } from "../../logic/sweep";
import { useWidth } from "../../parts/hooks";

const height = 280;
const [left, bottom, top, right] = [76, 36, 12, 16];

interface Props {
  rows: SweepJob[];
  x: string;
  y: string;
  chosen: number | undefined;
  onChoose: (job: number) => void;
}

/** A point a job: an override against a metric, with the shape and colour of its state. The table has the same numbers. */
export function Scatter({ rows, x, y, chosen, onChoose }: Props) {
  const [element, width] = useWidth<HTMLDivElement>();
  const [across, up] = useMemo(
    () => [axisOf(rows, `o:${x}`), axisOf(rows.filter((row) => typeof valueOf(row, `m:${y}`) === "number"), `m:${y}`)],
    [rows, x, y],
  );
  const all = useMemo(
    () =>
      rows.flatMap((row) => {
        const metric = valueOf(row, `m:${y}`);
        const [a, b] = [across?.place(valueOf(row, `o:${x}`)), typeof metric === "number" ? up?.place(metric) : undefined];
        if (a === undefined || b === undefined) return [];
        return [{ row, left: left + 12 + a * (width - left - right - 24), top: height - bottom - 12 - b * (height - bottom - top - 24) }];
      }),
    [rows, x, y, across, up, width],
  );
  // Where few are drawn of many, the chosen one is; else a choice changes nothing but the order.
  const points = useMemo(
    () => thinned(all, (one) => one.top, (one) => one.row.job === chosen),
    [all, all.length > mostPoints ? chosen : undefined],
  );
  const pick = (event: { clientX: number; clientY: number; currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const far = (one: { left: number; top: number }) => Math.hypot(one.left - px, one.top - py);
    const nearest = points.reduce<(typeof points)[0] | undefined>((best, one) => (!best || far(one) < far(best) ? one : best), undefined);
    if (nearest && far(nearest) < 24) onChoose(nearest.row.job);
  };
  // The chosen one is drawn last, above those that lie on it.
  const drawn = [...points].sort((a, b) => Number(a.row.job === chosen) - Number(b.row.job === chosen));
  return (
    <figure>
      <div ref={element}>
        <svg
          class="scatter"
          width={width}
          height={height}
          role="img"
          aria-label={`${y} against ${x}: ${some(points.length, "job")} of ${count(rows.length)}`}
          onClick={pick}
        >
          {up?.ticks.map((tick) => {
            const at = height - bottom - 12 - tick.at * (height - bottom - top - 24);
            return (
              <g key={tick.at}>
                <line class="rule" x1={left} x2={width - right} y1={at} y2={at} />
                <text x={left - 6} y={at + 4} text-anchor="end">
                  {tick.text}
                </text>
              </g>
            );
          })}
          {across?.ticks.map((tick) => {
            const at = left + 12 + tick.at * (width - left - right - 24);
            return (
              <g key={tick.at}>
                <line class="rule" x1={at} x2={at} y1={top} y2={height - bottom} />
                <text x={at} y={height - bottom + 14} text-anchor={tick.at > 0.9 ? "end" : tick.at < 0.1 ? "start" : "middle"}>
                  {tick.text.length > 14 ? `${tick.text.slice(0, 13)}…` : tick.text}
                </text>
              </g>
            );
          })}
          {drawn.map(({ row, left: px, top: py }) => (
            <text
              key={row.job}
              class={`point ${classOf(row.status)} ${row.job === chosen ? "chosen" : ""} ${hasEnded(row.status) ? "" : "open"}`}
              x={px}
              y={py + 5}
              text-anchor="middle"
            >
              <title>{`Job ${row.job}, ${row.status}: ${x} ${textOf(valueOf(row, `o:${x}`))}, ${y} ${textOf(valueOf(row, `m:${y}`))}`}</title>
              {shapeOf(row.status)}
            </text>
          ))}
        </svg>
      </div>
      <figcaption class="dim" dir="auto">
        Upwards {y}
        {up?.isLog ? " (logarithmic)" : ""}, across {x}
        {across?.isLog ? " (logarithmic)" : ""}; shapes and colours as the states in the table.
        {all.length < rows.length && ` ${some(rows.length - all.length, "job")} without such a number are not in the plot.`}
        {points.length < all.length &&
          ` ${some(all.length - points.length, "job")} with one are left out of it, evenly; the lowest and the highest are drawn. The table has all.`}
      </figcaption>
    </figure>
  );
}
