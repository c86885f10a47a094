/** Whether a server said no to what was handed over: in its answer, or where the answer leads. */
import { isRecord, type JsonValue } from "../base/json.ts";
import type { HtmlPage } from "../http/html.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import { fieldPath, isFormLeaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

const MAX_REDIRECTS = 5;

export function isRefused(message: Message, recording: Recording): boolean {
  return answerRefuses(message) || leadsBack(message, recording);
}

/**
 * True when the answer is a no: an error status, an error in the body, the same form again.
 * @rule off: false
 */
export function answerRefuses(message: Message): boolean {
  if (message.status >= 400 || message.status === 0) return true;
  const body = message.responseBody;
  if (body.kind === "json") return jsonRefuses(body.value);
  return message.page !== null && message.method === "POST" && showsAgain(message.page, message);
}

/**
 * True where the redirect of the answer ends at the same form again, or at a page that is withheld, and nothing new
 * is shown before the next attempt: a page for everybody may hold the form of the login, too.
 * @rule off: false
 */
function leadsBack(message: Message, recording: Recording): boolean {
  const end = redirectsFrom(message, recording).at(-1)!;
  if (end === message) return false;
  const isBack = end.status === 401 || end.status === 403 ||
    end.page !== null && showsAgain(end.page, message);
  return isBack && !showsMore(message, end, recording);
}

/** The answer, and those that its redirects led to, in order. */
export function redirectsFrom(message: Message, recording: Recording): Message[] {
  const hops = [message];
  for (let last: Message | undefined = message; last?.target !== undefined;) {
    const { index, target }: Message = last;
    last = hops.length > MAX_REDIRECTS
      ? undefined
      : recording.messages.slice(index + 1).find(({ url }) => url.href === target);
    if (last !== undefined) hops.push(last);
  }
  return hops;
}

function showsMore(message: Message, end: Message, { messages }: Recording): boolean {
  const asked = new Set(messages.slice(0, end.index + 1).map(({ url }) => url.href));
  const later = messages.slice(end.index + 1);
  const again = later.findIndex(({ method, url }) =>
    method === message.method && url.pathname === message.url.pathname
  );
  return (again < 0 ? later : later.slice(0, again)).some((next) =>
    next.succeeded && !next.isScriptOrStyle && !asked.has(next.url.href) &&
    (next.answersData || next.page !== null)
  );
}

/** A form that sends a password under the name under which this request sent one. */
function showsAgain({ forms }: HtmlPage, { leaves }: Message): boolean {
  return forms.some(({ inputs }) =>
    inputs.some(({ type }) => type === "password") &&
    leaves.some((leaf) =>
      isFormLeaf(leaf) && isPasswordName(leaf.name) &&
      inputs.some(({ name }) => name === fieldPath(leaf))
    )
  );
}

/** JSON-RPC `error`, GraphQL `errors`, and the `success: false` that many APIs answer with 200. */
function jsonRefuses(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(jsonRefuses);
  if (!isRecord(value)) return false;
  if (value["error"] !== undefined && value["error"] !== null && value["error"] !== false) {
    return value["error"] !== "" && value["error"] !== 0;
  }
  if (Array.isArray(value["errors"]) && value["errors"].length > 0) return true;
  return value["success"] === false || value["ok"] === false;
}
