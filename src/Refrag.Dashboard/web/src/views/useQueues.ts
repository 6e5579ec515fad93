import { useEffect, useState } from "preact/hooks";
import { follow, type Connection } from "../logic/follow";
import type { QueuePage } from "../logic/model";

/** Queues and fleets, live. */
export function useQueues(onConnection: (state: Connection) => void): QueuePage | undefined {
  const [page, setPage] = useState<QueuePage>();
  useEffect(() => {
    const stream = follow("/api/queues", { queues: (next: QueuePage) => setPage(next) }, onConnection);
    return () => stream.close();
  }, []);
  return page;
}
