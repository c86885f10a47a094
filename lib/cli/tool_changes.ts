/** What a new recording did to the tools of its app, in words. */
import type { ToolChanges } from "../ops/follow_tools.ts";
import type { Output } from "./output.ts";

export function noteToolChanges(output: Output, changes: ToolChanges | null): void {
  for (const [what, names] of Object.entries(changes ?? {})) {
    if (names.length > 0) output.note(`tools ${what}: ${names.join(", ")}`);
  }
}
