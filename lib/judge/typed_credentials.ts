/**
 * What the recorded user typed, by evidence that owes nothing to the analysis: fields that a page
 * calls a password, names the web uses for passwords and one-time codes, HTTP Basic, the first
 * arguments of a login method, and what the user told.
 */
import { basicPair, splitScheme } from "../http/auth_scheme.ts";
import { base64Decode } from "../http/base64.ts";
import type { Trace } from "../http/exchange.ts";
import {
  isCodeSendingPath,
  isIdentifierName,
  isOneTimeCode,
  isPasswordChangeName,
  isPasswordField,
  isRepeatName,
  words,
} from "../http/vocabulary.ts";
import { isMask } from "../http/opaque.ts";
import type { Evidence } from "./evidence.ts";
import { codeIssuer } from "./issued_codes.ts";
import { parseUrl } from "../http/url.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import { fixedKey, type ShownBoxes, shownBoxes } from "./shown_pages.ts";

export interface TypedCredential {
  /** `Trace.id` of the request that sent it, and its place in time. */
  readonly trace: string;
  readonly index: number;
  /** Of the request value that holds it. */
  readonly where: string;
  readonly role: "user" | "password" | "code" | "text" | "told";
  /** What was typed. Secret. */
  readonly value: string;
  /** Takes the typed text out of the value at its place. */
  readonly take: (text: string) => string | undefined;
  /** Why it counts as typed. */
  readonly why: string;
}

/** Of what a user told: shorter texts are equal to too much else. */
const MIN_TOLD = 3;

export function typedCredentials(
  evidence: Evidence,
  hints: readonly string[] = [],
): TypedCredential[] {
  const shown = shownBoxes(evidence.traces);
  const read = (told: readonly string[]) =>
    evidence.traces.flatMap((trace, index) =>
      new RequestReader(trace, index, evidence, shown, told).read()
    );
  const found = read([]);
  // What is known to be typed somewhere may be a constant elsewhere: a user may be called like a platform.
  const known = new Set(found.map(({ value }) => value));
  const told = hints.filter((hint) => !known.has(hint));
  return told.length === 0 ? found : read(told);
}

const whole = (text: string) => text;

class RequestReader {
  readonly #values: readonly RequestValue[];
  readonly #trace: Trace;
  readonly #index: number;
  readonly #evidence: Evidence;
  readonly #shown: ShownBoxes;
  readonly #hints: readonly string[];
  #isExchange: boolean | undefined;

  constructor(
    trace: Trace,
    index: number,
    evidence: Evidence,
    shown: ShownBoxes,
    hints: readonly string[],
  ) {
    this.#trace = trace;
    this.#index = index;
    this.#evidence = evidence;
    this.#shown = shown;
    this.#hints = hints;
    this.#values = this.#isChange()
      ? []
      : requestValues(trace.request).filter(({ name, value, kind }) =>
        value !== "" && kind !== "cookie" && !isMask(value) &&
        !shown.buttons.has(fixedKey({ name, value }))
      ).filter((value) => codeIssuer(value, index, evidence) < 0);
  }

  read(): TypedCredential[] {
    const found = [
      ...this.#values.flatMap((value) => this.#passwordOrCode(value)),
      ...this.#basic(),
      ...this.#positional(),
    ];
    const isSubmission = found.some(({ role }) => role !== "user") || this.#namesUserAlone();
    const users = this.#users(found).filter(({ value }) =>
      isSubmission ||
      value.length >= MIN_TOLD && this.#evidence.namesSomebody(value) && this.#isWrite()
    );
    const known = [...found, ...users];
    const boxes = isSubmission ? this.#inEmptyBoxes(known) : [];
    return [...known, ...boxes, ...this.#told([...known, ...boxes])];
  }

