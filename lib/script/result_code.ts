/** The result of a flow as code. */
import type { Expr, ResultTemplate, Step } from "../correlate/flow.ts";
import { quote, type Uses } from "../codec/code.ts";
import { exprCode, memberLines } from "./expr_code.ts";
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
  isBound: boolean,
): string[] {
  const { cookies, computed, refreshToken, expiresIn } = result;
  const code = (expr: Expr) => exprCode(expr, uses);
  const urls = cookies?.addresses?.map(code) ?? cookies?.urls.map(quote) ?? [];
  const put = (cookies?.client ?? []).map(([name, expr]) =>
    `session.set_cookie(${urls[0] ?? quote("")}, ${quote(name)}, ${code(expr)});`
  );
  /** Left out when the answer lacks what it is made of. */
  const member = (name: string, value: string, expr: Expr | null) =>
    expr?.kind === "extracted" && optional.has(expr.extraction)
      ? `  ...(${code(expr)} ? { ${name}: ${value} } : {}),`
      : `  ${name}: ${value},`;
  return [
    ...put,
    "return {",
    "  headers: {",
    ...memberLines(result.headers, uses),
    ...cookies === null ? [] : [`    Cookie: ${cookieCode(urls, uses)},`],
    "  },",
    ...paramsCode("body_params", result.bodyParams, uses),
    ...paramsCode("query_params", result.queryParams, uses),
    ...isBound ? [`  computed: [{ kind: "dpop", key: proof_key }],`] : [],
    ...computed.map(({ kind, username, password }) => {
      const pair = `username: ${code(username)}, password: ${code(password)}`;
      return `  computed: [{ kind: ${quote(kind)}, ${pair} }],`;
    }),
    ...refreshToken === null ? [] : [member("refresh_token", code(refreshToken), refreshToken)],
    ...expiresIn === null ? [] : [
      member(
        "expires_in",
        expiresCode(expiresIn, uses),
        expiresIn.kind === "expr" ? expiresIn.expr : null,
      ),
    ],
    "};",
  ];
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
  return params.length === 0 ? [] : [`  ${name}: {`, ...memberLines(params, uses), "  },"];
}

function expiresCode(expires: NonNullable<ResultTemplate["expiresIn"]>, uses: Uses): string {
  switch (expires.kind) {
    case "expr":
      return `Number(${exprCode(expires.expr, uses)})`;
    case "jwt-exp":
      return uses.call("seconds_left", exprCode(expires.token, uses));
    case "constant":
      return String(expires.seconds);
  }
}
