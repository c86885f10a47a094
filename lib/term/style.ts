/** Colour, and the one decision whether to use any. */
import type { Environment } from "../base/context.ts";

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string) => text;

/** No colour at all. */
const PLAIN: Style = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

/**
 * Colours for one stream: only on a terminal, never with `NO_COLOR` set to anything but the empty
 * text (https://no-color.org), `CI`, or `TERM=dumb`. The library is loaded where it is used: it
 * touches `process`, which costs a start more than everything else does.
 */
export async function styleFor(
  stream: { readonly isTerminal: boolean },
  env: Environment,
): Promise<Style> {
  const refused = env.get("NO_COLOR") || env.get("CI") || env.get("TERM") === "dumb";
  if (!stream.isTerminal || refused) return PLAIN;
  const { default: picocolors } = await import("picocolors");
  return picocolors.createColors(true);
}
