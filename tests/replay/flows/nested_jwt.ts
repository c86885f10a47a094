/** JSON login; a JWT inside JSON inside base64 inside a URL-encoded cookie; a short user id in a header. */
import {
  type Case,
  concat,
  constant,
  extraction,
  input,
  PASSWORD,
  RECORDED_AT_MS,
  result,
  step,
  taken,
  trace,
  USERNAME,
} from "./recording.ts";

const ORIGIN = "https://board.example";

function base64Url(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
}

const issuedAtSec = Math.floor(RECORDED_AT_MS / 1000);
export const RECORDED_JWT = [
  base64Url({ alg: "HS256", typ: "JWT" }),
  base64Url({
    iss: ORIGIN,
    sub: "u-4711-ab",
    name: "Alice B",
    preferred_username: "alice.b",
    iat: issuedAtSec,
    exp: issuedAtSec + 900,
  }),
  "m5Q0vTq3yYp8Wc1dR7kLzA",
].join(".");

const COOKIE = encodeURIComponent(
  btoa(JSON.stringify({ uid: 42, token: RECORDED_JWT, csrf: "q9x" })),
);

export const nestedJwt: Case = {
  traces: [
    trace("t_0001", {
      method: "POST",
      url: `${ORIGIN}/api/login`,
      headers: [["Content-Type", "application/json"]],
      body: JSON.stringify({
        user: "alice.b",
        password: "Hunter2!blue",
        remember: true,
        captcha: null,
      }),
    }, {
      headers: [
        ["Content-Type", "application/json"],
        ["Set-Cookie", `auth=${COOKIE}; Path=/`],
      ],
      body: '{"ok":true,"user":{"id":42,"login":"alice.b","unread":42}}',
    }),
    trace("t_0002", {
      url: `${ORIGIN}/api/users/42/rights`,
      headers: [
        ["Authorization", `Bearer ${RECORDED_JWT}`],
        ["X-Csrf", "q9x"],
        ["Cookie", `auth=${COOKIE}`],
      ],
    }, {
      headers: [["Content-Type", "application/json"]],
      body: ')]}\',\n{"scope_key":"K-55-xyz"}',
    }),
    trace("t_0003", {
      method: "POST",
      url: `${ORIGIN}/api/boards?csrf=q9x`,
      headers: [
        ["Authorization", `Bearer ${RECORDED_JWT}`],
        ["X-Scope", "K-55-xyz"],
        ["Content-Type", "application/json"],
      ],
      body: '{"params":{"user":42}}',
    }, { headers: [["Content-Type", "application/json"]], body: "[]" }),
  ],
  flow: {
    inputs: [USERNAME, PASSWORD],
    generated: [],
    steps: [
      step("s1", `${ORIGIN}/api/login`, {
        method: "POST",
        body: {
          kind: "json",
          contentType: "application/json",
          value: {
            kind: "object",
            entries: [
              ["user", { kind: "expr", expr: input("username"), as: "string" }],
              ["password", { kind: "expr", expr: input("password"), as: "string" }],
              ["remember", { kind: "literal", value: true }],
              ["captcha", { kind: "literal", value: null }],
            ],
          },
        },
        submitsCredentials: true,
        extractions: [
          extraction("jwt", "s1", { kind: "cookie", name: "auth" }, RECORDED_JWT, [
            { kind: "url-decode" },
            { kind: "base64-decode" },
            { kind: "json", path: ["token"] },
          ]),
          extraction("csrf", "s1", { kind: "cookie", name: "auth" }, "q9x", [
            { kind: "url-decode" },
            { kind: "base64-decode" },
            { kind: "json", path: ["csrf"] },
          ]),
          extraction("user_id", "s1", { kind: "json", path: ["user", "id"] }, "42"),
        ],
      }),
      step("s2", ORIGIN, {
        url: {
          kind: "parts",
          origin: ORIGIN,
          segments: [constant("api"), constant("users"), taken("user_id"), constant("rights")],
          query: [],
        },
        headers: [
          ["Authorization", concat(constant("Bearer "), taken("jwt"))],
          ["X-Csrf", taken("csrf")],
        ],
        cookies: [{ name: "auth", value: { kind: "jar" }, recorded: COOKIE }],
        extractions: [
          extraction("scope_key", "s2", { kind: "json", path: ["scope_key"] }, "K-55-xyz"),
        ],
      }),
    ],
    result: result({
      headers: [
        ["Authorization", concat(constant("Bearer "), taken("jwt"))],
        ["X-Scope", taken("scope_key")],
      ],
      bodyParams: [["params.user", taken("user_id")]],
      queryParams: [["csrf", taken("csrf")]],
      expiresIn: { kind: "jwt-exp", token: taken("jwt") },
    }),
    refresh: null,
    hosts: ["board.example:443"],
    apiOrigins: [ORIGIN],
    probe: null,
  },
  script: `
export async function acquire_token() {
  const user = await prompt_text("Your name here");
  const password = await prompt_secret("Your password");
  const session = cookie_session();
  const login = await session("https://board.example/api/login", {
    method: "POST",
    headers: { "Content-Type": "application/json; charset=utf-8" },
    body: JSON.stringify({ user, password, remember: true }),
  });
  const id = (await login.json()).user.id;
  const cookie = session.cookie("https://board.example/", "auth")!;
  const bag = JSON.parse(atob(decodeURIComponent(cookie)));
  const rights = await session("https://board.example/api/users/" + id + "/rights", {
    headers: { "Authorization": "Bearer " + bag.token, "X-Csrf": bag.csrf },
  });
  const key = JSON.parse((await rights.text()).split("\\n")[1]!).scope_key;
  const claims = JSON.parse(atob(bag.token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return {
    headers: { Authorization: "Bearer " + bag.token, "X-Scope": key },
    body_params: { "params.user": id },
    query_params: { csrf: bag.csrf },
    expires_in: claims.exp - Math.floor(Date.now() / 1000),
  };
}
`,
};
