/** `--confirm-writes`: a call that may change something waits for the word of the user, whom the client asks. */
import type { CallToolResult, InputRequiredResult } from "@modelcontextprotocol/server";
import { isRecord } from "../base/json.ts";
import { askingUser } from "./asking_user.ts";
import type { OwnedTool } from "./tool_description.ts";

const QUESTION = "confirm";
/** Of the arguments in the question, in UTF-16 units. */
const MAX_SHOWN = 1_000;

interface AskedCall {
  readonly arguments?: Record<string, unknown> | undefined;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The question, or why the call is not made; `null` once the user agreed. */
export function askBeforeWrite(
  { owner, summary }: OwnedTool,
  { arguments: args = {}, answers }: AskedCall,
  canAsk: boolean,
): CallToolResult | InputRequiredResult | null {
  const answer = answers[QUESTION];
  if (isRecord(answer)) {
    const isAgreed = answer.action === "accept" && isRecord(answer.content) &&
      answer.content.confirm === true;
    return isAgreed ? null : refused("The user did not agree to this call; it was not made");
  }
  if (!canAsk) {
    return refused(
      "This server was started with --confirm-writes, and the client cannot ask its user; the call was not made",
    );
  }
  const whole = JSON.stringify(args, null, 1);
  const left = whole.length - MAX_SHOWN;
  const shown = left <= 0
    ? whole
    : `${whole.slice(0, MAX_SHOWN).toWellFormed()}… and ${left} characters more`;
  const message = `Call ${owner} ${summary.name} (${summary.method} ${summary.url})?\n${shown}`;
  return askingUser(QUESTION, {
    mode: "form",
    message,
    requestedSchema: {
      type: "object",
      properties: { confirm: { type: "boolean", title: "Make this call" } },
      required: ["confirm"],
    },
  });
}

function refused(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
