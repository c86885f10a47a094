/**
 * A client that its user approves elsewhere, by the protocol it speaks: it was given a code to be approved with
 * (RFC 8628), or waits for its user's own device (OpenID Connect CIBA). What nobody approved in the recording somebody
 * has to approve when the script runs, which asks for it.
 */
import { isApprovalCode, isApprovalId } from "../http/carried_code.ts";
import { words } from "../http/vocabulary.ts";
import { approvalsOf, sharesHandle } from "./carried_codes.ts";
import { safePath } from "./describe.ts";
import { concat } from "./expr.ts";
import type { Explainer } from "./explain.ts";
import type { ExplainedValue, Expr, Step } from "./flow.ts";
import { isBodyField } from "./leaves.ts";
import type { Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";

/** What an answer gave its client to tell the user. */
export interface ToldValue extends Source {
  readonly name: string;
  readonly value: string;
}

/** What is said, with the values of the answer in their places. */
export type Request = readonly (string | ToldValue)[];

/**
 * What the user is asked to do before this request is made; `null` where no answer before it waits for an
 * approval, or where the recording shows it.
 * @rule off: null
 */
export function approvalAwaited(message: Message, recording: Recording): Request | null {
  if (!message.succeeded || !message.fields.some(isBodyField)) return null;
  const asked = waitingIn(recording).find((earlier) =>
    earlier.index < message.index && sharesHandle(earlier, message, recording)
  );
  if (asked === undefined || approvalsOf(message, recording).length > 0) return null;
  return requestOf(asked);
}

/** @param need is told what the sentence rests on */
export function approvalOf(
  message: Message,
  { explainer, values }: { readonly explainer: Explainer; readonly values: ExplainedValue[] },
  need: (expr: Expr) => void,
): Pick<Step, "approval"> {
  const request = approvalAwaited(message, explainer.recording);
  if (request === null) return {};
  values.push({
    where: `${message.trace.id} ${message.method} ${safePath(message.url.pathname)}`,
    from: "made once you say that the login is allowed",
    kind: "approval",
  });
  const approval = concat(
    request.map((part) =>
      typeof part === "string" ? part : explainer.fromSource(part, part.value, part.name).expr
    ),
  );
  need(approval);
  return { approval };
}

const waiting = new WeakMap<Recording, readonly Message[]>();

function waitingIn(recording: Recording): readonly Message[] {
  const found = waiting.get(recording) ??
    recording.messages.filter((message) =>
      message.method === "POST" && message.succeeded && waitsForApproval(message)
    );
  waiting.set(recording, found);
  return found;
}

/** In whatever case and with whatever between the words; taking a long answer apart costs more than a look at its text. */
const ASKING = /auth.?req.?id|user.?code/i;

function waitsForApproval(message: Message): boolean {
  if (!ASKING.test(message.responseText)) return false;
  const names = [...message.named("json")].map(({ name }) => name);
  return names.some(isApprovalId) || isApprovalCode(names);
}

/** RFC 8628 section 3.3: where to go, and the code, also where the address holds it (section 3.3.1). */
function requestOf(asked: Message): Request {
  const told = (...wanted: readonly string[]) => {
    const places = [...asked.named("json")];
    const place = wanted.map((name) => places.find((one) => words(one.name) === name))
      .find((one) => one !== undefined);
    return place === undefined ? undefined : {
      index: asked.index,
      locator: place.locator,
      openers: [],
      name: place.name,
      value: place.text,
    };
  };
  const code = told("user code");
  const address = told("verification uri complete", "verification uri", "verification url");
  if (code === undefined) return ["Allow the login on the device that was asked. Is it allowed?"];
  return [
    ...address === undefined ? ["Allow the login"] : ["Open ", address, " and allow the login"],
    " with the code ",
    code,
    ". Is it allowed?",
  ];
}
