import { forJob } from "../../logic/commands";
import { usd } from "../../logic/format";
import type { JobPage, Session } from "../../logic/model";
import { Copy } from "../../parts/Copy";
import { Empty } from "../../parts/Problems";

/** What the job has cost so far: what is billed, measured and assumed, apart. */
export function CostTab({ page, session }: { page: JobPage; session: Session }) {
  const cost = page.cost;
  if (!cost)
    return (
      <Empty title="What it costs is not known" command={forJob("job", page.job.id, session.words)}>
        <p>It has not run yet, is an array, whose children cost, or runs on this machine.</p>
      </Empty>
    );
  const rows: [string, number][] = [
    ["On AWS's bill", cost.billed],
    ["Measured instance", cost.measured],
    ["Assumed instance", cost.assumed],
    ["Together", cost.usd],
  ];
  return (
    <>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col" class="num">USD</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(([name, amount]) => amount > 0 || name === "Together")
            .map(([name, amount]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="num">{usd(amount)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {cost.failed > 0 && <p>{usd(cost.failed)} of it for attempts that failed.</p>}
      <p class="dim">
        {cost.basis}: {cost.sources.join("; ")}
      </p>
      <Copy text={`refrag cost report ${session.words}`} label="the command" />
    </>
  );
}
