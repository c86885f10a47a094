/** `keysmith config approve [SERVICE]` */
import { AppError } from "../../../base/error.ts";
import { approveFolder } from "../../../ops/approve_folder.ts";
import { approveService } from "../../../ops/approve_service.ts";
import { defineCommand, type Session } from "../../command.ts";
import { countOf } from "../../words.ts";

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
    for (const name of names) additions.push(...await approveOne(session, name, yes));
    const result = { file: folder.file, services: names, additions, approved: true };
    output.result(result, () =>
      output.line(
        additions.length === 0 && folder.isKnown ? "everything was approved before" : `approved: ${
          [
            ...(folder.isKnown ? [] : [folder.file]),
            ...(additions.length === 0 ? [] : [
              `what ${countOf(additions.length, "line")} above ${
                additions.length === 1 ? "says" : "say"
              } of the documents`,
            ]),
          ].join(", ")
        }`,
      ));
  },
});

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
