import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  title: string;
  onClose: () => void;
  /** What Escape does instead of closing, while something runs. */
  onEscape?: (() => void) | undefined;
  children: ComponentChildren;
}

/** A dialog of the browser's own: it keeps the focus, gives it back, and Escape closes it. */
export function Dialog(props: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  const escape = (event: Event) => {
    if (!props.onEscape) return;
    event.preventDefault();
    props.onEscape();
  };
  return (
    <dialog ref={element} onClose={props.onClose} onCancel={escape} aria-labelledby="dialog-title">
      <h2 id="dialog-title">{props.title}</h2>
      {props.children}
    </dialog>
  );
}
