/** `keysmith config approve SERVICE` */
import { AppError } from "../../../base/error.ts";
import { approveService } from "../../../ops/approve_service.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  operands: [["<service>", "the service"]],
  options: [{ flags: "--yes", summary: "approve without being asked" }],
  examples: ["keysmith config approve helpdesk"],

  parse([service = ""], flags) {
    return { service, yes: flags.on("yes") };
  },

  async run({ ctx, output }, { service, yes }) {
    const { additions } = await approveService(ctx, { service, preview: true });
    if (additions.length === 0) {
      const known = { service, additions, approved: true };
      return output.result(known, () => output.line("everything was approved before"));
    }
    for (const addition of additions) ctx.term.err(`  ${addition}`);
    if (!yes && !await ctx.term.confirm(`Approve this for "${service}"?`)) {
      throw new AppError("CONSENT_NEEDED", `The changes of "${service}" are not approved`);
    }
    const result = await approveService(ctx, { service });
    output.result(result, () => output.line(`approved: ${additions.length} additions`));
  },
});
