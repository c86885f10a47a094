/** `keysmith config check` */
import { checkConfig, type CheckedService } from "../../../ops/check_config.ts";
import { defineCommand } from "../../command.ts";
import type { Output } from "../../output.ts";
import { countOf } from "../../words.ts";

export const command = defineCommand({
  operands: [],
  options: [],
  examples: ["keysmith config check"],

  parse() {
    return {};
  },

  async run({ ctx, output }) {
    const checked = await output.progress("reading the documents", () => checkConfig(ctx));
    output.result(checked, () => {
      const { files, services, unusedSecrets, warnings } = checked;
      output.line(
        files.length === 0
          ? "there is no configuration file; keysmith config set writes yours"
          : files.join(", "),
      );
      for (const service of services) printService(output, service);
      for (const key of unusedSecrets) output.line(`warning: no scheme looks for secret "${key}"`);
      for (const warning of warnings) output.line(`warning: ${warning}`);
    });
    return checked.ok ? 0 : 1;
  },
});

function printService(output: Output, checked: CheckedService): void {
  const { service, openapi, operations, skipped, schemes, problems } = checked;
  output.line();
  const what = openapi === "" ? "not read" : `${countOf(operations, "operation")} of ${openapi}`;
  output.line(`${service}: ${what}`, output.style.bold);
  for (const { scheme, secret } of schemes) {
    output.line(`  scheme ${scheme}: ${secret === null ? "no secret" : `secret "${secret}"`}`);
  }
  for (const { method, path, reason } of skipped) {
    output.line(`  skipped ${`${method} ${path}`.trim()}: ${reason}`);
  }
  for (const problem of problems) output.line(`  problem: ${problem}`, output.style.red);
}
