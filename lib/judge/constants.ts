/**
 * What every run sent as it was recorded: constants in effect. An ordinary word needs no reason. An
 * opaque one is either excused by the recording, or refused, or taken on trust and said to be.
 */
import { basicPair } from "../http/auth_scheme.ts";
import { isOpaque, isSwitch, timestampUnit } from "../http/opaque.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { ownerOf } from "../http/vocabulary.ts";
import type { Assumption } from "./assumption.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence, Issued } from "./evidence.ts";
import type { HeldValues } from "./held_values.ts";
import { isClientMadePlace, isKeyPlace, isPersonalPlace } from "./place_kinds.ts";
import type { Objection } from "./run.ts";
import type { Literal } from "./script_literals.ts";
import { openText } from "./open_text.ts";
import { requestValues } from "./request_values.ts";
import { shownChoices } from "./shown_choices.ts";
import { isMintedUnder } from "./token_like.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Shorter numbers in a path are pages and versions. */
const MIN_NUMBER = 2;

export interface ConstantContext {
  readonly evidence: Evidence;
  readonly others: readonly Evidence[];
  readonly held: HeldValues;
  readonly literals: readonly Literal[];
  /** What the script writes down as numbers. */
  readonly numbers: ReadonlySet<string>;
  /** Requests that somebody typed a secret into, by `Trace.id`. */
  readonly submissions: ReadonlySet<string>;
  /** False where the script asks for nothing: whoever was recorded may have typed what looks plain. */
  readonly asks: boolean;
}

export function judgeConstant(
  value: ComparedValue,
  context: ConstantContext,
): Objection | Assumption | null {
  const { recorded, trace, where } = value;
  const refuse = (problem: string) => ({ trace, where, problem });
  if (isTaken(recorded, context)) return null;
  const startedAtMs = context.evidence.traces[value.index]!.startedAtMs;
  if (timestampUnit(recorded, startedAtMs, DAY_MS) !== null) {
    return refuse("is the moment of the recording");
  }
  const issued = shortIssued(value, context.evidence);
  if (issued !== null) {
    return refuse(`holds a recorded value, to be taken from the answer of ${issued}`);
  }
  const chosen = maybeChosen(value, context);
  if (chosen !== null) return chosen;
  if (!openText(recorded).some((part) => isMintedUnder(value.name, part))) {
    return maybeIssued(value, context) ?? anothers(value, context) ??
      (context.asks ? null : maybeTyped(value, context.evidence));
  }
  if (isClientMadePlace(value, "")) {
    return refuse("is as recorded where the client makes up a new value");
  }
  const judged = judgeOpaque(value, context);
  // That it came first says nothing where nobody is asked for anything: it may be the password itself.
  const isFirstAlone = !context.asks && "why" in judged && judged.isSettled && !isOpaque(recorded);
  return isFirstAlone ? maybeTyped(value, context.evidence) ?? judged : judged;
}

/** Options beyond these are not listed. */
const MAX_OPTIONS = 4;

/**
 * One of several that a list of the login page offers: whoever logs in may have to choose another.
 * @rule off: null
 */
function maybeChosen(
  value: ComparedValue,
  { evidence, others }: ConstantContext,
): Assumption | null {
  const { kind, name, recorded, trace, where } = value;
  const options = shownChoices(evidence.traces).get(name) ?? [];
  const isField = kind === "body" || kind === "query";
  if (!isField || options.length < 2 || !options.includes(recorded)) return null;
  const listed = options.slice(0, MAX_OPTIONS).map((option) => `"${option}"`).join(", ");
  const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[value.index]!, value));
  return {
    trace,
    where,
    as: "constant",
    why: `the page offers ${listed}${
      options.length > MAX_OPTIONS ? ", …" : ""
    } there, and this was chosen`,
    isSettled: elsewhere.length > 0 && elsewhere.every((other) => other === recorded),
  };
}

/**
 * A word beside what was typed that is another one in each other recording: a tenant, a branch, a shop.
 * @rule off: null
 */
function anothers(
  value: ComparedValue,
  { evidence, others, submissions }: ConstantContext,
): Objection | null {
  const { kind, name, recorded, trace, where } = value;
  if (kind !== "body" && kind !== "query" || !submissions.has(trace)) return null;
  if (recorded === "" || isSwitch(recorded) || ownerOf(name) === "client") return null;
  const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[value.index]!, value));
  return elsewhere.length === 0 || elsewhere.includes(recorded)
    ? null
    : { trace, where, problem: "is another value in another recording of the app" };
}

/** How far a counter goes on from what an answer held, or a page adds to it. */
const MAX_STEP = 99;

/**
 * A number or short id that an answer before held under another name, or a number close to it: the answer's,
 * or what a page computes from it, or the same by chance. One recording cannot tell.
 * @rule off: null
 */
