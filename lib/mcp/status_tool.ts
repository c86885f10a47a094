/** `keysmith_status`: what is offered, what is not and why, and who is logged in; for the model, not on stderr alone. */
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { redactJson } from "../base/redact_json.ts";
import { type OwnerStatus, problemText } from "./owner_tools.ts";

/** Of each owner, how many tools that are not offered are named. */
const MAX_SKIPPED = 20;

export async function statusResult(
  ctx: Context,
  owners: readonly OwnerStatus[],
): Promise<CallToolResult> {
  const held = ctx.heldConfig;
  const report = {
    configuration: {
      files: [...held?.last?.files ?? []],
      problem: held?.problem == null ? null : problemText(held.problem),
      unapproved: held?.last?.unapproved?.file ?? null,
    },
    owners: await Promise.all(owners.map((owner) => reportOn(ctx, owner))),
  };
  const structured = redactJson(report, ctx.redactor) as Record<string, unknown>;
  return {
    content: [{ type: "text", text: JSON.stringify(structured, null, 1) }],
    structuredContent: structured,
  };
}

async function reportOn(ctx: Context, { skipped, ...owner }: OwnerStatus) {
  return {
    ...owner,
    login: owner.kind === "app"
      ? await loginOf(ctx, owner.owner)
      : await serviceLoginOf(ctx, owner),
    skipped: skipped.slice(0, MAX_SKIPPED),
    skippedCount: skipped.length,
  };
}

/** Of a service: whether somebody logs in to it at all. */
async function serviceLoginOf(
  ctx: Context,
  { owner, state }: Pick<OwnerStatus, "owner" | "state">,
): Promise<string> {
  if (state !== "ready") return "not known: its tools are not read";
  return await orProblem(async () => {
    const { serviceStatus } = await import("../ops/service_status.ts");
    const secrets = await serviceStatus(ctx, { service: owner });
    const oauth = secrets.filter(({ type }) => type === "oauth2");
    if (oauth.length > 0) {
      return oauth.every(({ state, refreshable }) => state === "valid" || refreshable)
        ? "logged in, or logged in by the next call without the user"
        : "asked for when a tool is called";
    }
    if (secrets.some(({ type }) => type === "app")) return "that of the app whose login it uses";
    const lacking = secrets.filter(({ state }) => state === "missing" || state === "unset");
    if (secrets.length === 0) return "none is needed";
    return lacking.length === 0
      ? "none: its secrets are configured"
      : `none: it uses configured secrets, and has none for ${
        lacking.map(({ scheme }) => scheme).join(", ")
      }`;
  });
}

/** Of an app: whether there is a token that can be used. */
async function loginOf(ctx: Context, app: string): Promise<string> {
  return await orProblem(async () => {
    const { authStatus } = await import("../ops/auth_status.ts");
    const { state, refreshable } = await authStatus(ctx, { app });
    if (state === "valid") return "logged in";
    if (refreshable) return "logged in; the token is renewed by the next call";
    return state === "none" ? "not logged in" : "the login has ended";
  });
}

async function orProblem(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) return problemText(error);
    throw error;
  }
}
