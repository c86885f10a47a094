/** `--allow-http`, of every command that sends credentials. `lib/cli/context.ts` acts on it. */
import type { Option } from "./command.ts";

export const ALLOW_HTTP_OPTION: Option = {
  flags: "--allow-http",
  summary: "credentials may go over plain http to other machines (or KEYSMITH_ALLOW_HTTP=1)",
};