function maybeIssued(
  value: ComparedValue,
  { evidence, others }: ConstantContext,
): Objection | Assumption | null {
  const { recorded, trace, where, index } = value;
  const named = issuedWord(value, evidence);
  if (named !== null) {
    const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[index]!, value));
    if (elsewhere.some((other) => other !== recorded)) {
      return { trace, where, problem: "is another value in another recording of the app" };
    }
    const why =
      `the answer of ${named.trace} holds it under a like name (${named.place}), and may ` +
      "hold another for somebody else";
    return { trace, where, as: "constant", why, isSettled: elsewhere.length > 0 };
  }
  if (!/^(?=.*\d)[\w-]{2,24}$/.test(recorded) || evidence.excuse(recorded) !== null) return null;
  const holds = issuerBefore(recorded, index, evidence);
  const near = holds ?? nearIssuer(recorded, index, evidence);
  if (near === null) return null;
  const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[index]!, value));
  if (elsewhere.some((other) => other !== recorded)) {
    return { trace, where, problem: "is another value in another recording of the app" };
  }
  if (elsewhere.length > 0) return null;
  const what = holds === null ? "a number close to it" : "it";
  const why = `the answer of ${near.trace} holds ${what} (${near.place}), perhaps by chance`;
  return { trace, where, as: "constant", why, isSettled: false };
}

/** A word of what an answer says of whoever logged in. */
function issuedWord({ name, recorded, index }: ComparedValue, evidence: Evidence): Issued | null {
  if (!/^[A-Za-z_-]{2,24}$/.test(recorded)) return null;
  const issuer = evidence.namedIssuer(recorded, name);
  return issuer === null || issuer.index >= index ? null : issuer;
}

function issuerBefore(value: string, index: number, evidence: Evidence): Issued | null {
  const issuer = evidence.shortIssuer(value);
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
  const { kind, name, recorded, trace, where } = value;
  if (!mayHoldTyped(value) || ownerOf(name) === "client") return null;
  if (recorded.length < 4 || !(kind === "path" ? SECRET_LIKE : TELLING).test(recorded)) return null;
  return evidence.isInClientCode(recorded) ? null : {
    trace,
    where,
    as: "constant",
    why: "the login asks for nothing, and nothing shows that nobody typed this",
    isSettled: false,
  };
}

function judgeOpaque(
  value: ComparedValue,
  { evidence, others }: ConstantContext,
): Objection | Assumption {
  const { recorded, trace, where } = value;
  const assume = (why: string, isSettled: boolean): Assumption => ({
    trace,
    where,
    as: "constant",
    why,
    isSettled,
  });
  const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[value.index]!, value));
  if (elsewhere.some((other) => other !== recorded)) {
    return { trace, where, problem: "is another value in another recording of the app" };
  }
  if (elsewhere.length > 0) return assume("is the same in another recording", true);
  const parts = openText(recorded);
  if (parts.some((part) => evidence.isInClientCode(part))) {
    return assume("stands in the client's own code", true);
  }
  const excuse = parts.map((part) => evidence.excuse(part)).find((why) => why !== null) ?? null;
  if (excuse !== null) return assume(excuse, !/page/.test(excuse));
  const isAddedTo = evidence.carriers(value.kind, value.name).some(({ index, value: later }) =>
    index > value.index && later.length > recorded.length && later.startsWith(`${recorded},`)
  );
  if (isAddedTo) return assume("later requests repeat it and add what was issued", false);
  const isKey = parts.some((part) => evidence.sent(part).some(isKeyPlace)) ||
    isOfClient(value, evidence);
  if (isPersonalPlace(value) && !isKey) {
    return {
      trace,
      where,
      problem: "is a recorded credential, and nothing shows that it is the client's own",
    };
  }
  return assume("no answer holds it, and no code of the client that holds it was recorded", false);
}

/** Basic at a token endpoint names the OAuth client (RFC 6749 section 2.3.1). @rule off: false */
function isOfClient({ index, kind, recorded }: ComparedValue, { traces }: Evidence): boolean {
  return kind === "header" && basicPair(recorded) !== null &&
    requestValues(traces[index]!.request).some((other) =>
      other.kind === "body" && other.name === "grant_type"
    );
}

/** The script has it from an answer that the replay left as it was. @rule off: false */
function isTaken(recorded: string, { held, literals, numbers }: ConstantContext): boolean {
  return held.has(recorded) && !numbers.has(recorded) &&
    literals.every(({ text }) => !text.includes(recorded));
}

/**
 * A number or short id that an answer on the way holds, sent back where path or name point to it.
 * @rule off: null
 */
function shortIssued(
  { kind, name, recorded, index }: ComparedValue,
  evidence: Evidence,
): string | null {
  const isNumber = /^\d+$/.test(recorded) && recorded.length >= MIN_NUMBER;
  if (kind !== "path" && !/^(?=.*\d)[\w-]{3,24}$/.test(recorded)) return null;
  if (kind === "path" && !isNumber) return null;
  const issuer = evidence.shortIssuer(recorded, (found) => kind === "path" || found === name);
  return issuer === null || issuer.index >= index ? null : `${issuer.trace}, ${issuer.place}`;
}
