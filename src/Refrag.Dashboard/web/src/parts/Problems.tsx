import type { Problem } from "../logic/model";
import { Copy } from "./Copy";

/** A problem as the command line shows it: what, why, cure, code. */
export const ProblemBox = ({ problem }: { problem: Problem }) => (
  <div class="problem" role="alert">
    <p>
      <b>{problem.code}</b> {problem.what}.
    </p>
    {problem.cause && <p class="dim">{problem.cause}.</p>}
    <p>{problem.cure}</p>
  </div>
);

/** What to run where there is nothing to show. */
export const Empty = ({ title, command, children }: { title: string; command?: string; children?: preact.ComponentChildren }) => (
  <div class="empty">
    <h2>{title}</h2>
    {children}
    {command && <Copy text={command} />}
  </div>
);
