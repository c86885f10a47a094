/** Colour, and the one decision whether to use any. */
import picocolors from "picocolors";
import type { Environment } from "../base/context.ts";

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/**
 * Colours for one stream: only on a terminal, never with `NO_COLOR` set to anything but the empty
 * text (https://no-color.org), `CI`, or `TERM=dumb`.
 */
export function styleFor(stream: { readonly isTerminal: boolean }, env: Environment): Style {
  const refused = env.get("NO_COLOR") || env.get("CI") || env.get("TERM") === "dumb";
  return picocolors.createColors(stream.isTerminal && !refused);
}
