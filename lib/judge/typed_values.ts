/**
 * What the recorded user typed must be asked for, and arrive where it was sent. What is asked for must
 * have been typed.
 */
import type { Trace } from "../http/exchange.ts";
import { answerValues } from "./answer_values.ts";
import type { Assumption } from "./assumption.ts";
import type { ComparedValue, JudgedRuns } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import {
  isIdentifierName,
  isOneTimeCode,
  isPasswordName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { hexText } from "../http/hex_text.ts";
import { splitKnownScheme, splitScheme } from "../http/auth_scheme.ts";
import { openText } from "./open_text.ts";
import { isKeyPlace, isPersonalPlace } from "./place_kinds.ts";
import { requestValues } from "./request_values.ts";
import type { Objection } from "./run.ts";
import { withoutSigned } from "./signed_values.ts";
import { isMintedUnder } from "./token_like.ts";
import type { TypedCredential } from "./typed_credentials.ts";

/** Constants of OAuth (RFC 6749, 7636, OpenID Connect Core): nobody types them. */
const PROTOCOL_CONSTANT =
  /^(grant_type|response_type|response_mode|client_id|scope|redirect_uri|code_challenge_method|prompt|audience|resource)$/;

const WHAT = {
  user: "user name",
  password: "password",
  code: "one-time code",
  text: "text",
  told: "text",
} as const;

/** What may stand in a text of the client's as well. */
const WORD = /^[\p{L}\p{N}_-]{3,100}$/u;

const CLIENT_HEADER = /^(user-agent|accept|accept-language|accept-encoding|content-type|origin)$/i;

export class TypedJudge {
  readonly #runs: JudgedRuns;
  readonly #compared: readonly ComparedValue[];
  readonly #typed: readonly TypedCredential[];

  constructor(
    runs: JudgedRuns,
    compared: readonly ComparedValue[],
    typed: readonly TypedCredential[],
  ) {
    this.#runs = runs;
    this.#compared = compared;
    this.#typed = typed;
  }

  objections(): Objection[] {
    return [...this.#typed.flatMap((typed) => this.#judge(typed)), ...this.#clientHeaders()];
  }

  /** Headers that say which client asks: nobody types them. @rule off: [] */
  #clientHeaders(): Objection[] {
    const answers = [...this.#runs.first.answers.values()].filter(({ length }) => length >= 4);
    return this.#runs.first.sent.flatMap(({ request, trace }) =>
      request.headers.filter(([name, value]) =>
        CLIENT_HEADER.test(name) && answers.some((answer) => value.includes(answer))
      ).map(([name]) => ({
        trace,
        where: `header "${name}"`,
        problem: "is asked for, but it says which client it is",
      }))
    );
  }

  /** The input whose answer both runs sent as this value; `null` when there is none. */
  inputOf(first: string | undefined, second: string | undefined): string | null {
    if (first === undefined || second === undefined) return null;
    for (const [name, answer] of this.#runs.first.answers) {
      if (answer === first && this.#runs.second.answers.get(name) === second) return name;
    }
    return null;
  }

  /**
   * A word that is asked for stood at this place before anybody typed: in a request, or in the field of a page; or
   * an answer had it under a name that is nobody's.
   * @rule off: false
   */
  stoodBefore({ kind, name, recorded }: ComparedValue, evidence: Evidence): boolean {
    const first = Math.min(...this.#typed.map(({ index }) => index));
    const words = [...this.#runs.reenacted.answers.values()].filter((answer) =>
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
    return words.length > 0 && first !== Infinity &&
      (evidence.carriers(kind, name).some(({ index, value }) => index < first && holds(value)) ||
        evidence.traces.slice(0, first).some(isPages));
  }

  /** An answer stands in one of the texts of each run. @rule off: false */
  isWithin(first: readonly string[], second: readonly string[]): boolean {
    return [...this.#runs.first.answers].some(([name, answer]) => {
      const other = this.#runs.second.answers.get(name);
      return answer !== "" && other !== undefined &&
        first.some((part) => part.includes(answer)) && second.some((part) => part.includes(other));
    });
  }

  /**
   * Text of one input beside that of another, of which only the other is known to have been typed.
   * @rule off: false
   */
  isGlued({ first, second, recorded }: ComparedValue): boolean {
    if (second === undefined) return false;
    const [one, other] = [openText(first), openText(second)];
    const within = [...this.#runs.first.answers].filter(([name, answer]) => {
      const again = this.#runs.second.answers.get(name) ?? "";
      return answer !== "" && again !== "" && one.some((part) => part.includes(answer)) &&
        other.some((part) => part.includes(again));
    }).map(([name]) => name);
    if (within.length < 2) return false;
    const known = new Set(this.#typed.flatMap((typed) => this.#inputsOf(typed)));
    const isHeld = this.#typed.some(({ value }) => value.length >= 3 && recorded.includes(value));
    return isHeld && within.some((name) => known.has(name)) &&
      within.some((name) => !known.has(name));
  }

  #inputsOf(typed: TypedCredential): string[] {
    return this.#placesOf(typed).map((place) => this.#arrives(typed, place)).filter((name) =>
      name !== null
    );
  }

  isTypedPlace({ trace, where }: ComparedValue): boolean {
    return this.#typed.some((typed) => isSamePlace(typed, trace, where));
  }

  #judge(typed: TypedCredential): Objection[] {
    return this.#placesOf(typed).flatMap((place) => {
      if (typed.role === "user" && this.#isOtherUserAsked(typed)) return [];
      const input = this.#arrives(typed, place);
      if (input === null) {
        if (isComputed(typed, place)) return [];
        const what = WHAT[typed.role];
        return [{
          trace: place.trace,
          where: place.where,
          problem: typed.role === "told"
            ? "is not what is asked for, and the user told that it was typed"
            : `is not a ${what} that is asked for: ${typed.why}`,
        }];
      }
      if (typed.role === "password" && hexText(typed.value) !== undefined) {
        return [{
          trace: place.trace,
          where: place.where,
          problem: "is the hex of a text, which the script sends as it was asked for",
        }];
      }
      return typed.role === "password" && this.#isUserInput(typed, input)
        ? [{
          trace: place.trace,
          where: place.where,
          problem: "is the user name, not a password of its own",
        }]
        : [];
    });
  }

  #arrives(typed: TypedCredential, place: ComparedValue): string | null {
    const take = (text: string | undefined) => text === undefined ? undefined : typed.take(text);
    return this.inputOf(take(place.first), take(place.second));
  }

  /** Of several fields that are named for a user, one is what was typed. @rule off: true */
  #isOtherUserAsked(typed: TypedCredential): boolean {
    return this.#typed.some((other) =>
      other !== typed && other.role === "user" && other.trace === typed.trace &&
      this.#placesOf(other).some((place) => this.#arrives(other, place) !== null)
    );
  }

  #isUserInput(password: TypedCredential, input: string): boolean {
    return this.#typed.some((other) =>
      other.role === "user" && other.trace === password.trace &&
      this.#placesOf(other).some((place) => this.#arrives(other, place) === input)
    );
  }

  /** A later request may carry in the same header what the login was answered with: that was not typed. */
  #placesOf(typed: TypedCredential): ComparedValue[] {
    return this.#compared.filter(({ trace, where, recorded }) =>
      isSamePlace(typed, trace, where) && typed.take(recorded) === typed.value
    );
  }
}

