import { useEffect, useRef, useState } from "preact/hooks";

/** The time now, again every second while the page is in sight. */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export type Keys = Record<string, (event: KeyboardEvent) => void>;

const types = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** Keys of a view: not while a field is typed into or a dialog is open, and not with modifiers, which are the browser's. */
export function useKeys(keys: Keys, on = true): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const act = latest.current[event.key];
      if (!act) return;
      // A focused button or link keeps the keys that press it.
      if ((event.key === "Enter" || event.key === " ") && event.target instanceof HTMLElement)
        if (["BUTTON", "A", "SUMMARY"].includes(event.target.tagName)) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, [on]);
}

/** The size of an element, in pixels. */
export function useHeight<T extends HTMLElement>(): [preact.RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [height, setHeight] = useState(600);
  useEffect(() => {
    const observer = new ResizeObserver(() => setHeight(element.current?.clientHeight ?? 600));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return [element, height];
}

/** The width of an element, in pixels. */
export function useWidth<T extends HTMLElement>(): [preact.RefObject<T | null>, number] {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(300);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(element.current?.clientWidth || 300));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

/** Changes when colours do: what is drawn on a canvas is then drawn again. */
export function useColours(): number {
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const change = () => setTimes((before) => before + 1);
    const observer = new MutationObserver(change);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", change);
    return () => {
      observer.disconnect();
      system.removeEventListener("change", change);
    };
  }, []);
  return times;
}
