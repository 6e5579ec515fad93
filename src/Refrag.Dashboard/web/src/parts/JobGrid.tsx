import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { count, needs, length } from "../logic/format";
import { span, type Column, type Group, type Line, type Sort } from "../logic/group";
import type { JobRow } from "../logic/model";
import { useHeight } from "./hooks";
import { Bar, State } from "./State";
import { When } from "./Time";

export const rowHeight = 32;
const spare = 8;

// The tallest that browsers draw without errors; beyond it the scrollbar stands for more than a pixel a pixel.
const tallest = 15_000_000;

const columns: { id: Column | "id" | "reason"; title: string; sorts: boolean }[] = [
  { id: "state", title: "State", sorts: true },
  { id: "name", title: "Name", sorts: true },
  { id: "id", title: "Id", sorts: false },
  { id: "queue", title: "Queue", sorts: true },
  { id: "needs", title: "Needs", sorts: true },
  { id: "created", title: "Submitted", sorts: true },
  { id: "ran", title: "Waited or ran", sorts: true },
  { id: "attempts", title: "Attempts", sorts: true },
  { id: "reason", title: "Reason", sorts: false },
];

export interface GridProps {
  lines: (Group | Line)[];
  cursor: number;
  selected: ReadonlySet<string>;
  sort: Sort;
  now: number;
  onCursor: (at: number) => void;
  onOpen: (at: number) => void;
  onSelect: (at: number, range: boolean) => void;
  onSort: (column: Column) => void;
}

/** The table of jobs: of any number of lines those are drawn that are in sight. */
export function JobGrid(props: GridProps) {
  const [body, height] = useHeight<HTMLDivElement>();
  const [top, setTop] = useState(0);
  const whole = props.lines.length * rowHeight;
  const drawn = Math.min(whole, tallest);
  // From a place of the scrollbar to one of the table.
  const scale = whole > drawn ? (whole - height) / (drawn - height) : 1;
  const from = top * scale;
  const first = Math.max(0, Math.floor(from / rowHeight) - spare);
  const last = Math.min(props.lines.length, Math.ceil((from + height) / rowHeight) + spare);

  // The cursor stays in sight when keys move it.
  useLayoutEffect(() => {
    const element = body.current!;
    const at = props.cursor * rowHeight;
    if (props.cursor < 0) return;
    if (at < from) element.scrollTop = at / scale;
    else if (at + rowHeight > from + height) element.scrollTop = (at + rowHeight - height) / scale;
  }, [props.cursor]);
  useEffect(() => {
    if (body.current!.scrollTop > drawn) body.current!.scrollTop = 0;
  }, [drawn]);

  const shown = [];
  for (let i = first; i < last; i++) {
    const line = props.lines[i]!;
    const style = { transform: `translateY(${i * rowHeight - from + top}px)` };
    shown.push(
      line.kind === "group" ? (
        <GroupRow key={`g ${line.key}`} group={line} at={i} style={style} {...props} />
      ) : (
        <Row key={line.row.id} row={line.row} at={i} style={style} {...props} />
      ),
    );
  }
  return (
    <div
      id="jobs"
      class="grid"
      role="treegrid"
      aria-label="Jobs"
      aria-rowcount={props.lines.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={props.cursor >= first && props.cursor < last ? `row-${props.cursor}` : undefined}
      tabIndex={0}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        <span class="c-check" role="columnheader">
          <span class="hidden">Selected</span>
        </span>
        {columns.map((column) => (
          <span
            key={column.id}
            class={`c-${column.id}`}
            role="columnheader"
            aria-sort={props.sort.column === column.id ? (props.sort.down ? "descending" : "ascending") : undefined}
          >
            {column.sorts ? (
              <button type="button" tabIndex={-1} onClick={() => props.onSort(column.id as Column)}>
                {column.title}
                <span aria-hidden="true">{props.sort.column === column.id ? (props.sort.down ? " ↓" : " ↑") : ""}</span>
              </button>
            ) : (
              column.title
            )}
          </span>
        ))}
      </div>
      <div class="rows" role="rowgroup" ref={body} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        <div class="tall" role="presentation" style={{ height: `${drawn}px` }}>
          {shown}
        </div>
      </div>
    </div>
  );
}

type RowProps = GridProps & { at: number; style: { transform: string } };

function GroupRow({ group, at, style, ...props }: RowProps & { group: Group }) {
  return (
    <div
      id={`row-${at}`}
      class={`row group${at === props.cursor ? " cursor" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-level={1}
      aria-expanded={group.open}
      style={style}
      onClick={() => {
        props.onCursor(at);
        props.onOpen(at);
      }}
    >
      <span class="c-group" role="gridcell" aria-colspan={columns.length + 1}>
        <span aria-hidden="true">{group.open ? "▾" : "▸"}</span> <b>{group.key}</b> <span class="num">{count(group.total)}</span>
        <Bar counts={group.counts} total={group.total} />
      </span>
    </div>
  );
}

function Row({ row, at, style, ...props }: RowProps & { row: JobRow }) {
  const selected = props.selected.has(row.id);
  return (
    <div
      id={`row-${at}`}
      class={`row${at === props.cursor ? " cursor" : ""}${selected ? " selected" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={selected}
      style={style}
      onClick={(event) => {
        props.onCursor(at);
        if (event.shiftKey || event.ctrlKey || event.metaKey) props.onSelect(at, event.shiftKey);
      }}
      onDblClick={() => props.onOpen(at)}
    >
      <span
        class="c-check"
        role="gridcell"
        onClick={(event) => {
          event.stopPropagation();
          props.onCursor(at);
          props.onSelect(at, event.shiftKey);
        }}
      >
        <span class="box" aria-hidden="true">
          {selected ? "☑" : "☐"}
        </span>
      </span>
      <span class="c-state" role="gridcell">
        <State status={row.status} />
      </span>
      <span class="c-name" role="gridcell" title={row.name}>
        <a href={`#/job/${encodeURIComponent(row.id)}`} tabIndex={-1} dir="auto">
          {row.name}
        </a>
        {row.size !== undefined && (
          <>
            {" "}
            <span class="tagged" title="An array; its children are on its page">
              ×{count(row.size)}
            </span>
            {row.children && <Bar counts={row.children} total={row.size} />}
          </>
        )}
      </span>
      <span class="c-id mono" role="gridcell" title={row.id}>
        {row.id.slice(0, 8)}
      </span>
      <span class="c-queue" role="gridcell" title={row.queue}>
        {row.queue}
      </span>
      <span class="c-needs num" role="gridcell">
        {needs(row)}
      </span>
      <span class="c-created num" role="gridcell">
        <When at={row.created} now={props.now} />
      </span>
      <span class="c-ran num" role="gridcell">
        {spanText(row, props.now)}
      </span>
      <span class="c-attempts num" role="gridcell">
        {row.attempts ? row.attempts : ""}
        {row.lost ? (
          <span class="lost" title={`${row.lost} of them lost their host`}>
            {" "}
            ⚡{row.lost} lost
          </span>
        ) : null}
      </span>
      <span class="c-reason" role="gridcell" title={row.reason} dir="auto">
        {row.reason ?? (row.exit ? `exit code ${row.exit}` : "")}
      </span>
    </div>
  );
}

function spanText(row: JobRow, now: number): string {
  const ms = span(row, now);
  if (row.started !== undefined && (row.stopped !== undefined || row.status === "RUNNING")) return `ran ${length(ms)}`;
  return row.stopped === undefined && ms > 0 ? `waits ${length(ms)}` : "";
}
