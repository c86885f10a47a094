/**
 * Credentials that the recorded user submitted on the way to the login's result, and that no request
 * of the script submits: a second factor left out, or a login replaced by what it yields.
 */
import type { HttpRequest, Trace } from "../http/exchange.ts";
import { originOf, pathnameOf } from "../http/url.ts";
import { isSignUp } from "../http/sign_up.ts";
import { isCodeSendingPath, isIdentifierName } from "../http/vocabulary.ts";
import { type Evidence, wasAccepted } from "./evidence.ts";
import { type Finding, type Objection, objection, unsettled } from "./finding.ts";
import { unsentCodes } from "./issued_codes.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";
import type { ScriptCase } from "./script_case.ts";
import { untoldApprovals } from "./untold_approvals.ts";
import type { TypedCredential } from "./typed_credentials.ts";

/** @rule off: [] */
export function missingSubmissions(script: ScriptCase): Finding[] {
  const end = firstUse(script);
  return [
    ...unsentNames(script),
    ...unsentTriggers(script),
    ...unsentCodes(script),
    ...untoldApprovals(script),
    ...script.typed.filter(({ role, index, where }) =>
      (role === "password" || role === "code") && index <= end && !where.startsWith("header") &&
      isLeftOut(script.evidence.traces[index]!, script) &&
      !isAnothers(index, script) && !isHandedOver(where, script.runs.first)
    ).flatMap((typed) => leftOut(typed, script)),
  ];
}

function leftOut(typed: TypedCredential, script: ScriptCase): Finding[] {
  const { index } = typed;
  if (!isSignedUp(index, script)) {
    return [objection(typed, "was typed on the way to the login, and the script never submits it")];
  }
  if (isSignUp(script.evidence.traces[index]!.request)) return [];
  const why =
    "the script leaves this request out: it says more of somebody than the login after it, and may have " +
    "made the account";
  return [unsettled(typed, "typed", why)];
}

/** What the site took, and the script does not ask for. */
function isLeftOut(trace: Trace, { reproduced }: ScriptCase): boolean {
  return !reproduced.asksLike(trace.request) && wasAccepted(trace);
}

/**
 * Somebody new says more than what a login of the script then says again, and what the answer to it issued goes with
 * nothing from there on.
 * @rule off: false
 */
export function isSignedUp(index: number, { typed, reproduced, evidence }: ScriptCase): boolean {
  const { traces } = evidence;
  const { request } = traces[index]!;
  const isCarried = (from: number) =>
    [...evidence.issued.values()].some((issued) =>
      issued.index === index && evidence.sent(issued.value).some((use) => use.index >= from)
    );
  const fieldsOf = (one: HttpRequest) =>
    requestValues(one).filter(({ kind, value }) => kind === "body" && value !== "");
  const again = typed.filter((other) =>
    other.index > index && reproduced.has(other.trace) &&
    typed.some(({ index: at, value }) => at === index && value === other.value)
  );
  return again.some((other) =>
    other.role === "password" &&
    fieldsOf(traces[other.index]!.request).length < fieldsOf(request).length &&
    (isSignUp(request) || !isCarried(other.index))
  );
}

/** What every request of the app carries anew is handed over, and submitted by nobody. */
function isHandedOver(where: string, { result, answers }: ScriptRun): boolean {
  const given = new Set(answers.values());
  return (result?.parameters ?? []).some(([name, value]) =>
    given.has(value) && where.endsWith(` "${name}"`)
  );
}

/**
 * Of a site that the script asks nothing and that hands no other site anything: a frame with a login of its own.
 * @rule off: false
 */
function isAnothers(index: number, { evidence, reproduced, runs }: ScriptCase): boolean {
  const siteAt = (at: number) => originOf(evidence.traces[at]!.request.url);
  const site = siteAt(index);
  const isAsked = evidence.traces.some(({ id, request }) =>
    reproduced.has(id) && originOf(request.url) === site
  );
  const handsOn = [...evidence.issued].some(([value, issued]) =>
    siteAt(issued.index) === site &&
    evidence.sent(value).some((use) => use.index > issued.index && siteAt(use.index) !== site)
  );
  return runs.first.sent.length > 0 && !isAsked && !handsOn;
}

