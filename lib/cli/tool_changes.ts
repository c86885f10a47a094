/** What a new recording did to the tools of its app, in words. */
import { AppError } from "../base/error.ts";
import { followTools, type ToolChanges } from "../ops/follow_tools.ts";
import type { Session } from "./command.ts";
import type { Output } from "./output.ts";

/**
 * Brings the tools up to date with a recording. The recording is stored by then, so that what hinders the tools is
 * told in a note and does not fail the command.
 *
 * @returns `null` where nothing was derived
 */
export async function toolChanges(
  { ctx, output }: Session,
  app: string,
): Promise<ToolChanges | null> {
  try {
    return await followTools(ctx, app);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    const { message, hint } = error;
    output.note(
      `the recording is kept, but the tools of "${app}" do not follow it: ` +
        (hint === undefined ? message : `${message}. ${hint}`),
    );
    output.note(`when that is mended: keysmith tools analyze ${app}`);
    return null;
  }
}

export function noteToolChanges(output: Output, changes: ToolChanges | null): void {
  for (const [what, names] of Object.entries(changes ?? {})) {
    if (names.length > 0) output.note(`tools ${what}: ${names.join(", ")}`);
  }
}
