import { ago, time } from "../logic/format";

/** A time from now, with the exact one, its zone and all, on hover and for screen readers. */
export const When = ({ at, now }: { at: number | undefined; now: number }) =>
  at === undefined ? null : (
    <time dateTime={new Date(at).toISOString()} title={time(at)}>
      {ago(at, now)}
    </time>
  );