  #passwordOrCode(place: RequestValue): TypedCredential[] {
    const { name, value } = place;
    if (place.kind === "header" || place.kind === "path" || this.#isIssued(value)) return [];
    if (this.#shown.passwords.has(name)) {
      return [this.#typed(place, "password", "the page's field is a password field")];
    }
    if (isPasswordField(name, value) && /[^01]/.test(value) && !isFlag(place)) {
      return [this.#typed(place, "password", "the field is named for a password")];
    }
    if (isOneTimeCode(name, value) && !this.#isOAuthCode(name)) {
      const role = this.#isFirstPin(place) ? "password" : "code";
      return [this.#typed(place, role, "the field is named for a one-time code")];
    }
    return [];
  }

  /**
   * A PIN in the first request that sends anything: nobody can have sent a code yet.
   * @rule off: false
   */
  #isFirstPin({ name }: RequestValue): boolean {
    return /\b(pin|pass ?code)$/.test(words(name)) &&
      this.#evidence.traces.slice(0, this.#index).every(({ request }) => request.body === null);
  }

  /**
   * RFC 7617. The pair at a token endpoint is the client's own (RFC 6749 section 2.3.1).
   * @rule off: []
   */
  #basic(): TypedCredential[] {
    if (this.#values.some(({ name }) => name === "grant_type" || name === "client_assertion")) {
      return [];
    }
    return this.#values.flatMap((place) => {
      const take = pairReader(place);
      const pair = take?.(place.value);
      // A token in the password's place is an answer's.
      if (!take || !pair || pair.password === "") return [];
      if (this.#isIssued(place.value) || this.#isIssued(pair.password)) return [];
      if ([pair.user, pair.password].some((text) => this.#evidence.isInClientCode(text))) return [];
      const why = "the field is a pair of user name and password";
      const part = (key: "user" | "password") => (text: string) => take(text)?.[key];
      return [
        { ...this.#typed(place, "user", why, part("user")), value: pair.user },
        { ...this.#typed(place, "password", why, part("password")), value: pair.password },
      ];
    });
  }

  /**
   * JSON-RPC and XML-RPC: a login method whose positional parameters begin with name and password.
   * @rule off: []
   */
  #positional(): TypedCredential[] {
    const method = this.#values.find(({ name }) =>
      /^(method(Name)?|call|action|service)$/i.test(name)
    )
      ?.value;
    if (method === undefined || !/\b(log ?in|authenticate|sign ?in)\b/.test(words(method))) {
      return [];
    }
    const [user, password] = this.#values.filter(({ where }) =>
      /(params|args|arguments)(\.0)?\.[01]"$|\/params\/param(\[2\])?\/value(\/string)?"$/.test(
        where,
      )
    );
    if (user === undefined || password === undefined) return [];
    const why = "it is the argument of a login method";
    return [this.#typed(user, "user", why), this.#typed(password, "password", why)];
  }

  /**
   * The first page of a login, or the wish for a code or a link: it sends a name alone.
   * @rule off: false
   */
  #namesUserAlone(): boolean {
    const { method, url } = this.#trace.request;
    return method === "POST" && isCodeSendingPath(parseUrl(url)?.pathname ?? "");
  }

  #isWrite(): boolean {
    return this.#trace.request.body !== null;
  }

  /** Names beside a password: fields that are named for a user, else those that may name one. */
  #users(found: readonly TypedCredential[]): TypedCredential[] {
    const taken = placesOf(found);
    const open = this.#values.filter((place) =>
      place.kind !== "header" && place.kind !== "path" && !this.#isIssued(place.value) &&
      // Beside no password an id that an answer had first was chosen.
      (found.length > 0 || this.#evidence.shortIssuer(place.value) === null) &&
      !taken.has(place.where) && !isFlag(place) && !/^[01]?$/.test(place.value)
    );
    const named = open.filter(({ name }) => isIdentifierName(name));
    const isNameless = found.some(({ role }) => role === "password") &&
      found.every(({ role }) => role !== "user");
    const users = named.length > 0 || !isNameless
      ? named
      : open.filter((place) => this.#mayName(place));
    const what = named.length > 0 ? "is named for a user" : "names somebody";
    const field = found.some(({ role }) => role === "password")
      ? "the field beside the password"
      : "the field";
    return users.map((place) => this.#typed(place, "user", `${field} ${what}`));
  }

  /** @rule off: true */
  #mayName({ kind, name, value }: RequestValue): boolean {
    return kind === "body" && /\b(name|nick|handle)$/.test(words(name)) &&
      value.length >= MIN_TOLD &&
      !/[\s/]/.test(value) && this.#evidence.sent(value)[0]!.index === this.#index;
  }

