/**
 * What every run sent as it was recorded: constants in effect. An ordinary word needs no reason. An
 * opaque one is either excused by the recording, or refused, or taken on trust and said to be.
 */
import { basicPair } from "../http/auth_scheme.ts";
import { holdsGuard } from "../http/guard_value.ts";
import { isOpaque, isSwitch, timestampUnit } from "../http/opaque.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { ownerOf } from "../http/vocabulary.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence, Issued } from "./evidence.ts";
import {
  type Assumption,
  copyObjection,
  type Finding,
  type Objection,
  objection,
  settled,
  unsettled,
} from "./finding.ts";
import { isClientMadePlace, isKeyPlace, isPersonalPlace } from "./place_kinds.ts";
import { openText } from "./open_text.ts";
import { requestValues } from "./request_values.ts";
import { type ScriptCase, sentElsewhere } from "./script_case.ts";
import { shownChoices } from "./shown_pages.ts";
import { isMintedUnder } from "./token_like.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Shorter numbers in a path are pages and versions. */
const MIN_NUMBER = 2;

export function judgeConstant(value: ComparedValue, script: ScriptCase): Finding | null {
  const { recorded } = value;
  const { evidence, runs } = script;
  if (isTaken(recorded, script)) return null;
  const startedAtMs = evidence.traces[value.index]!.startedAtMs;
  if (timestampUnit(recorded, startedAtMs, DAY_MS) !== null) {
    return objection(value, "is the moment of the recording");
  }
  const issued = shortIssued(value, evidence);
  if (issued !== null) return copyObjection(value, issued);
  const chosen = maybeChosen(value, script);
  if (chosen !== null) return chosen;
  // Where nobody is asked for anything, whoever was recorded may have typed what looks plain.
  const asks = runs.first.answers.size > 0;
  const isPlain = !openText(recorded).some((part) => isMintedUnder(value.name, part));
  if (isPlain && !(value.kind === "body" && holdsGuard(value.name, recorded))) {
    return maybeIssued(value, script) ?? anothers(value, script) ??
      (asks ? null : maybeTyped(value, evidence));
  }
  if (isClientMadePlace(value, "")) {
    return objection(value, "is as recorded where the client makes up a new value");
  }
  const judged = judgeOpaque(value, script);
  // That it came first says nothing where nobody is asked for anything: it may be the password itself.
  const isFirstAlone = !asks && "why" in judged && judged.isSettled && !isOpaque(recorded);
  return isFirstAlone ? maybeTyped(value, evidence) ?? judged : judged;
}

/** Options beyond these are not listed. */
const MAX_OPTIONS = 4;

/**
 * One of several that a list of the login page offers: whoever logs in may have to choose another.
 * @rule off: null
 */
function maybeChosen(value: ComparedValue, script: ScriptCase): Assumption | null {
  const { name, recorded } = value;
  const options = shownChoices(script.evidence.traces).get(name) ?? [];
  if (!isField(value) || options.length < 2 || !options.includes(recorded)) return null;
  const listed = options.slice(0, MAX_OPTIONS).map((option) => `"${option}"`).join(", ");
  const more = options.length > MAX_OPTIONS ? ", …" : "";
  const why = `the page offers ${listed}${more} there, and this was chosen`;
  const elsewhere = sentElsewhere(value, script);
  return elsewhere.length > 0 && elsewhere.every((other) => other === recorded)
    ? settled(value, "constant", why)
    : unsettled(value, "constant", why);
}

function isField({ kind }: ComparedValue): boolean {
  return kind === "body" || kind === "query";
}

/**
 * A word beside what was typed that is another one in each other recording: a tenant, a branch, a shop.
 * @rule off: null
 */