/** What the script asks for and sends as it was answered. */
export function judgeAsked(
  value: ComparedValue,
  evidence: Evidence,
  judge: TypedJudge,
  others: readonly Evidence[],
): Objection | Assumption | null {
  if (judge.isTypedPlace(value) || !isAsked(value, judge)) return null;
  const { trace, where, name, recorded, index } = value;
  const refuse = (why: string): Objection => ({
    trace,
    where,
    problem: `is asked for, but ${why}`,
  });
  const assume = (why: string, isSettled: boolean): Assumption => ({
    trace,
    where,
    as: "typed",
    why,
    isSettled,
  });
  const isConstant = PROTOCOL_CONSTANT.test(name) &&
    !(name === "client_id" && isClientGrant(value, evidence));
  if (isConstant && judge.inputOf(value.first, value.second) !== null) {
    return refuse("it is a constant of the protocol");
  }
  if (value.kind === "header" && schemeIn(name, recorded) !== schemeIn(name, value.first)) {
    return refuse("the scheme of credentials is a constant of HTTP");
  }
  if (judge.isGlued(value)) {
    return refuse("it stands beside what was typed, and nothing shows that it was");
  }
  const issued = evidence.issued.get(recorded);
  if (issued !== undefined && issued.index < index && evidence.excuse(recorded) === null) {
    return refuse(`it stands in the answer of ${issued.trace}, ${issued.place}`);
  }
  if (isMintedUnder(name, recorded) && evidence.isInClientCode(recorded)) {
    return refuse("it stands in the client's own code");
  }
  if (isPasswordName(name) || isIdentifierName(name) || isOneTimeCode(name, recorded)) {
    return assume("its name is one for what users type", true);
  }
  if ((isKeyPlace(value) || isPersonalPlace(value)) && isMintedUnder(name, recorded)) {
    return assume("no answer issued it: a person is given such a key once", true);
  }
  if (judge.stoodBefore(value, evidence)) {
    return refuse("the same word stood there before anybody typed");
  }
  const elsewhere = others.flatMap((other) => other.sentAt(evidence.traces[index]!, value));
  if (elsewhere.length > 0 && !elsewhere.includes(recorded)) {
    return assume("another recording has another value there", true);
  }
  return assume(`nothing but its place says that ${words(name) || "it"} was typed`, false);
}

/** In a header of the application's own a name or a password may hold a blank. */
function schemeIn(header: string, value: string): string {
  return /^(proxy-)?authorization$/i.test(header)
    ? splitScheme(value).scheme
    : splitKnownScheme(value)?.scheme ?? "";
}

/** RFC 6749 section 4.4: the client is who logs in. */
function isClientGrant({ index }: ComparedValue, { traces }: Evidence): boolean {
  return requestValues(traces[index]!.request).some(({ name, value }) =>
    name === "grant_type" && value === "client_credentials"
  );
}

/** Sent as it was answered, alone or with other text around it, in base64 or JSON. */
function isAsked({ first, second }: ComparedValue, judge: TypedJudge): boolean {
  if (second === undefined) return false;
  return judge.isWithin(openText(withoutSigned(first)), openText(withoutSigned(second)));
}

function isSamePlace(typed: TypedCredential, trace: string, where: string): boolean {
  return typed.where === where && typed.trace === trace ||
    /^header/.test(typed.where) && `result ${typed.where}`.toLowerCase() === where.toLowerCase();
}

/**
 * A digest or ciphertext of what was typed: it differs between people and comes out as recorded.
 * @rule off: false
 */
function isComputed(
  { value }: TypedCredential,
  { first, second, recorded, reenacted, reproduced }: ComparedValue,
): boolean {
  return first !== second && [reenacted, reproduced].includes(recorded) && value.length >= 16 &&
    /^[\w+/=.:$-]+$/.test(value);
}
