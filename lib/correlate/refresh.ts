/**
 * The refresh flow: a recorded exchange that turns something the login handed out into fresh
 * credentials, or, where the login used an OAuth token endpoint, the standard refresh there
 * (RFC 6749 section 6).
 */
import { isClientSecretName, isLoginEndpoint, isRefreshName } from "../http/vocabulary.ts";
import { atoms, exprsIn, mapAtoms, mapExprs } from "./expr_walk.ts";
import { type Locator, locatorCodec } from "../codec/locators.ts";
import { takeFrom } from "../codec/place.ts";
import { constant, isOfAnswer, ofExtraction } from "./expr.ts";
import type { Expr, Extraction, RefreshFlow, ResultTemplate, Step } from "./flow.ts";
import { draftStepId, type KnownValues } from "./known_values.ts";
import { memberName } from "../http/member_name.ts";
import type { Message } from "./recording.ts";
import { answerRefuses } from "./refused_attempt.ts";
import { PublicValues } from "./public_values.ts";
import { Slice } from "./slice.ts";

export interface FoundRefresh {
  readonly flow: RefreshFlow;
  /** How the login yields the first refresh token. */
  readonly refreshToken: Expr;
}

export interface RefreshSearch {
  readonly slice: Slice;
  readonly result: ResultTemplate;
  /** Names of cookies that are refresh tokens by use. */
  readonly renewal: ReadonlySet<string>;
}

/** The recorded refresh, else the inferred one, else `null`. */
export function findRefresh(search: RefreshSearch): FoundRefresh | null {
  for (const token of refreshTokens(search)) {
    const found = recordedRefresh(search, token) ?? inferredRefresh(search, token);
    if (found !== null) return found;
  }
  return null;
}

/** A value of the login's answers that may be a refresh token. */
export interface RefreshToken {
  readonly index: number;
  readonly locator: Locator;
  readonly value: string;
}

function asExtraction({ index, locator, value: recorded }: RefreshToken): Extraction {
  return { id: "refresh_token", step: draftStepId(index), locator, openers: [], recorded };
}

/** Refresh tokens of the login's answers: JSON fields by name, cookies by name or use. */
function refreshTokens({ slice, renewal }: RefreshSearch): RefreshToken[] {
  const tokens: RefreshToken[] = [];
  for (const index of slice.indexes) {
    const message = slice.recording.at(index);
    for (const { locator, name, text } of message.named("cookie", "json")) {
      const isToken = isRefreshName(name) || locator.kind === "cookie" && renewal.has(name);
      if (isToken && text.length >= 8) tokens.push({ index, locator, value: text });
    }
  }
  return tokens;
}

/** @rule off: null */
export function recordedRefresh(
  search: RefreshSearch,
  token: RefreshToken,
  accepts: (message: Message) => boolean = () => true,
): FoundRefresh | null {
  const { slice } = search;
  for (const message of slice.recording.messages) {
    if (message.index <= token.index || slice.has(message.index) || answerRefuses(message)) {
      continue;
    }
    const { pathname } = message.url;
    const mayChange = message.method !== "GET" || isRefreshName(pathname) ||
      isLoginEndpoint(pathname);
    const isHere = message.leaves.some((leaf) => holds(leaf.value, token.value));
    if (!isHere || !accepts(message) || !mayChange) continue;
    const shown = new PublicValues(slice, message.index);
    const step = refreshStep(message, token, shown);
    if (step === null) continue;
    const found = foundRefresh("recorded", search, { message, token, step, shown });
    if (found !== null) return found;
  }
  return null;
}

/** `null` when the answer lacks the credential. */
function foundRefresh(
  source: RefreshFlow["source"],
  search: RefreshSearch,
  { message, token, step, shown }: {
    readonly message: Message;
    readonly token: RefreshToken;
    readonly step: Step;
    readonly shown: PublicValues;
  },
): FoundRefresh | null {
  const result = refreshedResult(search, message, token, shown);
  if (result === null) return null;
  const place = { ...token, openers: [] };
  return {
    flow: { source, steps: shown.withPages(step, result), result },
    refreshToken: ofExtraction(shown.known.extraction(place, token.value, "refresh token")),
  };
}

function holds(text: string, token: string): boolean {
  return text === token || text.includes(token) || text === encodeURIComponent(token);
}

/**
 * The step as it can be made later, with the refresh token and public values: session cookies and
 * headers of the login are left out; a body that needs more makes the refresh impossible.
 */
function refreshStep(message: Message, token: RefreshToken, shown: PublicValues): Step | null {
  const { known, slice } = shown;
  const isToken = (atom: Expr) => known.extractionOf(atom)?.recorded === token.value;
  const rewrite = (expr: Expr) =>
    mapAtoms(expr, (atom): Expr => isToken(atom) ? { kind: "refresh-token" } : atom);
  const full = mapExprs(slice.step(message.index), rewrite);
  const step: Step = {
    ...full,
    headers: full.headers.filter(([, expr]) => shown.suffice(expr)),
    cookies: full.cookies.flatMap((cookie) => {
      if (cookie.recorded === token.value) {
        return [{ ...cookie, value: { kind: "client", expr: { kind: "refresh-token" } } }];
      }
      return cookie.value.kind === "client" && shown.suffice(cookie.value.expr) ? [cookie] : [];
    }),
    submitsCredentials: true,
  };
  const isPossible = exprsIn(step).every((expr) => shown.suffice(expr));
  return isPossible && usesToken(step) ? step : null;
}