/** Where the first code or link from a message is handed over; -1 for nowhere. */
function codeAt({ typed, runs: { first }, reproduced, evidence }: ScriptCase): number {
  const pasted = new Set(first.answers.values());
  const links = first.sent.filter(({ request }) => pasted.has(request.url))
    .map(({ trace }) => evidence.indexOf(trace));
  const codes = typed.filter(({ role, trace }) => role === "code" && reproduced.has(trace))
    .map(({ index }) => index);
  const all = [...codes, ...links];
  return all.length === 0 ? -1 : Math.min(...all);
}

/**
 * Requests that make a server send the code or link that is typed later: without them nobody gets one.
 * @rule off: []
 */
function unsentTriggers(script: ScriptCase): Objection[] {
  const { traces } = script.evidence;
  const end = codeAt(script);
  const isTrigger = ({ method, url }: HttpRequest) =>
    method === "POST" && isCodeSendingPath(pathnameOf(url)) &&
    originOf(url) === originOf(traces[end]!.request.url);
  return traces.slice(0, Math.max(end, 0))
    .filter((trace) => isTrigger(trace.request) && isLeftOut(trace, script))
    .map(({ id }) =>
      objection(
        { trace: id, where: "request" },
        "made the server send the code, and the script never makes it",
      )
    );
}

/**
 * Where the script asks for nobody's name: requests before the password that say one, as it was recorded, or that
 * it leaves out although they carry the same session.
 * @rule off: []
 */
function unsentNames(script: ScriptCase): Objection[] {
  const { typed, reproduced, evidence } = script;
  const made = typed.filter(({ trace }) => reproduced.has(trace));
  const password = made.find(({ role }) => role === "password");
  if (password === undefined || made.some(({ role }) => role === "user")) return [];
  const handles = new Set(
    requestValues(evidence.traces[password.index]!.request).map(({ value }) => value)
      .filter((value) => evidence.issued.has(value)),
  );
  return evidence.traces.slice(0, password.index).filter(wasAccepted).flatMap((trace) => {
    const values = requestValues(trace.request);
    const named = values.find(({ kind, name, value }) =>
      kind === "body" && value !== "" && isIdentifierName(name)
    );
    if (named === undefined) return [];
    const at = { trace: trace.id, where: named.where };
    if (reproduced.has(trace.id)) {
      return isCopiedName(named, trace.id, script)
        ? [objection(at, "says who logs in, and is not asked for")]
        : [];
    }
    return values.some(({ value }) => handles.has(value)) && !reproduced.asksLike(trace.request)
      ? [objection(at, "says who logs in, and the script never sends it")]
      : [];
  });
}

function isCopiedName(
  { where, value }: RequestValue,
  trace: string,
  { compared, evidence }: ScriptCase,
): boolean {
  const isCopied = compared.some((one) =>
    one.trace === trace && one.where === where && one.first === one.recorded &&
    (one.second ?? one.first) === one.recorded
  );
  return isCopied && isFromNobody(value, evidence.indexOf(trace), evidence);
}

/** Neither an answer nor the client's code held it before, and no earlier request said it. */
function isFromNobody(value: string, index: number, evidence: Evidence): boolean {
  const issued = evidence.issued.get(value) ?? evidence.shortIssuer(value);
  return (issued === null || issued.index >= index) && !evidence.isInClientCode(value) &&
    evidence.sent(value)[0]?.index === index;
}

/**
 * The first recorded request that carries what the script hands over and is not part of the login; the
 * last one for a script that submits nothing typed at all.
 */
function firstUse({ compared, typed, reproduced, evidence }: ScriptCase): number {
  const after = compared.filter(({ where }) => where.startsWith("result "))
    .flatMap(({ recorded }) => evidence.sent(recorded)).map(({ index }) => index)
    .filter((index) => index > reproduced.end);
  if (after.length === 0) return reproduced.end;
  const isLogin = typed.some(({ trace }) => reproduced.has(trace));
  return isLogin ? Math.min(...after) : Math.max(...after);
}
