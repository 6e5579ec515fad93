import { burnOf, type Burn } from "../../logic/cost";
import { some, usd } from "../../logic/format";
import type { BudgetBar, CostPage } from "../../logic/model";
import { ProblemBox } from "../../parts/Problems";

const words: Record<Burn, [string, string, string]> = {
  within: ["✓", "within", "h-ok"],
  ahead: ["!", "forecast above the budget", "h-unsure"],
  above: ["✕", "taken above the budget", "h-broken"],
};

/** The budgets of the month: what is spent, measured and assumed apart, what runs and waits, and where the month will end. */
export const Budgets = ({ page }: { page: CostPage }) => (
  <section class="budgets" aria-labelledby="budgets">
    <h2 id="budgets">Budgets{page.month ? `, ${page.month} (UTC)` : ""}</h2>
    {page.budgetProblems.map((problem) => (
      <ProblemBox key={problem.code + problem.what} problem={problem} />
    ))}
    {page.budgets?.length === 0 && <p class="dim">There are none: write them into budgets.yaml beside the configuration.</p>}
    <div class="cards">
      {page.budgets?.map((one) => (
        <Card key={`${one.name} ${one.of}`} budget={one} />
      ))}
    </div>
    {page.leftOut.map((one) => (
      <p key={one.name} class="dim">
        {some(one.count, "other")} of the budget <span dir="auto">{one.name}</span> with less taken are left out here; refrag budget prints them.
      </p>
    ))}
  </section>
);

const percent = (part: number): string => `${part > 0 && part < 0.1 ? (part * 100).toFixed(1) : Math.round(part * 100)}%`;

function Card({ budget }: { budget: BudgetBar }) {
  const { usd: limit, measured, assumed, running, waiting, forecast, perDay } = budget;
  const taken = measured + assumed + running + waiting;
  const whole = Math.max(limit, taken, forecast) * 1.02 || 1;
  const parts: [string, string, number][] = [
    ["spent, measured", "spent", measured],
    ["spent, assumed", "spent guessed", assumed],
    ["running jobs, yet", "run", running],
    ["waiting jobs", "wait", waiting],
  ];
  const [shape, word, look] = words[burnOf(budget)];
  const said = `${parts.map(([name, , amount]) => `${name} ${usd(amount)}`).join(", ")}, of ${usd(limit)}; forecast ${usd(forecast)}`;
  return (
    <article class="card" aria-label={`Budget ${budget.name}`}>
      <h3 dir="auto">
        {budget.name} <span class="dim">{budget.of}</span>{" "}
        <span class={`health ${look}`}>
          <span aria-hidden="true">{shape}</span> {word}
        </span>
      </h3>
      <div class="burn" role="img" aria-label={said} title={said}>
        {parts.map(([name, look, amount]) => (
          <span key={name} class={look} style={{ width: `${(100 * amount) / whole}%` }} />
        ))}
        <span class="limit" style={{ left: `${(100 * limit) / whole}%` }} />
        <span class="forecast" style={{ left: `${(100 * forecast) / whole}%` }}>
          ▲
        </span>
      </div>
      <table class="plain">
        <tbody>
          {parts.map(([name, look, amount]) => (
            <tr key={name}>
              <th scope="row">
                <span class={`swatch ${look}`} aria-hidden="true" /> {name}
              </th>
              <td class="num">{usd(amount)}</td>
              <td class="num">{percent(amount / limit)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">taken of {usd(limit)}</th>
            <td class="num">{usd(taken)}</td>
            <td class="num">{percent(taken / limit)}</td>
          </tr>
          <tr>
            <th scope="row">▲ forecast for the month's end</th>
            <td class="num">{usd(forecast)}</td>
            <td class="num">{percent(forecast / limit)}</td>
          </tr>
        </tbody>
      </table>
      <p class="dim">
        {usd(perDay)} a day in the last 7 days. What has no room is {budget.refuses ? "refused" : "warned of"}.
        {budget.unpriced > 0 && ` ${budget.unpriced} without a price are in no amount.`}
      </p>
    </article>
  );
}
