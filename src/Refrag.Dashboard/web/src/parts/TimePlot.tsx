import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { timeOfDay, time } from "../logic/format";
import { withGaps } from "../logic/series";
import type { Values } from "../logic/model";
import { useColours, useWidth } from "./hooks";

export interface Series {
  label: string;
  values: Values;
  /** A variable of the style sheet. */
  colour: string;
  dash?: number[];
}

interface Props {
  /** What it shows, for those who do not see it, with its last values. */
  words: string;
  /** The unit of the axis. */
  unit: string;
  at: number[];
  series: Series[];
  /** More than this between two points is a gap, in milliseconds. */
  gap?: number;
  /** The first and the last moment; those of the points if it is left out. */
  span?: number[];
  /** How a value is written. */
  show?: (value: number) => string;
  children?: preact.ComponentChildren;
}

const oneDay = 24 * 3600 * 1000;
const date = new Intl.DateTimeFormat(undefined, { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A time series on a canvas, zero-based, with gaps as gaps; the pointer and arrow keys read a point. */
export function TimePlot({ words, unit, at, series, gap = Infinity, span, show = String, children }: Props) {
  const [element, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | undefined>(undefined);
  const colours = useColours();
  const [chosen, setChosen] = useState(-1);
  const latest = useRef({ show, span });
  latest.current = { show, span };
  const names = series.map((one) => one.label).join();
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (variable: string) => style.getPropertyValue(variable).trim();
    const axis = { stroke: colour("--dim"), grid: { stroke: colour("--line") }, ticks: { stroke: colour("--line") } };
    const isLong = () => {
      const shown = latest.current.span;
      return shown !== undefined && shown[1]! - shown[0]! > 1.5 * oneDay;
    };
    plot.current = new uPlot(
      {
        width,
        height: 120,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: (_, least, most) => (latest.current.span ? [latest.current.span[0]! / 1000, latest.current.span[1]! / 1000] : [least, most]) },
          y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
        },
        axes: [
          {
            ...axis,
            values: (_, ticks) => ticks.map((one) => (isLong() ? date.format(one * 1000) : timeOfDay(one * 1000))),
            space: isLong() ? 110 : 80,
          },
          { ...axis, size: 56, label: unit, labelSize: 16, values: (_, ticks) => ticks.map((one) => latest.current.show(one)) },
        ],
        series: [
          {},
          ...series.map((one) => ({ label: one.label, stroke: colour(one.colour), width: 2, dash: one.dash, points: { size: 4 } })),
        ],
      },
      [[], ...series.map(() => [])],
      element.current!,
    );
    return () => plot.current?.destroy();
  }, [width, colours, names, unit]);
  useEffect(() => {
    plot.current?.setData(withGaps(at, series.map((one) => one.values), gap));
    // The values, not the list of series, which is made anew whenever a second passes.
  }, [at, ...series.map((one) => one.values), gap, width, colours, names, unit, span?.[1]]);

  const point = chosen >= 0 && chosen < at.length ? chosen : at.length - 1;
  const reading = at.length === 0 ? "no samples" : `${time(at[point])}: ${series.map((one) => said(one, point, show)).join(", ")}`;
  const move = (to: number) => setChosen(Math.max(0, Math.min(at.length - 1, to)));
  return (
    <figure class="timeplot">
      <div
        class="plot"
        ref={element}
        role="slider"
        tabIndex={0}
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, at.length - 1)}
        aria-valuenow={Math.max(0, point)}
        aria-valuetext={reading}
        onKeyDown={(event) => {
          const to = { ArrowLeft: point - 1, ArrowRight: point + 1, Home: 0, End: at.length - 1 }[event.key];
          if (to === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          move(to);
        }}
        onPointerMove={(event) => {
          const over = plot.current?.over.getBoundingClientRect();
          if (!over || at.length === 0) return;
          const wanted = (plot.current!.posToVal(event.clientX - over.left, "x") ?? 0) * 1000;
          let best = 0;
          for (let i = 1; i < at.length; i++) if (Math.abs(at[i]! - wanted) < Math.abs(at[best]! - wanted)) best = i;
          setChosen(best);
        }}
        onPointerLeave={() => setChosen(-1)}
      />
      <figcaption class="dim">
        {series.map((one) => (
          <span key={one.label} class="named">
            <span class={`key k${one.colour} ${one.dash ? "dashed" : ""}`} aria-hidden="true" /> {one.label}{" "}
            <span class="num">{point < 0 ? "" : value(one.values[point], show)}</span>
          </span>
        ))}
        {children} <span class="num">{point < 0 ? "" : chosen < 0 ? "" : time(at[point])}</span>
      </figcaption>
    </figure>
  );
}

const value = (one: number | null | undefined, show: (value: number) => string): string =>
  one === null || one === undefined ? "unknown" : show(one);

const said = (one: Series, point: number, show: (value: number) => string): string => `${one.label} ${value(one.values[point], show)}`;
