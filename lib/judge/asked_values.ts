/** What a script asks for, and sends as it was answered, must have been typed. */
import type { Trace } from "../http/exchange.ts";
import { splitKnownScheme, splitScheme } from "../http/auth_scheme.ts";
import {
  isIdentifierName,
  isOneTimeCode,
  isPasswordName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { percentDecode } from "../http/url.ts";
import { answerValues } from "./answer_values.ts";
import type { ComparedValue, JudgedRuns } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, objection, settled, unsettled } from "./finding.ts";
import { openText } from "./open_text.ts";
import { isKeyPlace, isPersonalPlace } from "./place_kinds.ts";
import { heldBy } from "./held_values.ts";
import { inputOf, inputsWithin } from "./prompt_answers.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";
import { type ScriptCase, sentElsewhere } from "./script_case.ts";
import { withoutSigned } from "./signed_values.ts";
import { isMintedUnder } from "./token_like.ts";
import { inputsOf, isTypedPlace } from "./typed_values.ts";

/** Constants of OAuth (RFC 6749, 7636, OpenID Connect Core): nobody types them. */
const PROTOCOL_CONSTANT =
  /^(grant_type|response_type|response_mode|client_id|scope|redirect_uri|code_challenge_method|prompt|audience|resource)$/;

/** What may stand in a text of the client's as well. */
const WORD = /^[\p{L}\p{N}_-]{3,100}$/u;

export function judgeAsked(value: ComparedValue, script: ScriptCase): Finding | null {
  if (isTypedPlace(value, script.typed) || !isAsked(value, script.runs)) return null;
  const untyped = whyUntyped(value, script);
  if (untyped !== null) return objection(value, `is asked for, but ${untyped}`);
  const { name, recorded } = value;
  if (isPasswordName(name) || isIdentifierName(name) || isOneTimeCode(name, recorded)) {
    return settled(value, "typed", "its name is one for what users type");
  }
  if (isPasswordBesideIssued(value, script) && !stoodBefore(value, script)) {
    const why = "it stands beside what an answer issued, and may be a word of the client's";
    return unsettled(value, "typed", why);
  }
  const isKey = isKeyPlace(value) || isPersonalPlace(value);
  if (isKey && isMintedUnder(name, recorded) && isAskedWhole(value, script.runs)) {
    return settled(value, "typed", "no answer issued it: a person is given such a key once");
  }
  if (stoodBefore(value, script)) {
    return objection(value, "is asked for, but the same word stood there before anybody typed");
  }
  const elsewhere = sentElsewhere(value, script);
  if (elsewhere.includes(recorded) && isTypedOtherwise(value, script)) {
    const why = "it is the same in another recording, where something else was typed";
    return objection(value, `is asked for, but ${why}`);
  }
  if (elsewhere.length > 0 && !elsewhere.includes(recorded)) {
    return settled(value, "typed", "another recording has another value there");
  }
  const why = `nothing but its place says that ${words(name) || "it"} was typed`;
  return unsettled(value, "typed", why);
}

/** A token and a password in one pair: `base64(token:x-oauth-basic)`. @rule off: false */
function isPasswordBesideIssued(
  { recorded }: ComparedValue,
  { typed, evidence }: ScriptCase,
): boolean {
  const parts = openText(recorded);
  return typed.some(({ role, value }) => role === "password" && parts.includes(value)) &&
    parts.some((part) => evidence.isIssued(part));
}

/** No other recording has what was typed into this value at a place that it was typed into. */
export function isTypedOtherwise(
  { recorded }: ComparedValue,
  { typed, evidence, others }: ScriptCase,
): boolean {
  const within = typed.filter(({ value }) => value !== "" && recorded.includes(value));
  return within.length > 0 && within.every(({ index, where, take, value }) => {
    const place = { kind: "body", where } as const;
    const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[index]!, place));
    return elsewhere.length > 0 && elsewhere.every((text) => take(text) !== value);
  });
}

/** What shows that nobody typed it, whatever it is called; `null` for nothing. */
function whyUntyped(value: ComparedValue, script: ScriptCase): string | null {
  const { evidence, runs } = script;
  const { name, recorded, first, second, index } = value;
  const isConstant = PROTOCOL_CONSTANT.test(name) &&
    !(name === "client_id" && isClientGrant(value, evidence));
  if (isConstant && inputOf(runs, first, second) !== null) {
    return "it is a constant of the protocol";
  }
  if (isSchemeAsked(value, runs)) {
    return "the scheme of credentials is a constant of HTTP";
  }
  if (isGlued(value, script)) {
    return "it stands beside what was typed, and nothing shows that it was";
  }
  if (isBeforeSecret(value, script)) return "it was sent before the password was typed";
  const issued = [recorded, ...answersWithin(value, runs)].map((text) => evidence.issued.get(text))
    .find((one) => one !== undefined && one.index < index && evidence.excuse(one.value) === null);
  if (issued !== undefined) return `it stands in the answer of ${issued.trace}, ${issued.place}`;
  const isInCode = isMintedUnder(name, recorded) && evidence.isInClientCode(recorded);
  return isInCode ? "it stands in the client's own code" : null;
}

