/**
 * Credentials that the recorded user submitted on the way to the login's result, and that no request
 * of the script submits: a second factor left out, or a login replaced by what it yields.
 */
import { parseUrl } from "../http/url.ts";
import { isCodeSendingPath, isIdentifierName, isRegistrationPath } from "../http/vocabulary.ts";
import type { ComparedValue } from "./compared_values.ts";
import { type Evidence, targetOf } from "./evidence.ts";
import { requestValues } from "./request_values.ts";
import type { Objection, ScriptRun } from "./run.ts";
import type { TypedCredential } from "./typed_credentials.ts";

/** @rule off: [] */
export function missingSubmissions(
  typed: readonly TypedCredential[],
  compared: readonly ComparedValue[],
  run: ScriptRun,
  evidence: Evidence,
): Objection[] {
  const sent = new Set(run.sent.map(({ trace }) => trace));
  const end = firstUse(compared, sent, evidence, typed.some(({ trace }) => sent.has(trace)));
  const targetAt = (index: number) => {
    const { request } = evidence.traces[index]!;
    return `${request.method} ${targetOf(request.url)}`;
  };
  const reproduced = new Set(
    evidence.traces.flatMap(({ id }, index) => sent.has(id) ? [targetAt(index)] : []),
  );
  return [
    ...unsentNames(typed, compared, sent, reproduced, evidence),
    ...unsentTriggers(codeAt(typed, run, evidence), reproduced, evidence),
    ...typed.filter(({ role, index, where }) =>
      (role === "password" || role === "code") && index <= end && !where.startsWith("header") &&
      !reproduced.has(targetAt(index)) && wasAccepted(evidence, index) &&
      !isSignUp(index, typed, sent, evidence) &&
      !isAnothers(index, sent, evidence) && !isHandedOver(where, run)
    ).map(({ trace, where }) => ({
      trace,
      where,
      problem: "was typed on the way to the login, and the script never submits it",
    })),
  ];
}

/**
 * Somebody new, by the address, who says more than what a login of the script then says again.
 * @rule off: false
 */
