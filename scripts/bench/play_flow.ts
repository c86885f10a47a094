/** Plays a login flow against a replayed site without a script: what the flow says is sent, exactly. */
import type { JsonValue } from "../../lib/base/json.ts";
import { evaluateExpr, type ExprEnv, runExtraction } from "../../lib/correlate/evaluate.ts";
import type {
  BodyTemplate,
  Expr,
  Generated,
  JsonTemplate,
  LoginFlow,
  ResultTemplate,
  Step,
} from "../../lib/correlate/flow.ts";
import { CookieJar } from "../../lib/http/cookie_jar.ts";
import { parseSetCookie } from "../../lib/http/cookies.ts";
import type { HttpRequest, HttpResponse } from "../../lib/http/exchange.ts";
import { jwtExpiresAtSec } from "../../lib/http/jwt.ts";
import type { AuthResult } from "../../lib/script/contract.ts";

export type Respond = (request: HttpRequest) => HttpResponse;

/** Runs the steps in order and evaluates the result. Throws when a value is missing. */
export function playFlow(
  flow: LoginFlow,
  inputs: ReadonlyMap<string, string>,
  respond: Respond,
  momentMs = Date.now(),
  made: ReadonlyMap<string, string> = madeValues(flow.generated, momentMs),
): AuthResult {
  const values = new Map([...inputs, ...made]);
  const env = { values, refreshToken: null };
  const jar = new CookieJar();
  for (const step of flow.steps) {
    const request = requestOf(step, env, jar);
    const response = respond(request);
    jar.keep(response.headers, new URL(request.url), Date.now());
    for (const extraction of step.extractions) {
      const value = runExtraction(extraction, response, request.url);
      if (value !== undefined) values.set(extraction.id, value);
    }
  }
  return resultOf(flow.result, env, jar, momentMs);
}

function requestOf(step: Step, env: ExprEnv, jar: CookieJar): HttpRequest {
  const url = urlOf(step, env);
  for (const cookie of step.cookies) {
    if (cookie.value.kind === "client") {
      setClientCookie(jar, cookie.name, evaluateExpr(cookie.value.expr, env), url);
    }
  }
  const headers = step.headers.map(([name, expr]) =>
    [name, evaluateExpr(expr, env)] as [string, string]
  );
  const cookies = jar.header(new URL(url), Date.now());
  if (cookies !== "") headers.push(["cookie", cookies]);
  const body = step.body === null ? null : bodyOf(step.body, env);
  if (body !== null) headers.push(["content-type", body.type]);
  return {
    method: step.method,
    url,
    headers,
    body: body === null ? null : new TextEncoder().encode(body.text),
  };
}

function setClientCookie(jar: CookieJar, name: string, value: string, url: string): void {
  jar.store(parseSetCookie(`${name}=${value}; Path=/`)!, new URL(url), Date.now());
}

function urlOf(step: Step, env: ExprEnv): string {
  if (step.url.kind === "whole") return evaluateExpr(step.url.expr, env).replace(/#.*$/, "");
  const path = step.url.segments.map((expr) => encodeURIComponent(evaluateExpr(expr, env)));
  const query = new URLSearchParams(
    step.url.query.map(([name, expr]) => [name, evaluateExpr(expr, env)]),
  );
  return `${step.url.origin}/${path.join("/")}${query.size === 0 ? "" : `?${query}`}`;
}

const BOUNDARY = "----boundary7MA4YWxk";

function bodyOf(body: BodyTemplate, env: ExprEnv): { type: string; text: string } {
  const evaluated = (fields: readonly (readonly [string, Expr])[]) =>
    fields.map(([name, expr]) => [name, evaluateExpr(expr, env)] as [string, string]);
  switch (body.kind) {
    case "form":
      return {
        type: "application/x-www-form-urlencoded",
        text: new URLSearchParams(evaluated(body.fields)).toString(),
      };
    case "multipart": {
      const parts = evaluated(body.fields).map(([name, value]) =>
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
      );
      return {
        type: `multipart/form-data; boundary=${BOUNDARY}`,
        text: `${parts.join("")}--${BOUNDARY}--\r\n`,
      };
    }
    case "json":
      return { type: body.contentType, text: JSON.stringify(jsonOf(body.value, env)) };
    case "text":
      return { type: body.contentType, text: evaluateExpr(body.value, env) };
  }
}

function jsonOf(template: JsonTemplate, env: ExprEnv): JsonValue {
  switch (template.kind) {
    case "literal":
      return template.value;
    case "expr": {
      const text = evaluateExpr(template.expr, env);
      return template.as === "string" ? text : JSON.parse(text) as JsonValue;
    }
    case "object":
      return Object.fromEntries(
        template.entries.map(([name, item]) => [name, jsonOf(item, env)]),
      );
    case "array":
      return template.items.map((item) => jsonOf(item, env));
  }
}

function resultOf(
  template: ResultTemplate,
  env: ExprEnv,
  jar: CookieJar,
  nowMs: number,
): AuthResult {
  const evaluated = (list: readonly (readonly [string, Expr])[]) =>
    Object.fromEntries(list.map(([name, expr]) => [name, evaluateExpr(expr, env)]));
  const headers = evaluated(template.headers);
  if (template.cookies !== null) {
    for (const [name, expr] of template.cookies.client) {
      setClientCookie(jar, name, evaluateExpr(expr, env), template.cookies.urls[0]!);
    }
    headers.Cookie = template.cookies.urls.map((url) => jar.header(new URL(url), Date.now())).join(
      "; ",
    );
  }
  return {
    headers,
    body_params: evaluated(template.bodyParams),
    query_params: evaluated(template.queryParams),
    computed: template.computed.map(({ kind, username, password }) => ({
      kind,
      username: evaluateExpr(username, env),
      password: evaluateExpr(password, env),
    })),
    ...(template.refreshToken === null
      ? {}
      : { refresh_token: evaluateExpr(template.refreshToken, env) }),
    ...expiresIn(template.expiresIn, env, nowMs),
  };
}

function expiresIn(
  template: ResultTemplate["expiresIn"],
  env: ExprEnv,
  nowMs: number,
): { expires_in?: number } {
  switch (template?.kind) {
    case "constant":
      return { expires_in: template.seconds };
    case "expr":
      return { expires_in: Number(evaluateExpr(template.expr, env)) };
    case "jwt-exp": {
      const expiresAtSec = jwtExpiresAtSec(evaluateExpr(template.token, env)) ?? 0;
      return { expires_in: expiresAtSec - nowMs / 1000 };
    }
    default:
      return {};
  }
}

/** What the client makes up, by `Generated.id`. */
export function madeValues(generated: readonly Generated[], nowMs: number): Map<string, string> {
  return new Map(generated.map((one) => [one.id, generate(one, nowMs)]));
}

function generate({ shape }: Generated, nowMs: number): string {
  switch (shape.kind) {
    case "uuid":
      return crypto.randomUUID();
    case "timestamp":
      if (shape.unit === "iso") return new Date(nowMs).toISOString();
      return String(shape.unit === "ms" ? nowMs : Math.floor(nowMs / 1000));
    case "pkce-verifier":
      return randomText(
        shape.length,
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789-._~",
      );
    case "random-bytes":
      return crypto.getRandomValues(new Uint8Array(shape.length)).toBase64();
    case "random":
      return randomText(shape.length, shape.alphabet);
  }
}

function randomText(length: number, alphabet: string): string {
  return Array.from(
    crypto.getRandomValues(new Uint32Array(length)),
    (number) => alphabet[number % alphabet.length],
  ).join("");
}