function usesToken(step: Step): boolean {
  return exprsIn(step).flatMap(atoms).some((atom) => atom.kind === "refresh-token");
}

/** The result as the refresh's answer gives it; `null` when the answer lacks the credential. */
function refreshedResult(
  search: RefreshSearch,
  message: Message,
  token: RefreshToken,
  shown: PublicValues,
): ResultTemplate | null {
  const { result, slice: { known } } = search;
  const renewed = renewedValues(result, message, known);
  const setNames = new Set(message.setCookies.map(({ name }) => name));
  const cookieNames = (result.cookies?.names ?? []).filter((name) => setNames.has(name));
  const keeps = (expr: Expr) =>
    atoms(expr).every((atom) =>
      atom.kind !== "input" &&
      (atom.kind !== "extracted" || renewed.has(atom.extraction) || shown.has(atom))
    );
  const rewrite = (expr: Expr) =>
    mapAtoms(
      expr,
      (atom) => atom.kind === "extracted" ? renewed.get(atom.extraction) ?? atom : atom,
    );
  const kept = (list: ResultTemplate["headers"]) => list.filter(([, expr]) => keeps(expr));
  const { headers, bodyParams, queryParams, expiresIn } = result;
  const isCarried = kept([...headers, ...bodyParams, ...queryParams])
    .some(([, expr]) => isOfAnswer(expr));
  if (!isCarried && cookieNames.length === 0) return null;
  const isKept = expiresIn?.kind === "constant" ||
    expiresIn?.kind === "expr" && keeps(expiresIn.expr) ||
    expiresIn?.kind === "jwt-exp" && keeps(expiresIn.token);
  const renewedResult = mapExprs<ResultTemplate>({
    headers: kept(headers),
    cookies: cookieNames.length === 0
      ? null
      : { urls: [message.url.href], names: cookieNames, client: [] },
    bodyParams: kept(bodyParams),
    queryParams: kept(queryParams),
    computed: [],
    refreshToken: null,
    expiresIn: isKept ? expiresIn : null,
  }, rewrite);
  return { ...renewedResult, refreshToken: sameValueIn(message, asExtraction(token), known) };
}

/** What the result takes from the login's answers, and the refresh's answer holds as well; by `Extraction.id`. */
function renewedValues(
  result: ResultTemplate,
  message: Message,
  known: KnownValues,
): Map<string, Expr> {
  const renewed = new Map<string, Expr>();
  for (const atom of exprsIn(result).flatMap(atoms)) {
    const old = known.extractionOf(atom);
    if (old === undefined || renewed.has(old.id)) continue;
    const fresh = sameValueIn(message, old, known);
    if (fresh !== null) renewed.set(old.id, fresh);
  }
  return renewed;
}

/** What the extraction yields from the refresh's answer: at the same place, or under the same key. */
function sameValueIn(message: Message, old: Extraction, known: KnownValues): Expr | null {
  for (const locator of sameLocators(message, old.locator)) {
    const place = { locator, openers: old.openers };
    const value = message.answer === null ? undefined : takeFrom(place, message.answer);
    if (value === undefined || value === "") continue;
    const source = { index: message.index, ...place };
    const extraction = known.extraction(source, value, `new ${old.id}`);
    return ofExtraction(extraction);
  }
  return null;
}

function sameLocators(message: Message, locator: Locator): Locator[] {
  if (locator.kind !== "json" || message.responseBody.kind !== "json") return [locator];
  const key = canonicalKey(locatorCodec("json").name(locator));
  const alike = message.named("json").filter(({ name }) => canonicalKey(name) === key);
  return [locator, ...alike.map((place) => place.locator)];
}

/**
 * `idToken` and `id_token` are one key; services spell the two answers differently.
 * @rule off: key
 */
function canonicalKey(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9]/g, "").toLowerCase();
}

/** @rule off: null */
function inferredRefresh(search: RefreshSearch, token: RefreshToken): FoundRefresh | null {
  const { slice } = search;
  if (token.locator.kind !== "json" || memberName(token.locator.path) !== "refresh_token") {
    return null;
  }
  const message = slice.recording.at(token.index);
  const login = slice.step(token.index);
  const body = login.body;
  if (body?.kind !== "form" || !body.fields.some(([name]) => name === "grant_type")) return null;
  const shown = new PublicValues(slice, token.index);
  const fields: (readonly [string, Expr])[] = [
    ["grant_type", constant("refresh_token")],
    ["refresh_token", { kind: "refresh-token" }],
    ...body.fields.filter(([name, expr]) => isSameForRefresh(name) && shown.suffice(expr)),
  ];
  if (login.url.kind !== "parts") return null;
  const step: Step = {
    ...login,
    headers: login.headers.filter(([, expr]) => shown.suffice(expr)),
    cookies: [],
    body: { kind: "form", fields },
    extractions: [],
    submitsCredentials: true,
  };
  return foundRefresh("inferred", search, { message, token, step, shown });
}

/** What names the client (RFC 6749 section 2.3.1) and what the token is for (RFC 8707 section 2.2) stays. */
function isSameForRefresh(field: string): boolean {
  return isClientSecretName(field) || /^(audience|resource)$/.test(field);
}
