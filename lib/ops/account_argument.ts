/** The argument that says which account a call is for, on the tools of an app that has several. */
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import type { ToolArguments, ToolSummary } from "./tool_owner.ts";

/** `account`; another name where the tool has an argument of that name itself. */
function argumentName({ parameters }: Pick<ToolDefinition, "parameters">): string {
  return Object.hasOwn(propertiesOf(parameters), "account") ? "keysmith_account" : "account";
}

export function withAccounts(tool: ToolSummary, accounts: readonly string[]): ToolSummary {
  if (accounts.length === 0 || !tool.requiresAuth) return tool;
  const schema = isRecord(tool.parameters) ? tool.parameters : {};
  const account = {
    type: "string",
    enum: [...accounts],
    description: "Whose account; without it the app's own",
  };
  const properties = { ...propertiesOf(tool.parameters), [argumentName(tool)]: account };
  return {
    ...tool,
    parameters: { ...schema, type: "object", properties } as ToolSummary["parameters"],
  };
}

/** @throws {AppError} `USAGE` for an account that the app does not have. */
export function takeAccount(
  tool: ToolDefinition,
  args: ToolArguments,
  accounts: readonly string[],
): { readonly account: string | null; readonly rest: ToolArguments } {
  const name = argumentName(tool);
  const { [name]: account, ...rest } = args;
  if (accounts.length === 0 || account === undefined) return { account: null, rest: args };
  if (typeof account === "string" && accounts.includes(account)) return { account, rest };
  throw new AppError("USAGE", `There is no account "${String(account)}"`, {
    hint: `There are: ${accounts.join(", ")}`,
    details: { argument: name, accounts },
  });
}

function propertiesOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties) ? properties : {};
}
