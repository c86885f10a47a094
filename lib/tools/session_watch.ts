/**
 * Whether the session is over, asked of each answer of a call. What an answer says plainly counts by
 * itself. Where it only may be one to a stranger, a request whose answers with and without the session were
 * measured when the token was obtained is sent again: once in a call, however many answers it has.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { JsonSchema, JsonValue } from "../base/json.ts";
import { isRecord } from "../base/json.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { parseCookieHeader, parseSetCookie } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import type { Home } from "../store/home.ts";
import { type AnswerKind, type AnswerMarks, sameFrame } from "../token/answer_marks.ts";
import { applyRenewals, type Renewal } from "../token/renewals.ts";
import {
  addressOf,
  type DoubtfulAnswer,
  doubtIn,
  likenessOf,
  mostTelling,
} from "../token/session_judge.ts";
import { readSigns, type SessionSign } from "../token/session_signs.ts";
import type { TokenState } from "../token/token_state.ts";
import { marksOfResponse } from "./answer_look.ts";
import { propertiesOf, requiredOf } from "./arguments.ts";
import type { ToolDefinition } from "./definition.ts";
import type { ToolResponse } from "./response.ts";
import { sendProbe } from "./send_probe.ts";
import { sessionEnd } from "./session_end.ts";

export interface SessionVerdict {
  readonly ended: boolean;
  /** What the answer to the repeated request renewed of the token. Secret. */
  readonly renewals: readonly Renewal[];
  /** True where the answer may be one to a stranger, and nothing recorded is there to be asked. */
  readonly isOpen?: true;
}

const GOES_ON: SessionVerdict = { ended: false, renewals: [] };
const ENDED: SessionVerdict = { ended: true, renewals: [] };

export class SessionWatch {
  readonly #ctx: Context;
  readonly #tool: ToolDefinition;
  readonly #address: string;
  readonly #signs: () => Promise<readonly SessionSign[]>;
  /** Of the answer that turned out to be one to a stranger. */
  #stranger: AnswerMarks | null = null;
  #asked = false;

  constructor(ctx: Context, home: Home, app: string, tool: ToolDefinition, request: HttpRequest) {
    this.#ctx = ctx;
    this.#tool = tool;
    this.#address = addressOf(request);
    this.#signs = () => readSigns(home, app);
  }

