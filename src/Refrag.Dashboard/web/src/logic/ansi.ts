import { visible } from "./format";

// Colours that programs write into their output, as classes. Whatever else a terminal would obey is shown as text, or left out where it only
// moves the cursor.

export interface Span {
  text: string;
  classes: string;
}

interface Style {
  foreground: string;
  bold: boolean;
  faint: boolean;
  underlined: boolean;
}

const plain: Style = { foreground: "", bold: false, faint: false, underlined: false };
const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function apply(style: Style, codes: number[]): Style {
  let now = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) now = { ...plain };
    else if (code === 1) now.bold = true;
    else if (code === 2) now.faint = true;
    else if (code === 4) now.underlined = true;
    else if (code === 22) now.bold = now.faint = false;
    else if (code === 24) now.underlined = false;
    else if (code >= 30 && code <= 37) now.foreground = names[code - 30]!;
    else if (code >= 90 && code <= 97) now.foreground = names[code - 90]!;
    else if (code === 39) now.foreground = "";
    // Colours of a palette or of three parts: their arguments are no codes.
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : codes[i + 1] === 2 ? 4 : 0;
  }
  return now;
}

const classesOf = (style: Style): string =>
  [
    style.foreground && `a-${style.foreground}`,
    style.bold && "a-bold",
    style.faint && "a-faint",
    style.underlined && "a-under",
  ]
    .filter(Boolean)
    .join(" ");

/** A line as pieces of text with classes. */
export function spans(line: string): Span[] {
  // What a program wrote over itself, as progress bars do, shows as it ended.
  const shown = line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1).replace(/\r+$/, "");
  const found: Span[] = [];
  let style = plain;
  let at = 0;
  const add = (text: string) => {
    if (text) found.push({ text: visible(text), classes: classesOf(style) });
  };
  for (const match of shown.matchAll(/\u001b\[([0-9;:]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g)) {
    add(shown.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === "m") style = apply(style, (match[1] || "0").split(/[;:]/).map(Number));
  }
  add(shown.slice(at));
  return found;
}

/** The text alone, for searching and copying. */
export const strip = (line: string): string =>
  spans(line)
    .map((span) => span.text)
    .join("");
