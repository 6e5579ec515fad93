import { forJob } from "../../logic/commands";
import { visible } from "../../logic/format";
import type { JobPage, Session } from "../../logic/model";
import { Copy } from "../../parts/Copy";

/** All that Batch answers of the job, as JSON. */
export const Request = ({ page, session }: { page: JobPage; session: Session }) => (
  <>
    <pre class="json" tabIndex={0} role="region" aria-label="What Batch answers of the job">
      {visible(JSON.stringify(page.request, null, 2))}
    </pre>
    <Copy text={forJob("job", page.job.id, `--json ${session.words}`)} label="the command" />
  </>
);
