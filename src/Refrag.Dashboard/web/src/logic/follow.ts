// A stream of the server's, opened again when it breaks: at once, then ever later, at most every ten seconds. A browser has six
// connections to a server, all its tabs together: a page that is out of sight for a while gives its own back.

export type Connection = "connecting" | "open" | "lost";

export interface Stream {
  close(): void;
  restart(): void;
}

export const pause = (failures: number): number => Math.min(10_000, 500 * 2 ** Math.min(failures, 5));

/** How long a page is hidden before its stream is closed: who looks elsewhere for a moment waits for nothing. */
export const patience = 5000;

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
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let asleep = false;

  const look = () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(sleep, patience);
    else if (asleep) {
      asleep = false;
      connection("connecting", failures);
      open();
    }
  };
  const sleep = () => {
    asleep = true;
    source?.close();
    clearTimeout(timer);
    timer = undefined;
  };

  const again = () => {
    source?.close();
    if (closed || asleep || timer !== undefined) return;
    connection("lost", failures);
    timer = setTimeout(open, pause(failures++));
  };

  function open() {
    timer = undefined;
    if (closed || asleep) return;
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
  document.addEventListener("visibilitychange", look);
  open();
  if (document.hidden) look();
  return {
    close() {
      closed = true;
      document.removeEventListener("visibilitychange", look);
      clearTimeout(hiding);
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