  /** `token`: the one that the answered request carried; `isTried`: a login that tried it has just yielded it. */
  async verdictOn(
    response: ToolResponse,
    token: TokenState,
    { isTried = false }: { readonly isTried?: boolean } = {},
  ): Promise<SessionVerdict> {
    if (sessionEnd(this.#tool, response) !== null) return ENDED;
    const signs = await this.#signs();
    const doubtful = this.#look(response, token);
    const doubt = doubtIn(doubtful, signs);
    if (doubt === "none") return GOES_ON;
    const sign = mostTelling(signs);
    if (sign === null) return speaksOfSession(doubtful) ? { ...GOES_ON, isOpen: true } : GOES_ON;
    // An answer that stays as it was says nothing where everybody, or this account, is answered so.
    if (this.#asked) {
      return doubt === "by looks" && !isTried && this.#likeBefore(doubtful.marks) ? ENDED : GOES_ON;
    }
    return await this.#askOnce(sign, this.#current(token, response), doubtful.marks);
  }

  /** Of the page before a call, which did not hand out what it was loaded for: that is doubt enough. */
  async verdictOnPage(page: ToolResponse, token: TokenState): Promise<SessionVerdict> {
    if (sessionEnd({ answer: null }, page) !== null) return ENDED;
    const sign = mostTelling(await this.#signs());
    if (sign === null || this.#asked || page.status >= 500 || page.status === 429) return GOES_ON;
    // The page is held against nothing: what it renewed may be an anonymous session.
    return await this.#askOnce(sign, token, marksOfResponse(page));
  }

  async #askOnce(
    sign: SessionSign,
    token: TokenState,
    doubted: AnswerMarks,
  ): Promise<SessionVerdict> {
    this.#asked = true;
    const verdict = await this.#ask(sign, token, doubted);
    if (verdict.ended) this.#stranger = doubted;
    return verdict;
  }

  #look(response: ToolResponse, token: TokenState): DoubtfulAnswer {
    const { answer } = this.#tool;
    return {
      marks: marksOfResponse(response),
      address: this.#address,
      expectedKind: expectedKind(answer?.contentType ?? null),
      isIncomplete: response.content.kind === "json" &&
        lacksRequired(answer?.schema ?? true, response.content.value),
      endsCookie: response.renewals.some((renewal) => takesAway(renewal, token, this.#nowMs)),
    };
  }

  /** The same answer to the renewed token as to the one before. */
  #likeBefore(now: AnswerMarks): boolean {
    const before = this.#stranger;
    return before !== null && before.status === now.status && before.kind === now.kind &&
      before.place === now.place &&
      `${before.shape} ${before.marks}` === `${now.shape} ${now.marks}`;
  }

  get #nowMs(): number {
    return this.#ctx.clock.nowMs();
  }

  /** Servers that replace the session with each answer take the newest alone. */
  #current(token: TokenState, { status, renewals }: ToolResponse): TokenState {
    const lasting = renewals.filter((renewal) => !takesAway(renewal, token, this.#nowMs));
    if (status >= 400) return token;
    return applyRenewals(token, token, lasting, this.#nowMs) ?? token;
  }

  /**
   * A site that does not answer, or answers something new, proves nothing, unless it refuses with the very
   * words what it granted before: part of the session is gone, such as its anti-forgery token.
   */
  async #ask(
    { request, ...measured }: SessionSign,
    token: TokenState,
    doubted: AnswerMarks,
  ): Promise<SessionVerdict> {
    try {
      const response = await sendProbe(this.#ctx, request, token);
      const marks = marksOfResponse(response);
      const likeness = likenessOf(marks, { request, ...measured });
      const isRefusedAlike = isRefusal(marks) && measured.with.status < 400 &&
        sameFrame(marks, doubted);
      return likeness === "without" || isRefusedAlike
        ? ENDED
        : { ended: false, renewals: response.status < 400 ? response.renewals : [] };
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
      return GOES_ON;
    }
  }
}

/** RFC 9110 section 15.5: 401 and 403, and no word of how often one asks (429). */
function isRefusal({ status }: AnswerMarks): boolean {
  return status === 401 || status === 403;
}

/** Without a measure most refusals are about the call; these may as well be about the session. */
function speaksOfSession(
  { marks, expectedKind, isIncomplete, endsCookie }: DoubtfulAnswer,
): boolean {
  if (marks.status >= 400) return marks.status === 403;
  return isIncomplete || endsCookie || expectedKind !== null && marks.kind !== expectedKind;
}

/** The kind that `parseBody` makes of a body of this type; `null` for types that may hold several. */
function expectedKind(contentType: string | null): AnswerKind | null {
  if (contentType === null) return null;
  if (/[/+]html\b|xhtml/.test(contentType)) return "html";
  return /[/+]json\b/.test(contentType) ? "json" : null;
}

/** True when a cookie that the token holds is ended. */
function takesAway({ name, value }: Renewal, { headers }: TokenState, nowMs: number): boolean {
  const cookie = name === "set-cookie" ? parseSetCookie(value) : null;
  if (cookie === null || !endsCookie(cookie, nowMs)) return false;
  return Object.entries(headers).some(([header, held]) =>
    header.toLowerCase() === "cookie" &&
    parseCookieHeader(held).some(([heldName]) => heldName === cookie.name)
  );
}

/** How deep an answer is held against what was recorded: who is asked stands near the top. */
const MAX_DEPTH = 3;

/** True where `null`, nothing or another type stands for what every recorded answer had. */
function lacksRequired(schema: JsonSchema, value: JsonValue, depth = 0): boolean {
  if (!isRecord(schema) || depth > MAX_DEPTH) return false;
  if (!isOfDeclaredType(schema, value)) return true;
  if (!isRecord(value)) return false;
  const members = value as Readonly<Record<string, JsonValue>>;
  if (requiredOf(schema).some((name) => !Object.hasOwn(members, name))) return true;
  return Object.entries(propertiesOf(schema)).some(([name, member]) =>
    Object.hasOwn(members, name) && lacksRequired(member as JsonSchema, members[name]!, depth + 1)
  );
}

/** Of the kinds that tell: an object or a list is something else than `null` or a text. */
function isOfDeclaredType(schema: Readonly<Record<string, unknown>>, value: JsonValue): boolean {
  const declared = [schema["type"]].flat();
  if (!declared.every((type) => typeof type === "string")) return true;
  if (value === null) return declared.includes("null");
  if (Array.isArray(value)) return declared.includes("array");
  if (typeof value === "object") return declared.includes("object");
  return declared.some((type) => type !== "object" && type !== "array" && type !== "null");
}