function anothers(value: ComparedValue, script: ScriptCase): Objection | null {
  const { name, recorded, trace } = value;
  const isSubmitted = script.typed.some((typed) =>
    typed.trace === trace && typed.role !== "user" && typed.role !== "text"
  );
  const isOwn = isField(value) || value.kind === "header" && isOwnHeader(name);
  if (!isOwn || !isSubmitted) return null;
  if (recorded === "" || isSwitch(recorded) || ownerOf(name) === "client") return null;
  const elsewhere = sentElsewhere(value, script);
  return elsewhere.length === 0 || elsewhere.includes(recorded) ? null : isOtherElsewhere(value);
}

function isOtherElsewhere(value: ComparedValue): Objection {
  return objection(value, "is another value in another recording of the app");
}

/** How far a counter goes on from what an answer held, or a page adds to it. */
const MAX_STEP = 99;

/**
 * A number or short id that an answer before held under another name, or a number close to it: the answer's,
 * or what a page computes from it, or the same by chance. One recording cannot tell.
 * @rule off: null
 */
function maybeIssued(value: ComparedValue, script: ScriptCase): Finding | null {
  const { evidence } = script;
  const { recorded, index } = value;
  const alike = issuedWord(value, evidence);
  const named = alike ?? issuedElsewhere(value, evidence);
  const mayBeNumber = /^(?=.*\d)[\w-]{2,24}$/.test(recorded) && evidence.excuse(recorded) === null;
  const holds = named ?? (mayBeNumber ? issuerBefore(recorded, index, evidence) : null);
  const near = holds ?? (mayBeNumber ? nearIssuer(recorded, index, evidence) : null);
  if (near === null) return null;
  const elsewhere = sentElsewhere(value, script);
  if (elsewhere.some((other) => other !== recorded)) return isOtherElsewhere(value);
  if (named !== null) {
    const why =
      `the answer of ${named.trace} holds it under ${alike === null ? "another" : "a like"} name ` +
      `(${named.place}), and may hold another for somebody else`;
    const assume = elsewhere.length > 0 ? settled : unsettled;
    return assume(value, "constant", why);
  }
  if (elsewhere.length > 0) return null;
  const what = holds === null ? "a number close to it" : "it";
  const why = `the answer of ${near.trace} holds ${what} (${near.place}), perhaps by chance`;
  return unsettled(value, "constant", why);
}

/** A word of what an answer says of whoever logged in. */
function issuedWord({ name, recorded, index }: ComparedValue, evidence: Evidence): Issued | null {
  if (!/^[A-Za-z_-]{2,24}$/.test(recorded)) return null;
  return ifBefore(index, evidence.namedIssuer(recorded, name));
}

/** The same under a name that has nothing in common with it, where the application's own settings do not stand. */
function issuedElsewhere(value: ComparedValue, evidence: Evidence): Issued | null {
  const { kind, name, recorded, index } = value;
  if (!isField(value) && !(kind === "header" && isOwnHeader(name))) return null;
  if (!/^[A-Za-z_-]+$/.test(recorded) || ownerOf(name) === "client") return null;
  return ifBefore(index, evidence.anyIssuer(recorded));
}

function issuerBefore(value: string, index: number, evidence: Evidence): Issued | null {
  return ifBefore(index, evidence.shortIssuer(value));
}

function ifBefore(index: number, issuer: Issued | null): Issued | null {
  return issuer === null || issuer.index >= index ? null : issuer;
}

/** Of numbers with five to fifteen digits: shorter ones lie close to many by chance. */
function nearIssuer(value: string, index: number, evidence: Evidence): Issued | null {
  if (!/^[1-9]\d{4,14}$/.test(value)) return null;
  for (let step = 1; step <= MAX_STEP; step++) {
    for (const near of [Number(value) - step, Number(value) + step]) {
      const issuer = issuerBefore(String(near), index, evidence);
      if (issuer !== null) return issuer;
    }
  }
  return null;
}

/** Any text but a word or an address. */
const TELLING = /^(?![A-Za-z_]{1,80}$|https?:)/;

/** What no part of an application's address is called: signs, or both cases and digits. */
const SECRET_LIKE = /[^\w.~-]|^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)/;

