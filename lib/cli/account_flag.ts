/** `--account NAME`: `shop --account bob` means `shop@bob`. */
import { AppError } from "../base/error.ts";
import type { Option } from "./command.ts";
import type { Flags } from "./flags.ts";

export const ACCOUNT_OPTION: Option = {
  flags: "--account <name>",
  summary: "of an app: this account of it, as APP@NAME names it too",
};

/** @throws {AppError} `USAGE` where the operand names an account already. */
export function withAccount(owner: string, flags: Flags): string {
  const account = flags.text("account");
  if (account === undefined) return owner;
  if (!owner.includes("@")) return `${owner}@${account}`;
  throw new AppError("USAGE", `"${owner}" names an account already`, {
    hint: `keysmith … ${owner.slice(0, owner.indexOf("@"))} --account ${account}`,
  });
}
