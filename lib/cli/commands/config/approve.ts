/** `keysmith config approve [SERVICE]` */
import { AppError } from "../../../base/error.ts";
import { approveFolder } from "../../../ops/approve_folder.ts";
import { approveService } from "../../../ops/approve_service.ts";
import { defineCommand, type Session } from "../../command.ts";

export const command = defineCommand({
  operands: [["[service]", "a service; else the working folder's file and all it defines"]],
  options: [{ flags: "--yes", summary: "approve what is shown without being asked" }],
  examples: ["keysmith config approve", "keysmith config approve helpdesk"],

  parse([service], flags) {
    return { service, yes: flags.on("yes") };
  },

  async run(session, { service, yes }) {
    const { ctx, output } = session;
    const folder = await approveFolder(ctx, { yes });
    const names = service === undefined ? folder.services : [service];
    const additions: string[] = [];
    const approved: string[] = folder.isKnown || folder.file === null ? [] : [folder.file];
    for (const name of names) {
      try {
        const added = await approveOne(session, name, yes);
        if (added.length > 0) approved.push(`the document of "${name}"`);
        additions.push(...added);
      } catch (error) {
        // One step of several: what was agreed to before holds.
        if (approved.length > 0) ctx.term.err(approvedWords(approved));
        throw error;
      }
    }
    const result = { file: folder.file, services: names, additions, approved: true };
    output.result(result, () => output.line(approvedWords(approved)));
  },
});

function approvedWords(approved: readonly string[]): string {
  return approved.length === 0
    ? "everything was approved before"
    : `approved: ${approved.join(", ")}`;
}

/** What was new of the service, and is approved now. */
async function approveOne(
  { ctx }: Session,
  service: string,
  yes: boolean,
): Promise<readonly string[]> {
  const { additions } = await approveService(ctx, { service, preview: true });
  if (additions.length === 0) return [];
  ctx.term.err(`By the document of "${service}"`);
  for (const addition of additions) ctx.term.err(`  ${addition}`);
  if (yes) ctx.term.err("--yes agrees to this");
  else if (!ctx.term.interactive || !await ctx.term.confirm(`Approve this for "${service}"?`)) {
    throw new AppError("CONSENT_NEEDED", `The changes of "${service}" are not approved`, {
      hint: `keysmith config approve ${service} --yes`,
      details: { service, additions },
    });
  }
  await approveService(ctx, { service });
  return additions;
}