/** Nobody types what a browser writes of itself into a header. */
function mayHoldTyped({ kind, name }: ComparedValue): boolean {
  return kind !== "cookie" && (kind !== "header" || isOwnHeader(name));
}

/** @rule off: null */
function maybeTyped(value: ComparedValue, evidence: Evidence): Assumption | null {
  const { kind, name, recorded } = value;
  if (!mayHoldTyped(value) || ownerOf(name) === "client") return null;
  if (recorded.length < 4 || !(kind === "path" ? SECRET_LIKE : TELLING).test(recorded)) return null;
  if (evidence.isInClientCode(recorded)) return null;
  const why = "the login asks for nothing, and nothing shows that nobody typed this";
  return unsettled(value, "constant", why);
}

function judgeOpaque(value: ComparedValue, script: ScriptCase): Finding {
  const { evidence } = script;
  const { recorded, kind, name, index } = value;
  const elsewhere = sentElsewhere(value, script);
  if (elsewhere.some((other) => other !== recorded)) return isOtherElsewhere(value);
  if (elsewhere.length > 0) return settled(value, "constant", "is the same in another recording");
  const parts = openText(recorded);
  if (parts.some((part) => evidence.isInClientCode(part))) {
    return settled(value, "constant", "stands in the client's own code");
  }
  const excuse = parts.map((part) => evidence.excuse(part)).find((why) => why !== null) ?? null;
  if (excuse !== null) {
    const assume = /page/.test(excuse) ? unsettled : settled;
    return assume(value, "constant", excuse);
  }
  const isAddedTo = evidence.carriers(kind, name).some(({ index: at, value: later }) =>
    at > index && later.length > recorded.length && later.startsWith(`${recorded},`)
  );
  if (isAddedTo) {
    return unsettled(value, "constant", "later requests repeat it and add what was issued");
  }
  const isKey = parts.some((part) => evidence.sent(part).some(isKeyPlace));
  const isSomebodys = isReplaced(value, evidence) || isPersonalPlace(value) && !isKey;
  return isSomebodys && !isOfClient(value, evidence)
    ? objection(value, "is a recorded credential, and nothing shows that it is the client's own")
    : unsettled(
      value,
      "constant",
      "no answer holds it, and no code of the client that holds it was recorded",
    );
}

/** Another request has an answer's value in the same header: this one may be of an earlier session. @rule off: false */
function isReplaced({ kind, name, recorded }: ComparedValue, evidence: Evidence): boolean {
  return kind === "header" &&
    evidence.carriers(kind, name).some(({ value }) =>
      value !== recorded && openText(value).some((part) => evidence.isIssued(part))
    );
}

/** Basic at a token endpoint names the OAuth client (RFC 6749 section 2.3.1). @rule off: false */
function isOfClient({ index, kind, recorded }: ComparedValue, { traces }: Evidence): boolean {
  return kind === "header" && basicPair(recorded) !== null &&
    requestValues(traces[index]!.request).some((other) =>
      other.kind === "body" && other.name === "grant_type"
    );
}

/** The script has it from an answer that the replay left as it was. @rule off: false */
function isTaken(recorded: string, { held, written }: ScriptCase): boolean {
  return held.has(recorded) && !written.numbers.has(recorded) &&
    written.texts.every(({ text }) => !text.includes(recorded));
}

/**
 * A number or short id that an answer on the way holds, sent back where path or name point to it.
 * @rule off: null
 */
function shortIssued(
  { kind, name, recorded, index }: ComparedValue,
  evidence: Evidence,
): Issued | null {
  const isNumber = /^\d+$/.test(recorded) && recorded.length >= MIN_NUMBER;
  if (kind !== "path" && !/^(?=.*\d)[\w-]{3,24}$/.test(recorded)) return null;
  if (kind === "path" && !isNumber) return null;
  const accepts = (found: string) => kind === "path" || found === name;
  return ifBefore(index, evidence.shortIssuer(recorded, accepts));
}
