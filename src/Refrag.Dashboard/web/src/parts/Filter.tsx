import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { accept, complete } from "../logic/filter";
import type { JobRow } from "../logic/model";
import { order } from "../logic/states";

/** The filter bar: text with completion. It takes effect as it is typed, and Escape leaves it. */
export function Filter(props: { value: string; rows: () => Iterable<JobRow>; onChange: (value: string) => void }) {
  const [text, setText] = useState(props.value);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  useEffect(() => {
    if (document.activeElement !== input.current) setText(props.value);
  }, [props.value]);
  const options = useMemo(() => (open ? complete(text, props.rows(), order) : []), [open, text]);
  const change = (value: string) => {
    setText(value);
    setAt(-1);
    props.onChange(value.trim());
  };
  const take = (option: string) => {
    const next = accept(text, option);
    change(next);
    setOpen(/\S$/.test(next));
    input.current?.focus();
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      if (open && options.length > 0) setOpen(false);
      else input.current?.blur();
    } else if (event.key === "ArrowDown") {
      setOpen(true);
      setAt(Math.min(options.length - 1, at + 1));
    } else if (event.key === "ArrowUp") {
      setAt(Math.max(-1, at - 1));
    } else if ((event.key === "Enter" || event.key === "Tab") && open && at >= 0 && options[at]) {
      take(options[at]!);
    } else if (event.key === "Enter") {
      setOpen(false);
      document.getElementById("jobs")?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <div class="filter">
      <input
        id="filter"
        ref={input}
        type="text"
        role="combobox"
        aria-label="Filter jobs"
        aria-expanded={open && options.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && at >= 0 ? `${list}-${at}` : undefined}
        placeholder="state:RUNNING queue:gpu* tag:team=vision train"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          // Only while a word is being typed: what covers the table must be of use.
          setOpen(/\S$/.test(event.currentTarget.value));
          change(event.currentTarget.value);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={key}
      />
      <ul id={list} role="listbox" aria-label="Completions" hidden={!open || options.length === 0}>
        {options.map((option, i) => (
          <li
            key={option}
            id={`${list}-${i}`}
            role="option"
            aria-selected={i === at}
            // Before the field loses the focus.
            onMouseDown={(event) => {
              event.preventDefault();
              take(option);
            }}
          >
            {option}
          </li>
        ))}
      </ul>
    </div>
  );
}
