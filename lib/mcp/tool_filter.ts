/** Which tools are offered at all, and which are pinned: shown in the list however long it is. */
import type { ToolChoice } from "../base/config.ts";
import { matchesGlob } from "../base/glob.ts";
import type { OwnedTool } from "./tool_description.ts";

/** Of several kinds each must fit; of several of one kind, one. */
export function isChosen(name: string, owned: OwnedTool, choice: ToolChoice): boolean {
  const { tags, methods, paths, match } = choice;
  const { method, path } = owned.summary;
  return fits(tags, (tag) => owned.summary.tags.some((one) => matchesGlob(tag, one))) &&
    fits(methods, (one) => one.toUpperCase() === method) &&
    fits(paths, (one) => isUnder(one, path)) &&
    fits(match, (pattern) => isNamed(name, owned, pattern));
}

export function isPinned(name: string, owned: OwnedTool, { pin }: ToolChoice): boolean {
  return pin.some((pattern) => isNamed(name, owned, pattern));
}

/** By the name in the list, by the owner's own name for it, or by `GET /pets/*`. */
function isNamed(name: string, { summary }: OwnedTool, pattern: string): boolean {
  return [name, summary.name, `${summary.method} ${summary.path}`]
    .some((one) => matchesGlob(pattern, one));
}

/** A path without `*` means everything below it too. */
function isUnder(pattern: string, path: string): boolean {
  return matchesGlob(pattern, path) ||
    !pattern.includes("*") && path.toLowerCase().startsWith(`${pattern.toLowerCase()}/`);
}

function fits(wanted: readonly string[], isFit: (one: string) => boolean): boolean {
  return wanted.length === 0 || wanted.some(isFit);
}
