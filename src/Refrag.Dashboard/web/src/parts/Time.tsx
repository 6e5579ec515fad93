import { ago, length, time } from "../logic/format";
import { useNow } from "./hooks";

/** A time from now, with the exact one, its zone and all, on hover and for screen readers. */
export const When = ({ at, now }: { at: number | undefined; now: number }) =>
  at === undefined ? null : (
    <time dateTime={new Date(at).toISOString()} title={time(at)}>
      {ago(at, now)}
    </time>
  );

/** How old a reading is, counted here each second, so that what it is a reading of is not drawn again. */
export function ReadAgo({ at }: { at: number | undefined }) {
  const now = useNow();
  return at === undefined ? null : <span>read {length(Math.max(0, now - at))} ago</span>;
}
