/** `keysmith doctor` */
import { doctor } from "../../ops/doctor.ts";
import { defineCommand } from "../command.ts";
import { versionText } from "../version.ts";
import { describeWalls } from "../wall_text.ts";

const PROGRAMS = {
  executable: "one file",
  bundle: "from a checkout",
  sources: "from a checkout; no bundle could be built, so logins start slower",
} as const;

export const command = defineCommand({
  operands: [],
  options: [],
  examples: ["keysmith doctor", "keysmith doctor --json"],

  parse() {
    return {};
  },

  /** 1 where the home cannot be used: every other command would fail there. */
  async run({ ctx, output }) {
    const { program, home, sandbox, browser } = await doctor(ctx);
    output.result({ version: versionText(), program, home, sandbox, browser }, () => {
      output.line(`program  ${versionText()}, ${PROGRAMS[program]}`);
      output.line(
        `home     ${[home.path, home.problem].filter((part) => part !== null).join(": ")}`,
      );
      output.line(`sandbox  ${describeWalls(sandbox)}`);
      output.line(`browser  ${browser ?? "none found; keysmith capture browser needs one"}`);
    });
    return home.problem === null ? 0 : 1;
  },
});