/** Causality: a constant may be what somebody chose for a password, and was sent before they typed it. @rule off: false */
function isBeforeSecret({ index, first, second }: ComparedValue, script: ScriptCase): boolean {
  const input = inputOf(script.runs, first, second);
  const typed = script.typed.filter((one) =>
    one.role === "password" && input !== null && inputsOf(one, script).includes(input)
  );
  return typed.length > 0 && typed.every((one) => one.index > index);
}

/** What the recorded user would have answered to the prompts whose answers the value holds. @rule off: [] */
function answersWithin({ first, second }: ComparedValue, runs: JudgedRuns): string[] {
  const within = inputsWithin(runs, openText(first), openText(second ?? ""));
  return within.map((name) => runs.reenacted.answers.get(name) ?? "");
}

/**
 * Elsewhere than in the header of HTTP what is asked for as a whole may begin with such a word: `Key West`.
 * @rule off: false
 */
function isSchemeAsked({ kind, name, recorded, first, second }: ComparedValue, runs: JudgedRuns) {
  const isHttp = kind === "header" && /^(proxy-)?authorization$/i.test(name);
  const schemeIn = (text: string) =>
    isHttp ? splitScheme(text).scheme : splitKnownScheme(percentDecode(text))?.scheme ?? "";
  return schemeIn(recorded) !== schemeIn(first) &&
    (isHttp || inputOf(runs, first, second) === null);
}

/** RFC 6749 section 4.4: the client is who logs in. */
function isClientGrant({ index }: ComparedValue, { traces }: Evidence): boolean {
  return requestValues(traces[index]!.request).some(({ name, value }) =>
    name === "grant_type" && value === "client_credentials"
  );
}

/** Sent as it was answered, alone or with other text around it, in base64 or JSON. */
function isAsked({ first, second }: ComparedValue, runs: JudgedRuns): boolean {
  if (second === undefined) return false;
  const unsigned = (text: string, run: ScriptRun) => openText(withoutSigned(text, heldBy(run)));
  return isWithin(runs, unsigned(first, runs.first), unsigned(second, runs.second));
}

/** What stands there, or behind a scheme, is what was asked for and nothing else. @rule off: true */
function isAskedWhole({ first, second }: ComparedValue, runs: JudgedRuns): boolean {
  const bare = (text: string | undefined) => text && splitScheme(text).credentials;
  return inputOf(runs, first, second) !== null || inputOf(runs, bare(first), bare(second)) !== null;
}

/** An answer stands in one of the texts of each run. @rule off: false */
export function isWithin(
  runs: JudgedRuns,
  first: readonly string[],
  second: readonly string[],
): boolean {
  return inputsWithin(runs, first, second).length > 0;
}

/**
 * Text of one input beside that of another, of which only the other is known to have been typed.
 * @rule off: false
 */
function isGlued({ first, second, recorded }: ComparedValue, script: ScriptCase): boolean {
  if (second === undefined) return false;
  const within = inputsWithin(script.runs, openText(first), openText(second));
  const isHeld = script.typed.some(({ value }) => value.length >= 3 && recorded.includes(value));
  if (within.length < 2 || !isHeld) return false;
  const known = new Set(script.typed.flatMap((typed) => inputsOf(typed, script)));
  return within.some((name) => known.has(name)) && within.some((name) => !known.has(name));
}

/**
 * A word that is asked for stood at this place before anybody typed: in a request, or in the field of a page; or
 * an answer had it under a name that is nobody's.
 * @rule off: false
 */
function stoodBefore(
  { kind, name, recorded }: ComparedValue,
  { runs, evidence, firstTyped }: ScriptCase,
): boolean {
  const words = [...runs.reenacted.answers.values()].filter((answer) =>
    WORD.test(answer) && recorded.includes(answer)
  );
  const holds = (text: string) => words.some((word) => text.includes(word));
  const isPages = ({ response }: Trace) =>
    response !== null &&
    answerValues(response).some((found) =>
      found.value === recorded &&
      (found.kind === "field" && found.name === name ||
        found.kind === "json" && !/person|secret/.test(ownerOf(found.name)))
    );
  return words.length > 0 && firstTyped !== Infinity &&
    (evidence.carriers(kind, name).some(({ index, value }) => index < firstTyped && holds(value)) ||
      evidence.traces.slice(0, firstTyped).some(isPages));
}
