import { useState } from "preact/hooks";

/** A command with a button that copies it. */
export function Copy({ text, label }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      // The text can be selected and copied by hand.
    }
  };
  return (
    <span class="copy">
      <code tabIndex={0}>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy ${label ?? text}`}>
        {copied ? "copied" : "copy"}
      </button>
    </span>
  );
}
