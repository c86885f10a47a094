/** Whether a request of the script is the one a step of the flow asks for. */
import { parseJson } from "../base/json.ts";
import { bodyText, parseBody } from "../http/body.ts";
import { requestCookies } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { formPairs, parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import type { BodyTemplate, Expr, Step, StepCookie, UrlTemplate } from "../correlate/flow.ts";
import type { CookieJar } from "../http/cookie_jar.ts";
import type { FreshValues } from "./fresh_values.ts";
import { judgeJson } from "./judge_json.ts";
import {
  captured,
  describeExpr,
  type Expectations,
  matchExpr,
  Observations,
  tryEvaluate,
} from "./match_expr.ts";

/** Something that is wrong with a request or a result. Holds no value. */
export interface Finding {
  readonly where: string;
  readonly problem: string;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly observations: Observations;
}

/** What the server has handed out and what it would recognise. */
export interface ServerMemory {
  readonly cookies: CookieJar;
  readonly fresh: FreshValues;
}

/** Headers every client sends, or that are judged elsewhere. */
const CLIENT_HEADER =
  /^(accept|accept-encoding|accept-language|connection|content-length|content-type|cookie|host|user-agent)$/i;

/** No finding means: the server would accept the request as this step. */
export function judgeRequest(
  step: Step,
  request: HttpRequest,
  expectations: Expectations,
  memory: ServerMemory,
): Judgement {
  const judge = new RequestJudge(request, expectations, memory);
  judge.method(step);
  judge.url(step.url);
  judge.headers(step.headers);
  judge.cookies(step);
  judge.body(step.body);
  return judge;
}

/** Recorded values in a request that no step asks for. */
export function staleInRequest(request: HttpRequest, memory: ServerMemory): Finding[] {
  const findings: Finding[] = [];
  const look = (where: string, text: string) => {
    const stale = memory.fresh.staleIn(text);
    if (stale !== undefined) findings.push({ where, problem: captured(stale.name) });
  };
  look("URL", request.url);
  for (const [name, value] of request.headers) {
    if (!/^cookie$/i.test(name)) look(`header "${name}"`, value);
  }
  findings.push(...staleCookies(request, memory, new Set()));
  if (request.body !== null) look("body", bodyText(request.headers, request.body));
  return findings;
}

class RequestJudge implements Judgement {
  readonly findings: Finding[] = [];
  readonly observations = new Observations();
  readonly #request: HttpRequest;
  readonly #expectations: Expectations;
  readonly #memory: ServerMemory;

  constructor(request: HttpRequest, expectations: Expectations, memory: ServerMemory) {
    this.#request = request;
    this.#expectations = expectations;
    this.#memory = memory;
  }

  method(step: Step): void {
    if (this.#request.method !== step.method) {
      this.#find("method", `is ${this.#request.method}, not ${step.method}`);
    }
  }

  url(template: UrlTemplate): void {
    const url = new URL(this.#request.url);
    if (template.kind === "whole") return this.#wholeUrl(template.expr, url);
    if (url.origin !== template.origin) this.#find("URL", "goes to another origin");
    const segments = pathSegments(url);
    if (segments.length !== template.segments.length) {
      this.#find("URL", "has another path");
    } else {
      template.segments.forEach((expr, index) =>
        this.#match(`path segment ${index + 1}`, expr, segments[index]!)
      );
    }
    this.#pairs("query parameter", template.query, queryPairs(url));
  }

  headers(templates: Step["headers"]): void {
    for (const [name, expr] of templates) {
      if (isBrowserName(name, expr)) continue;
      const observed = headerValue(this.#request.headers, name);
      const where = `header "${name}"`;
      if (observed === undefined) this.#find(where, "is missing");
      else if (name.toLowerCase() === "content-type") this.#contentType(expr, observed);
      else this.#match(where, expr, utf8Header(observed));
    }
    const listed = new Set(templates.map(([name]) => name.toLowerCase()));
    for (const [name, value] of this.#request.headers) {
      if (listed.has(name.toLowerCase()) || CLIENT_HEADER.test(name)) continue;
      const stale = this.#memory.fresh.staleIn(value);
      if (stale !== undefined) this.#find(`header "${name}"`, captured(stale.name));
    }
  }

  cookies(step: Step): void {
    const observed = requestCookies(this.#request.headers);
    const expected = step.cookies.map((cookie) => ({
      ...cookie,
      name: this.#memory.fresh.rename(cookie.name),
    }));
    for (const cookie of expected) {
      const where = `cookie "${cookie.name}"`;
      const values = observed.filter(([name]) => name === cookie.name).map(([, value]) => value);
      const [first] = values;
      if (first === undefined) this.#find(where, "is missing");
      else if (cookie.value.kind === "client") this.#match(where, cookie.value.expr, first);
      else this.#jarCookie(where, cookie, values);
    }
    const listed = new Set(expected.map((cookie) => cookie.name));
    this.findings.push(...staleCookies(this.#request, this.#memory, listed));
  }

  body(template: BodyTemplate | null): void {
    const body = this.#request.body ?? new Uint8Array();
    if (template === null) {
      if (body.length > 0) this.#find("body", "is sent where the recorded request has none");
      return;
    }
    if (body.length === 0) return this.#find("body", "is missing");
    const text = bodyText(this.#request.headers, body);
    switch (template.kind) {
      case "form":
        this.#bodyType("application/x-www-form-urlencoded");
        return this.#pairs("body field", template.fields, formPairs(text));
      case "multipart":
        return this.#multipart(template.fields, body);
      case "json":
        return this.#json(template, text);
      case "text":
        this.#bodyType(template.contentType);
        return this.#match("body", template.value, text);
    }
  }

  /** URLs are compared by what they mean: the order of parameters and their encoding may differ. */
  #wholeUrl(expr: Expr, url: URL): void {
    const expected = tryEvaluate(expr, this.#expectations.env);
    const parsed = "value" in expected ? parseUrl(expected.value) : null;
    if (parsed === null) return this.#match("URL", expr, url.href);
    if (isSamePlace(url, parsed)) return;
    const stale = this.#memory.fresh.staleIn(url.href);
    const name = describeExpr(expr);
    if (url.origin !== parsed.origin) this.#find("URL", "goes to another origin");
    else this.#find("URL", stale === undefined ? `is not ${name}` : captured(name));
  }

  /** Of several cookies of one name, bound to several paths, one must be the current one. */
  #jarCookie(where: string, cookie: StepCookie, observed: readonly string[]): void {
    const current = this.#memory.cookies.values(cookie.name, new URL(this.#request.url));
    if (observed.some((value) => current.includes(value) || current.includes(`"${value}"`))) return;
    if (observed.includes(cookie.recorded)) this.#find(where, captured(`cookie ${cookie.name}`));
    else if (current.length === 0) this.#find(where, "is sent before an answer has set it");
    else this.#find(where, "is not the value that the last answer has set");
  }

  #contentType(expr: Expr, observed: string): void {
    const expected = tryEvaluate(expr, this.#expectations.env);
    const isSame = "value" in expected &&
      mediaType([["content-type", expected.value]]) === mediaType([["content-type", observed]]);
    if (!isSame) this.#find('header "Content-Type"', "is not the recorded one");
  }

  #bodyType(contentType: string): void {
    const expected = mediaType([["content-type", contentType]]);
    const observed = mediaType(this.#request.headers);
    if (expected !== "" && observed !== expected) {
      this.#find('header "Content-Type"', `is ${observed || "missing"}, not ${expected}`);
    }
  }

  #multipart(fields: readonly (readonly [string, Expr])[], body: Uint8Array): void {
    this.#bodyType("multipart/form-data");
    const parsed = parseBody(this.#request.headers, body);
    if (parsed.kind !== "multipart") return this.#find("body", "is no multipart form");
    this.#pairs("body field", fields, parsed.parts.map(({ name, value }) => [name, value]));
  }

  #json(template: BodyTemplate & { kind: "json" }, text: string): void {
    this.#bodyType(template.contentType);
    const value = parseJson(text);
    if (value === undefined) return this.#find("body", "is no JSON");
    judgeJson(template.value, value, "", {
      match: (path, expr, observed) => this.#match(`body field "${path}"`, expr, observed),
      find: (path, problem) => this.#find(path === "" ? "body" : `body field "${path}"`, problem),
    });
  }

  /** Names and values as a multiset; the values of one name in their order. */
  #pairs(
    what: string,
    templates: readonly (readonly [string, Expr])[],
    observed: readonly (readonly [string, string])[],
  ): void {
    const left = [...observed];
    for (const [name, expr] of templates) {
      const at = left.findIndex(([candidate]) => candidate === name);
      const [found] = at === -1 ? [] : left.splice(at, 1);
      if (found === undefined) this.#find(`${what} "${name}"`, "is missing");
      else this.#match(`${what} "${name}"`, expr, found[1]);
    }
    for (const [name] of left) {
      this.#find(`${what} "${name}"`, "is sent and the recorded request has none");
    }
  }

  #match(where: string, expr: Expr, observed: string): void {
    const problem = matchExpr(expr, observed, where, this.#expectations, this.observations);
    if (problem !== null) this.#find(where, problem);
  }

  #find(where: string, problem: string): void {
    this.findings.push({ where, problem });
  }
}

function isSamePlace(a: URL, b: URL): boolean {
  const query = (url: URL) => queryPairs(url).map((pair) => JSON.stringify(pair)).sort().join();
  return a.origin === b.origin && query(a) === query(b) &&
    pathSegments(a).join("/") === pathSegments(b).join("/");
}

/** Cookies nobody asked for: those of the jar are in order, those of the recording are not. */
function staleCookies(
  request: HttpRequest,
  memory: ServerMemory,
  listed: ReadonlySet<string>,
): Finding[] {
  const url = new URL(request.url);
  return requestCookies(request.headers).flatMap(([name, value]) => {
    if (listed.has(name) || memory.cookies.values(name, url).includes(value)) return [];
    const stale = memory.fresh.staleIn(value);
    return stale === undefined
      ? []
      : [{ where: `cookie "${name}"`, problem: captured(stale.name) }];
  });
}

/** Any browser may log in: which one was recorded is no part of what a script must send. */
function isBrowserName(name: string, expr: Expr): boolean {
  return name.toLowerCase() === "user-agent" && expr.kind === "constant" &&
    /^Mozilla\//.test(expr.value);
}

/** Header bytes arrive as Latin-1; clients that send UTF-8 mean UTF-8. */
function utf8Header(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}