function isSignUp(
  index: number,
  typed: readonly TypedCredential[],
  sent: ReadonlySet<string | null>,
  { traces }: Evidence,
): boolean {
  const { request } = traces[index]!;
  if (!isRegistrationPath(pathOf(targetOf(request.url)))) return false;
  const fieldsOf = (one: typeof request) =>
    requestValues(one).filter(({ kind, value }) => kind === "body" && value !== "");
  const again = typed.filter((other) =>
    other.index > index && sent.has(other.trace) &&
    typed.some(({ index: at, value }) => at === index && value === other.value)
  );
  return again.some((other) =>
    other.role === "password" &&
    fieldsOf(traces[other.index]!.request).length < fieldsOf(request).length
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
function isAnothers(index: number, sent: ReadonlySet<string | null>, evidence: Evidence): boolean {
  const site = originOf(evidence.traces[index]!.request.url);
  const isAsked = evidence.traces.some(({ id, request }) =>
    sent.has(id) && originOf(request.url) === site
  );
  const handsOn = [...evidence.issued].some(([value, issued]) =>
    originOf(evidence.traces[issued.index]!.request.url) === site &&
    evidence.sent(value).some((use) =>
      use.index > issued.index && originOf(evidence.traces[use.index]!.request.url) !== site
    )
  );
  return sent.size > 0 && !isAsked && !handsOn;
}

/** Where the first code or link from a message is handed over; -1 for nowhere. */
function codeAt(typed: readonly TypedCredential[], run: ScriptRun, evidence: Evidence): number {
  const sent = new Set(run.sent.map(({ trace }) => trace));
  const pasted = new Set(run.answers.values());
  const links = run.sent.filter(({ request }) => pasted.has(request.url)).map(({ trace }) => trace);
  const codes = typed.filter(({ role, trace }) => role === "code" && sent.has(trace))
    .map(({ index }) => index);
  const all = [
    ...codes,
    ...links.map((link) => evidence.traces.findIndex(({ id }) => id === link)),
  ];
  return all.length === 0 ? -1 : Math.min(...all);
}

/**
 * Requests that make a server send the code or link that is typed later: without them nobody gets one.
 * @rule off: []
 */
function unsentTriggers(
  end: number,
  reproduced: ReadonlySet<string>,
  evidence: Evidence,
): Objection[] {
  return evidence.traces.slice(0, Math.max(end, 0)).flatMap(({ id, request }, index) => {
    const target = targetOf(request.url);
    const isTrigger = request.method === "POST" && isCodeSendingPath(pathOf(target)) &&
      originOf(target) === originOf(evidence.traces[end]!.request.url) &&
      !reproduced.has(`POST ${target}`) && wasAccepted(evidence, index);
    return isTrigger
      ? [{
        trace: id,
        where: "request",
        problem: "made the server send the code, and the script never makes it",
      }]
      : [];
  });
}

/**
 * Where the script asks for nobody's name: requests before the password that say one, as it was recorded, or that
 * it leaves out although they carry the same session.
 * @rule off: []
 */
function unsentNames(
  typed: readonly TypedCredential[],
  compared: readonly ComparedValue[],
  sent: ReadonlySet<string | null>,
  reproduced: ReadonlySet<string>,
  evidence: Evidence,
): Objection[] {
  const made = typed.filter(({ trace }) => sent.has(trace));
  const password = made.find(({ role }) => role === "password");
  if (password === undefined || made.some(({ role }) => role === "user")) return [];
  const valuesAt = (index: number) => requestValues(evidence.traces[index]!.request);
  const handles = new Set(
    valuesAt(password.index).map(({ value }) => value).filter((value) =>
      evidence.issued.has(value)
    ),
  );
  return evidence.traces.slice(0, password.index).flatMap(({ id, request }, index) => {
    const named = valuesAt(index).find(({ kind, name, value }) =>
      kind === "body" && value !== "" && isIdentifierName(name)
    );
    const isTied = valuesAt(index).some(({ value }) => handles.has(value));
    if (named === undefined || !wasAccepted(evidence, index)) return [];
    const place = { trace: id, where: named.where };
    if (sent.has(id)) {
      const isCopied = compared.some(({ trace, where, recorded, first, second = first }) =>
        trace === id && where === named.where && first === recorded && second === recorded
      );
      return isCopied && isFromNobody(named.value, index, evidence)
        ? [{ ...place, problem: "says who logs in, and is not asked for" }]
        : [];
    }
    return !isTied || reproduced.has(`${request.method} ${targetOf(request.url)}`)
      ? []
      : [{ ...place, problem: "says who logs in, and the script never sends it" }];
  });
}

/** Neither an answer nor the client's code held it before, and no earlier request said it. */
function isFromNobody(value: string, index: number, evidence: Evidence): boolean {
  const issued = evidence.issued.get(value) ?? evidence.shortIssuer(value);
  return (issued === null || issued.index >= index) && !evidence.isInClientCode(value) &&
    evidence.sent(value)[0]?.index === index;
}

function pathOf(url: string): string {
  return parseUrl(url)?.pathname ?? "";
}

function originOf(url: string): string {
  return parseUrl(url)?.origin ?? "";
}

/**
 * The first recorded request that carries what the script hands over and is not part of the login; the
 * last one for a script that submits nothing typed at all.
 */
function firstUse(
  compared: readonly ComparedValue[],
  sent: ReadonlySet<string | null>,
  evidence: Evidence,
  isLogin: boolean,
): number {
  const values = compared.filter(({ where }) => where.startsWith("result "))
    .map(({ recorded }) => recorded);
  const uses = values.flatMap((value) => evidence.sent(value))
    .filter(({ trace }) => !sent.has(trace)).map(({ index }) => index);
  const lastSent = evidence.traces.findLastIndex(({ id }) => sent.has(id));
  const after = uses.filter((index) => index > lastSent);
  if (after.length === 0) return lastSent;
  return isLogin ? Math.min(...after) : Math.max(...after);
}

/** An answer that refuses what was typed asks for it again. @rule off: true */
function wasAccepted({ traces }: Evidence, index: number): boolean {
  const { response, noise } = traces[index]!;
  return noise === null && response !== null && response.status < 400;
}
