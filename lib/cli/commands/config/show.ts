/** `keysmith config show` */
import { showConfig } from "../../../ops/show_config.ts";
import { defineCommand } from "../../command.ts";

export const command = defineCommand({
  filesOnly: true,
  operands: [],
  options: [],
  examples: ["keysmith config show --json"],

  parse() {
    return {};
  },

  async run({ ctx, output }) {
    const config = await showConfig(ctx);
    output.result(config, () => {
      output.line(`files    ${config.files.join(", ") || "none"}`);
      output.line(`store    ${config.store}`);
      output.line(`model    ${config.model ?? "none"}`);
      for (const { setting, value, variable } of config.modelSettings) {
        const shown = typeof value === "string" ? value : JSON.stringify(value);
        output.line(`         ${setting}: ${shown} (${variable ?? "configuration"})`);
      }
      for (const [model, { in: input, out, cached }] of Object.entries(config.prices)) {
        const kept = cached === null ? "" : `, cached ${cached}`;
        output.line(`prices   ${model}: in ${input}, out ${out}${kept} for a million tokens`);
      }
      output.line(
        `exec     ${
          config.policy.allowExecSecrets
            ? "allowed"
            : "not allowed for secrets; policy.allowExecSecrets"
        }`,
      );
      for (const { name, openapi, file } of config.services) {
        output.line(`service  ${name}: ${openapi} (${file})`);
      }
      for (const { key, type, file } of config.secrets) {
        output.line(`secret   ${key}: ${type} (${file})`);
      }
      for (const { app, label, type, file } of config.answers) {
        output.line(`answer   ${app}, "${label}": ${type} (${file})`);
      }
      for (const { name, hosts, file } of config.appEnvironments) {
        const places = typeof hosts === "string" ? hosts : Object.values(hosts).join(", ");
        output.line(`place    ${name}: ${places} (${file})`);
      }
      for (const { variable, sets, value, overriddenBy } of config.environment) {
        const force = overriddenBy === null ? "" : `; not in force: ${overriddenBy} decides`;
        output.line(`env      ${variable}=${value} sets ${sets}${force}`);
      }
      if (config.unapproved !== null) {
        const { file, says } = config.unapproved;
        output.line(`waits    ${file}, not approved: keysmith config approve`);
        for (const line of says) output.line(`         would ${line}`);
      }
      for (const warning of config.warnings) output.note(`warning: ${warning}`);
    });
  },
});
