// A stream of the server's, opened again when it breaks: at once, then ever later, at most every ten seconds.

export type Connection = "connecting" | "open" | "lost";

export interface Stream {
  close(): void;
  restart(): void;
}

export const pause = (failures: number): number => Math.min(10_000, 500 * 2 ** Math.min(failures, 5));

/** Opens it. A handler that returns false has found a gap, and the stream begins anew. */
export function follow(
  url: string,
  handlers: Record<string, (data: never) => boolean | void>,
  connection: (state: Connection, failures: number) => void,
): Stream {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const again = () => {
    source?.close();
    if (closed || timer !== undefined) return;
    connection("lost", failures);
    timer = setTimeout(open, pause(failures++));
  };

  function open() {
    timer = undefined;
    if (closed) return;
    source = new EventSource(url);
    source.onopen = () => {
      failures = 0;
      connection("open", 0);
    };
    source.onerror = again;
    for (const [name, handler] of Object.entries(handlers))
      source.addEventListener(name, (event) => {
        if (handler(JSON.parse((event as MessageEvent<string>).data) as never) === false) {
          source?.close();
          open();
        }
      });
  }

  connection("connecting", 0);
  open();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      source?.close();
    },
    restart() {
      source?.close();
      clearTimeout(timer);
      open();
    },
  };
}
