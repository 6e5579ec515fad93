// Events of an answer that ends by itself. An EventSource would ask again at its end, and that is work anew.
import { broken, refusedOf, Refused } from "./api";

/** Calls what is named like each event, in their order, until the answer ends; throws what was refused, or that it broke off. */
export async function readEvents(path: string, handlers: Record<string, (data: never) => void>, stop: AbortSignal): Promise<void> {
  let text = "";
  try {
    const response = await fetch(path, { headers: { Accept: "text/event-stream" }, signal: stop });
    if (!response.ok) throw await refusedOf(response);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) take(block, handlers);
    }
  } catch (failure) {
    if (failure instanceof Refused || stop.aborted) throw failure;
    throw broken();
  }
}

function take(block: string, handlers: Record<string, (data: never) => void>) {
  const field = (name: string) =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const [name, data] = [field("event"), field("data")];
  if (name !== undefined && data !== undefined && Object.hasOwn(handlers, name)) handlers[name]!(JSON.parse(data) as never);
}
