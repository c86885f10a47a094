/** Whether what a script returned is what the recorded API requests carried, with fresh values. */
import type { JsonValue } from "../base/json.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import { parseUrl } from "../http/url.ts";
import type { AuthResult } from "../script/contract.ts";
import type { Expr, ResultTemplate } from "../correlate/flow.ts";
import type { Finding, ServerMemory } from "./judge_request.ts";
import { captured, type Expectations, matchExpr, Observations, tryEvaluate } from "./match_expr.ts";

/** `expires_in` may differ from the expected lifetime by this share, or by the seconds below. */
const LIFETIME_TOLERANCE = 0.2;
const MIN_LIFETIME_TOLERANCE_SEC = 10;

export interface ResultJudgement {
  readonly template: ResultTemplate;
  readonly expectations: Expectations;
  readonly memory: ServerMemory;
  /** False for a script without `refresh_token()`: it need not hand out a refresh token. */
  readonly wantsRefreshToken: boolean;
}

export function judgeResult(result: AuthResult, judgement: ResultJudgement): Finding[] {
  const judge = new ResultJudge(judgement);
  judge.headers(result.headers);
  judge.values("body parameter", judgement.template.bodyParams, result.body_params ?? {});
  judge.values("query parameter", judgement.template.queryParams, result.query_params ?? {});
  judge.computed(result.computed ?? []);
  judge.refreshToken(result.refresh_token);
  judge.expiresIn(result.expires_in);
  return judge.findings;
}

class ResultJudge {
  readonly findings: Finding[] = [];
  readonly #judgement: ResultJudgement;
  readonly #observations = new Observations();

  constructor(judgement: ResultJudgement) {
    this.#judgement = judgement;
  }