  /** The page left it empty, and the request holds something that no answer held. @rule off: [] */
  #inEmptyBoxes(found: readonly TypedCredential[]): TypedCredential[] {
    const taken = placesOf(found);
    return this.#values.filter((place) =>
      place.kind === "body" && this.#shown.empty.has(place.name) && !this.#isIssued(place.value) &&
      !taken.has(place.where)
    ).map((place) => this.#typed(place, "text", "the page shows an empty box for it"));
  }

  /** @rule off: [] */
  #told(found: readonly TypedCredential[]): TypedCredential[] {
    const told = this.#hints.filter((hint) => hint.length >= MIN_TOLD);
    const taken = placesOf(found);
    return this.#values.filter(({ value, where }) => told.includes(value) && !taken.has(where))
      .map((place) => this.#typed(place, "told", "the user told it"));
  }

  #typed(
    { where, value }: RequestValue,
    role: TypedCredential["role"],
    why: string,
    take: TypedCredential["take"] = whole,
  ): TypedCredential {
    return { trace: this.#trace.id, index: this.#index, where, role, value, take, why };
  }

  #isIssued(value: string): boolean {
    const issued = this.#evidence.issued.get(value);
    return issued !== undefined && issued.index < this.#index;
  }

  /**
   * `code` in the exchange for a token is an answer's, not the user's (RFC 6749 section 4.1.3).
   * @rule off: false
   */
  #isOAuthCode(name: string): boolean {
    return /^(code|token)$/i.test(name) &&
      (this.#isExchange ??= this.#values.some((other) =>
        /^(grant_type|redirect_uri|state|code_verifier)$/.test(other.name)
      ));
  }

  /** A change of password and a registration are no login. @rule off: false */
  #isChange(): boolean {
    return requestValues(this.#trace.request).some(({ name }) =>
      (isPasswordChangeName(name) || isRepeatName(name)) && !this.#shown.passwords.has(name)
    );
  }
}

function placesOf(found: readonly TypedCredential[]): ReadonlySet<string> {
  return new Set(found.map(({ where }) => where));
}

/** A setting that is on or off; where JSON holds a text of this kind, somebody may be called so. */
function isFlag({ value, isText }: RequestValue): boolean {
  return isText !== true && /^(true|false|null)$/.test(value);
}

/** Of base64: what is longer is a file. In characters. */
const MAX_PAIR_LENGTH = 65_536;

function pairReader(
  { kind, name, value }: RequestValue,
): ((text: string) => { user: string; password: string } | undefined) | undefined {
  if (kind === "header" && basicPair(value) !== null) {
    // Of two alphabets of base64 it has the first one (RFC 7617 section 2, RFC 4648 section 4).
    return (text) =>
      /[-_]/.test(splitScheme(text).credentials) ? undefined : basicPair(text) ?? undefined;
  }
  if (kind !== "body" && !(kind === "header" && /auth/i.test(name))) return undefined;
  if (value.length > MAX_PAIR_LENGTH) return undefined;
  // Hexadecimal digits are base64 of a pair once in ten thousand times, a pair never looks like them.
  if (/^([0-9a-f]+|[0-9A-F]+)$/.test(value)) return undefined;
  return /^[\w+/-]{8,}={0,2}$/.test(value) ? pairInBase64 : undefined;
}

function pairInBase64(text: string): { user: string; password: string } | undefined {
  const match = /^([^\s:{["<]{1,254}):(\P{Cc}+)$/u.exec(base64Decode(text) ?? "");
  return match === null ? undefined : { user: match[1]!, password: match[2]! };
}
