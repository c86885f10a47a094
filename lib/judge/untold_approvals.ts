/** Clients that their user approves elsewhere: with a code that the script has to show, or on being asked. */
import { isApprovalCode, isApprovalId, spellings } from "../http/carried_code.ts";
import { isOpaque } from "../http/opaque.ts";
import { words } from "../http/vocabulary.ts";
import { type AnswerValue, answerValues } from "./answer_values.ts";
import { type Objection, objection } from "./finding.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptCase } from "./script_case.ts";

/**
 * What an answer gave to be approved with, where nobody approves it in the recording: the user does elsewhere, once
 * the script has told them the code of its own run (RFC 8628 section 3.3) or asked for it (OpenID Connect CIBA), and
 * what the client waits with is traded after that.
 * @rule off: []
 */
export function untoldApprovals(
  { evidence, runs: { first: { sent, confirmed = [] } } }: Pick<ScriptCase, "evidence" | "runs">,
): Objection[] {
  return sent.flatMap(({ trace, answer }, index) => {
    const recorded = evidence.trace(trace)?.response;
    if (trace === null || !recorded) return [];
    const [before, now] = [recorded, answer].map((one) =>
      answerValues(one).filter(({ kind }) => kind === "json")
    ) as [AnswerValue[], AnswerValue[]];
    const isCode = isApprovalCode(now.map(({ name }) => name));
    if (!isCode && !now.some(({ name }) => isApprovalId(name))) return [];
    const codesIn = (values: readonly AnswerValue[]) =>
      values.filter(({ name }) => words(name) === "user code").map(({ value }) => value);
    const handles = new Set(now.map(({ value }) => value).filter(isOpaque));
    const traded = sent.findIndex(({ request }, at) =>
      at > index &&
      requestValues(request).some(({ kind, value }) => kind === "body" && handles.has(value))
    );
    const isApproved = codesIn(before).flatMap(spellings)
      .some((code) => evidence.sent(code).length > 0);
    const isTold = confirmed.some(({ text, afterRequests }) =>
      afterRequests > index && afterRequests <= traded &&
      codesIn(now).every((code) => text.includes(code))
    );
    return traded < 0 || isApproved || isTold ? [] : [objection(
      { trace, where: "answer" },
      "waits for its user's approval, and the script asks nobody for it before it goes on",
    )];
  });
}
