/** What a new recording did to the tools of its app, in words. */
import { AppError } from "../base/error.ts";
import { followTools, type ToolChanges } from "../ops/follow_tools.ts";
import type { Session } from "./command.ts";
import type { Output } from "./output.ts";

/**
 * The tools brought up to date with a recording that is stored already. What hinders them does not make
 * the command fail: it is a note, and the tools stay as they were.
 */
export async function toolChanges(
  { ctx, output }: Session,
  app: string,
): Promise<ToolChanges | null> {
  try {
    return await followTools(ctx, app);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    output.note(
      `the recording is kept, but the tools of "${app}" do not follow it: ${error.message}; ` +
        `then: keysmith tools analyze ${app}`,
    );
    return null;
  }
}

export function noteToolChanges(output: Output, changes: ToolChanges | null): void {
  for (const [what, names] of Object.entries(changes ?? {})) {
    if (names.length > 0) output.note(`tools ${what}: ${names.join(", ")}`);
  }
}
