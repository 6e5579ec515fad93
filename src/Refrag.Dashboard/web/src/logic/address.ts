// Every view is an address behind the `#`, which a browser never sends: `#/jobs?q=state:RUNNING&group=queue`.

export interface Address {
  path: string[];
  query: Record<string, string>;
}

const piece = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export function read(hash: string): Address {
  const text = hash.replace(/^#/, "");
  const mark = text.indexOf("?");
  const path = (mark < 0 ? text : text.slice(0, mark)).split("/").filter(Boolean).map(piece);
  const query: Record<string, string> = Object.create(null);
  for (const [key, value] of new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1))) query[key] = value;
  return { path: path.length > 0 ? path : ["jobs"], query };
}

export function write(path: string[], query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value) search.set(key, value);
  // Readable where it may be: the address is shared.
  const text = search.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%3D", "=").replaceAll("%2A", "*");
  return `#/${path.map(encodeURIComponent).join("/")}${text ? `?${text}` : ""}`;
}
