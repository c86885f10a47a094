/**
 * Whether what a login yields can be a session. A token against forgery is none: it is good only beside the session it
 * belongs to (OWASP CSRF Prevention Cheat Sheet, "synchronizer token pattern"). What anybody is shown, as the number of
 * a build, is none. Where requests carry nothing else of a login, an export left the session out.
 */
import { isOpaque } from "../http/opaque.ts";
import { isAntiForgeryName, isCredentialName } from "../http/vocabulary.ts";
import { isConstant } from "./expr.ts";
import { atoms, exprsIn } from "./expr_walk.ts";
import type { Expr, ResultTemplate } from "./flow.ts";
import { type KnownValues, messageOf } from "./known_values.ts";
import { carriesSession } from "./login_span.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Recording } from "./recording.ts";
import type { ApiTraffic } from "./sink.ts";
import type { Slice } from "./slice.ts";

/**
 * True for something opaque that an answer handed out, or what was typed.
 * @rule off: false
 */
export function yieldsSession(
  result: ResultTemplate,
  { traffic, known }: { readonly traffic: ApiTraffic; readonly known: KnownValues },
  { recording, provenance }: Evidence,
): boolean {
  const names = new Set(result.cookies?.names ?? []);
  return namesOfLogin(result, known).some((name) => !isAntiForgeryName(name)) ||
    traffic.cookies.some(({ message, leaf }) =>
      names.has(leaf.name) && !isAntiForgeryName(leaf.name) &&
      (isOpaque(leaf.value) || isCredentialName(leaf.name)) &&
      (recording.cookieSetters(leaf.name, leaf.value, message.index) !== null ||
        provenance.find(leaf.value, message.index) !== null)
    );
}

/**
 * The names of the tokens against forgery that are all a result would hold; `null` where it holds more, or
 * where any request has a cookie or credential beside them.
 * @rule off: null
 */
export function guardAlone(
  result: ResultTemplate,
  known: KnownValues,
  { messages }: Recording,
): readonly string[] | null {
  const names = [...namesOfLogin(result, known), ...result.cookies?.names ?? []];
  const isAlone = names.length > 0 && result.computed.length === 0 &&
    names.every(isAntiForgeryName);
  const isOther = ({ name }: { readonly name: string }) => !isAntiForgeryName(name);
  const hasSession = ({ cookies, ownHeaders }: Recording["messages"][number]) =>
    carriesSession({ cookies: cookies.filter(isOther), ownHeaders: ownHeaders.filter(isOther) });
  return isAlone && !messages.some(hasSession) ? names : null;
}

/** Under which a result holds what an answer handed out or somebody typed. */
function namesOfLogin(
  { headers, queryParams, bodyParams, cookies }: ResultTemplate,
  { inputs }: KnownValues,
): string[] {
  const typed = new Set(inputs.filter(({ kind }) => kind !== "other").map(({ name }) => name));
  const isOfLogin = (expr: Expr) =>
    atoms(expr).some((atom) =>
      atom.kind === "extracted" || atom.kind === "input" && typed.has(atom.input)
    );
  return [...headers, ...queryParams, ...bodyParams, ...cookies?.client ?? []]
    .filter(([, expr]) => isOfLogin(expr)).map(([name]) => name);
}

export function guardReason(traces: string, names: readonly string[]): string {
  return `There is a login (${traces}), but of what it hands out requests carry only ` +
    `${
      names.map((name) => `"${name}"`).join(" and ")
    }, which guards a session against forgery and gives none: ` +
    'the recording was exported without cookies and authorization ("HAR with sensitive data" in the developer ' +
    "tools' settings)";
}

/**
 * True where a login is followed by nothing but values that a page or a configuration shows to anybody, under names
 * that no credential has, and that the login's own requests did not carry.
 * @rule off: false
 */
export function isPublicAlone(
  { headers, queryParams, bodyParams, cookies, computed }: ResultTemplate,
  slice: Slice,
): boolean {
  const issued = [...headers, ...queryParams, ...bodyParams].filter(([, value]) =>
    atoms(value).some(({ kind }) => kind === "extracted" || kind === "input")
  );
  const isOfMore = cookies !== null || computed.length > 0 || slice.known.inputs.length === 0;
  return issued.length > 0 && !isOfMore &&
    issued.every(([name, value]) =>
      !isCredentialName(name) && atoms(value).every((atom) => isPublic(atom, slice))
    );
}

function isPublic(atom: Expr, slice: Slice): boolean {
  const { known, recording, submissions } = slice;
  const extraction = known.extractionOf(atom);
  if (extraction === undefined) return atom.kind === "constant";
  const { index, method, cookies } = recording.at(messageOf(extraction));
  const isRaised = [...submissions].some((login) =>
    recording.at(login).leaves.some(({ value }) => value.includes(extraction.recorded))
  );
  return method === "GET" && cookies.length === 0 && !submissions.has(index) && !isRaised &&
    exprsIn(slice.step(index)).every(isConstant);
}
