import { forJob } from "../../logic/commands";
import { length, some } from "../../logic/format";
import type { JobPage, Session, UseLine } from "../../logic/model";
import { Copy } from "../../parts/Copy";
import { Empty } from "../../parts/Problems";

const number = (value: number | undefined) =>
  value === undefined ? "" : value.toLocaleString("en-US", { maximumFractionDigits: 2 });

/** What the job used beside what it asked for. */
export function Use({ page, session }: { page: JobPage; session: Session }) {
  const use = page.use;
  if (!use)
    return (
      <Empty title="What it uses is not known" command={forJob("job", page.job.id, session.words)}>
        <p>It has not started, was too short, or nothing of refrag was there to measure it.</p>
      </Empty>
    );
  return (
    <>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col" class="num">Asked for</th>
            <th scope="col" class="num">Average</th>
            <th scope="col" class="num">At most</th>
            <th scope="col">Unit</th>
            <th scope="col">At most, of what was asked for</th>
          </tr>
        </thead>
        <tbody>
          {use.lines.map((line) => (
            <tr key={line.name}>
              <th scope="row">{line.name}</th>
              <td class="num">{number(line.asked)}</td>
              <td class="num">{number(line.average)}</td>
              <td class="num">{number(line.peak)}</td>
              <td>{line.unit}</td>
              <td>{share(line)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="dim">
        Measured for {length(use.seconds * 1000)}, {some(use.samples, "sample")}, attempt {use.attempt}
        {use.parts > 1 ? `; the largest of ${use.parts} parts` : ""}
        {use.final ? "" : "; its end was not seen"}.
      </p>
      <Copy text={forJob("fit", page.job.id, session.words)} label="the command that fits requests" />
    </>
  );
}

function share(line: UseLine) {
  if (!line.asked || line.peak === undefined) return null;
  const percent = Math.round((100 * line.peak) / line.asked);
  return (
    <>
      <meter min={0} max={100} value={Math.min(100, percent)} aria-label={`${line.name}: ${percent} %`} /> {percent} %
    </>
  );
}
