/** The result of a flow as code. */
import type { Expr, ResultTemplate, Step } from "../correlate/flow.ts";
import { key, quote, type Uses } from "../codec/code.ts";
import { exprCode } from "./expr_code.ts";
import { namesIn } from "../correlate/expr_walk.ts";

/**
 * Extractions that serve the lifetime or the refresh alone: an answer without them is still a login,
 * and a refresh that hands out no new refresh token leaves the old one in force (RFC 6749 section 6).
 */
export function optionalExtractions(
  steps: readonly Step[],
  result: ResultTemplate,
): ReadonlySet<string> {
  const { refreshToken, expiresIn, ...needed } = result;
  return namesIn([refreshToken, expiresIn]).difference(namesIn([steps, needed]));
}

/** @param isBound where `proof_key` is the key of what it yields */
export function resultCode(
  result: ResultTemplate,
  optional: ReadonlySet<string>,
  uses: Uses,
  isBound = false,
): string[] {
  const lines: string[] = [];
  const cookies = result.cookies;
  const urls = cookies?.addresses?.map((address) => exprCode(address, uses)) ??
    cookies?.urls.map(quote) ?? [];
  for (const [name, expr] of cookies?.client ?? []) {
    const value = exprCode(expr, uses);
    lines.push(`session.set_cookie(${urls[0] ?? quote("")}, ${quote(name)}, ${value});`);
  }
  lines.push("return {", "  headers: {");
  for (const [name, expr] of result.headers) {
    lines.push(`    ${key(name)}: ${exprCode(expr, uses)},`);
  }
  if (cookies !== null) lines.push(`    Cookie: ${cookieCode(urls, uses)},`);
  lines.push("  },");
  lines.push(...paramsCode("body_params", result.bodyParams, uses));
  lines.push(...paramsCode("query_params", result.queryParams, uses));
  if (isBound) lines.push(`  computed: [{ kind: "dpop", key: proof_key }],`);
  for (const { kind, username, password } of result.computed) {
    lines.push(
      `  computed: [{ kind: ${quote(kind)}, username: ${exprCode(username, uses)}, password: ${
        exprCode(password, uses)
      } }],`,
    );
  }
  if (result.refreshToken !== null) {
    const value = exprCode(result.refreshToken, uses);
    lines.push(member("refresh_token", value, result.refreshToken, value, optional));
  }
  const expires = expiresCode(result.expiresIn, uses);
  if (expires !== null && result.expiresIn !== null) {
    const expr = result.expiresIn.kind === "expr" ? result.expiresIn.expr : null;
    lines.push(member("expires_in", expires, expr, expr ? exprCode(expr, uses) : "", optional));
  }
  return [...lines, "};"];
}

/** A member of the result, left out when the answer lacks what it is made of. */
function member(
  name: string,
  code: string,
  expr: Expr | null,
  value: string,
  optional: ReadonlySet<string>,
): string {
  return expr?.kind === "extracted" && optional.has(expr.extraction)
    ? `  ...(${value} ? { ${name}: ${code} } : {}),`
    : `  ${name}: ${code},`;
}

function cookieCode(urls: readonly string[], uses: Uses): string {
  if (urls.length === 1) return `session.cookie_header(${urls[0]!})`;
  return uses.call("cookies_for", "session", `[${urls.join(", ")}]`);
}

function paramsCode(
  name: string,
  params: readonly (readonly [string, Expr])[],
  uses: Uses,
): string[] {
  if (params.length === 0) return [];
  return [
    `  ${name}: {`,
    ...params.map(([path, expr]) => `    ${key(path)}: ${exprCode(expr, uses)},`),
    "  },",
  ];
}

function expiresCode(expires: ResultTemplate["expiresIn"], uses: Uses): string | null {
  switch (expires?.kind) {
    case "expr":
      return `Number(${exprCode(expires.expr, uses)})`;
    case "jwt-exp":
      return uses.call("seconds_left", exprCode(expires.token, uses));
    case "constant":
      return String(expires.seconds);
    default:
      return null;
  }
}