  headers(headers: AuthResult["headers"]): void {
    const { template } = this.#judgement;
    const given = new Map(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { name, value }]),
    );
    for (const [name, expr] of template.headers) {
      const key = name.toLowerCase();
      const where = `result header "${name}"`;
      const value = given.get(key)?.value;
      if (value === undefined) this.#find(where, "is missing");
      else if (key === "cookie") this.#cookieText(expr, value);
      else this.#match(where, expr, value);
      if (key !== "cookie") given.delete(key);
    }
    this.#cookies(given.get("cookie")?.value ?? "");
    given.delete("cookie");
    for (const { name, value } of given.values()) this.#extra(`result header "${name}"`, value);
  }

  values(
    what: string,
    templates: readonly (readonly [string, Expr])[],
    given: Readonly<Record<string, JsonValue>>,
  ): void {
    for (const [name, expr] of templates) {
      const where = `result ${what} "${name}"`;
      const value = given[name];
      if (value === undefined || value === null) this.#find(where, "is missing");
      else if (typeof value === "object") this.#find(where, "is no text");
      else this.#match(where, expr, String(value));
    }
    const names = new Set(templates.map(([name]) => name));
    for (const [name, value] of Object.entries(given)) {
      if (!names.has(name)) this.#extra(`result ${what} "${name}"`, JSON.stringify(value));
    }
  }

  computed(given: NonNullable<AuthResult["computed"]>): void {
    this.#judgement.template.computed.forEach((template, index) => {
      const found = given[index];
      if (found?.kind !== template.kind) {
        return this.#find("result computed credential", "is missing");
      }
      this.#match("result computed user name", template.username, found.username);
      this.#match("result computed password", template.password, found.password);
    });
    if (given.length > this.#judgement.template.computed.length) {
      this.#find("result computed credential", "is given and the recording has none");
    }
  }

  refreshToken(given: string | undefined): void {
    const { template, wantsRefreshToken, expectations } = this.#judgement;
    const where = "result refresh_token";
    if (template.refreshToken !== null) {
      if (given !== undefined) this.#match(where, template.refreshToken, given);
      else if (wantsRefreshToken) this.#find(where, "is missing");
    } else if (given !== undefined && given !== expectations.env.refreshToken) {
      this.#extra(where, given);
    }
  }

  expiresIn(given: number | undefined): void {
    if (given === undefined) return;
    const where = "result expires_in";
    if (!(given > 0)) return this.#find(where, "is no positive number of seconds");
    const expected = this.#expectedLifetimeSec();
    if (expected === null) return;
    const tolerance = Math.max(MIN_LIFETIME_TOLERANCE_SEC, expected * LIFETIME_TOLERANCE);
    if (Math.abs(given - expected) > tolerance) {
      this.#find(where, "is far from the lifetime in the recording");
    }
  }

  #expectedLifetimeSec(): number | null {
    const { template: { expiresIn }, expectations } = this.#judgement;
    if (expiresIn === null) return null;
    if (expiresIn.kind === "constant") return expiresIn.seconds;
    const expr = expiresIn.kind === "expr" ? expiresIn.expr : expiresIn.token;
    const result = tryEvaluate(expr, expectations.env);
    if (!("value" in result)) return null;
    if (expiresIn.kind === "expr") return Number(result.value);
    const expiresAtSec = jwtExpiresAtSec(result.value);
    return expiresAtSec === undefined ? null : expiresAtSec - expectations.nowMs / 1000;
  }

  /** A `Cookie` header the flow computes whole: each of its cookies must be there. */
  #cookieText(expr: Expr, given: string): void {
    const expected = tryEvaluate(expr, this.#judgement.expectations.env);
    if (!("value" in expected)) return this.#match('result header "Cookie"', expr, given);
    const pairs = new Map(parseCookieHeader(given));
    for (const [name, value] of parseCookieHeader(expected.value)) {
      const observed = pairs.get(name);
      if (observed === value) continue;
      this.#find(`result cookie "${name}"`, observed === undefined ? "is missing" : "is another");
    }
  }

  #cookies(given: string): void {
    const { template, memory } = this.#judgement;
    const urls = (template.cookies?.urls ?? []).map((url) => parseUrl(memory.fresh.rename(url)))
      .filter((url) => url !== null);
    const client = new Map(
      (template.cookies?.client ?? []).map(([name, expr]) => [memory.fresh.rename(name), expr]),
    );
    const pairs = parseCookieHeader(given);
    const names = (template.cookies?.names ?? []).map((name) => memory.fresh.rename(name));
    for (const name of names) {
      const where = `result cookie "${name}"`;
      const values = pairs.filter(([candidate]) => candidate === name).map(([, value]) => value);
      const expr = client.get(name);
      if (values.length === 0) this.#find(where, "is missing");
      else if (expr !== undefined) this.#match(where, expr, values[0]!);
      else this.#jarCookie(where, values, urls.flatMap((url) => memory.cookies.values(name, url)));
    }
    for (const [name, value] of pairs) {
      const isCurrent = urls.some((url) => memory.cookies.values(name, url).includes(value));
      if (!names.includes(name) && !isCurrent) this.#extra(`result cookie "${name}"`, value);
    }
  }

  #jarCookie(where: string, given: readonly string[], current: readonly string[]): void {
    if (given.some((value) => current.includes(value))) return;
    const stale = given.map((value) => this.#judgement.memory.fresh.staleIn(value))
      .find((value) => value !== undefined);
    this.#find(
      where,
      stale === undefined ? "is not the value the last answer has set" : captured("the cookie"),
    );
  }

  /** What the flow does not ask for does no harm unless it is a value of the recording. */
  #extra(where: string, value: string): void {
    const stale = this.#judgement.memory.fresh.staleIn(value);
    if (stale !== undefined) this.#find(where, captured(stale.name));
  }

  #match(where: string, expr: Expr, observed: string): void {
    const { expectations } = this.#judgement;
    const problem = matchExpr(expr, observed, where, expectations, this.#observations);
    if (problem !== null) this.#find(where, problem);
  }

  #find(where: string, problem: string): void {
    this.findings.push({ where, problem });
  }
}
