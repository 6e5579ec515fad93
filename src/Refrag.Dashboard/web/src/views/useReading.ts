import { useEffect, useState } from "preact/hooks";
import { follow, type Connection } from "../logic/follow";

/** What a stream of the server sends: each event is the whole of it. Nothing is kept of another address. */
export function useReading<T>(url: string, name: string, onConnection: (state: Connection) => void): T | undefined {
  const [read, setRead] = useState<{ url: string; page: T }>();
  useEffect(() => {
    const stream = follow(url, { [name]: (page: T) => setRead({ url, page }) }, onConnection);
    return () => stream.close();
  }, [url, name]);
  return read?.url === url ? read.page : undefined;
}
