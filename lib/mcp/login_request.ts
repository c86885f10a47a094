/**
 * What a call that needs a login comes to: where the client shows addresses to its user (URL elicitation), the
 * page is offered and the call goes on after it; elsewhere the result says how to get there. And the tool
 * `keysmith_login`, which answers the address.
 */
import type { CallToolResult, InputRequiredResult } from "@modelcontextprotocol/server";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { askingUser } from "./asking_user.ts";
import type { LoginDesk } from "./login_desk.ts";
import { LOGIN_TOOL } from "./own_tools.ts";

const KEY = "login:";
const CODES = ["AUTH_NEEDED", "CONSENT_NEEDED", "NO_INPUT"];

/** Whose login an error asks for; `null` when it asks for none. */
export function neededLogin({ code, hint = "" }: AppError): string | null {
  if (!CODES.includes(code)) return null;
  return / auth login ([\w.@-]+)/.exec(hint)?.[1] ?? null;
}

/** The page, offered through the client. */
export async function offerLogin(desk: LoginDesk, owner: string): Promise<InputRequiredResult> {
  return askingUser(KEY + owner, {
    mode: "url",
    message:
      `"${owner}" needs you to log in. The page is on your own computer; what you type there ` +
      "is seen neither by this client nor by its model.",
    url: await desk.address(owner),
  });
}

/**
 * What the user made of the offer: the owner of the login to wait for; `declined`; or `null` where none was
 * made.
 */
export function answeredOffer(
  answers: Readonly<Record<string, unknown>>,
): { readonly owner: string; readonly accepted: boolean } | null {
  for (const [key, answer] of Object.entries(answers)) {
    if (!key.startsWith(KEY) || !isRecord(answer)) continue;
    return { owner: key.slice(KEY.length), accepted: answer.action === "accept" };
  }
  return null;
}

/** For clients that show no addresses by themselves. */
export function loginAdvice(owner: string): string {
  return `Or call ${LOGIN_TOOL.name} with {"owner": ${JSON.stringify(owner)}} and show your user ` +
    "the address it answers; then make this call again.";
}

export async function loginResult(desk: LoginDesk, args: unknown): Promise<CallToolResult> {
  const owner = isRecord(args) && typeof args.owner === "string" ? args.owner : "";
  if (owner === "") {
    throw new AppError("USAGE", 'The argument "owner" is missing', {
      hint: "Name an app or a service, as keysmith_status lists it",
    });
  }
  const address = await desk.address(owner);
  const text =
    `Show this address to your user, who opens it in a browser on the same computer: ${address}\n` +
    "It is good once. When the user has logged in, call the tool that needed it again.";
  return { content: [{ type: "text", text }], structuredContent: { owner, address } };
}
