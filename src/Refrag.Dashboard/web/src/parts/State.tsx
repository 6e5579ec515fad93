import { classOf, shapeOf } from "../logic/states";

/** A state by shape, colour and word. */
export const State = ({ status }: { status: string }) => (
  <span class={`state ${classOf(status)}`}>
    <span class="shape" aria-hidden="true">
      {shapeOf(status)}
    </span>
    {status}
  </span>
);

/** How many of a group are in each state, as a bar with words for those who do not see it. */
export function Bar({ counts, total }: { counts: Record<string, number>; total: number }) {
  const parts = Object.entries(counts).filter(([, n]) => n > 0);
  const words = parts.map(([status, n]) => `${n} ${status}`).join(", ");
  return (
    <span class="bar" role="img" aria-label={words || "empty"} title={words}>
      {parts.map(([status, n]) => (
        <span key={status} class={classOf(status)} style={{ width: `${(100 * n) / Math.max(1, total)}%` }} />
      ))}
    </span>
  );
}
