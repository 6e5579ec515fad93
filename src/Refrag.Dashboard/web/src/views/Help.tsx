import { Dialog } from "../parts/Dialog";

const keys: [string, string][] = [
  ["j, k or arrows", "down and up in the table"],
  ["Enter", "open the job, or unfold the group"],
  ["x, X", "select; X up to here"],
  ["a, Escape", "select all that the filter shows; none"],
  ["c, t, r", "cancel, terminate, retry what is selected"],
  ["/", "filter, or search the log"],
  ["p", "pause the table"],
  ["[ and ]", "the parts of a job"],
  ["u", "back"],
  ["g j, g q, g f, g c, g s, g w", "jobs, queues, fleets, cost, sweeps, what-if"],
  ["arrows on a plot over time", "read its points"],
  ["?", "this list"],
];

const filters: [string, string][] = [
  ["train", "part of the name, or the beginning of the id"],
  ["state:RUNNING,FAILED", "one of the states; active for those that have not ended"],
  ["queue:gpu*", "a queue; * and ? stand for characters"],
  ["app:train user:ann", "the tags app and user"],
  ["tag:team=vision", "any tag; tag:team for any value"],
  ["since:8h", "submitted since; a date too"],
  ["-name:test*", "a minus leaves out"],
];

export const Help = ({ onClose }: { onClose: () => void }) => (
  <Dialog title="Keys and filters" onClose={onClose}>
    <div class="two">
      <table class="plain">
        <caption>Keys</caption>
        <tbody>
          {keys.map(([key, what]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table class="plain">
        <caption>Filters</caption>
        <tbody>
          {filters.map(([word, what]) => (
            <tr key={word}>
              <th scope="row">
                <code>{word}</code>
              </th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <p class="buttons">
      <button type="button" class="primary" onClick={onClose}>
        Close
      </button>
    </p>
  </Dialog>
);
