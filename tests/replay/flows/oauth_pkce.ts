/** Authorization code with PKCE through a provider on another origin, refresh with rotation. */
import { createHash } from "node:crypto";
import {
  type Case,
  concat,
  constant,
  extraction,
  form,
  input,
  made,
  PASSWORD,
  RECORDED_AT_MS,
  result,
  step,
  taken,
  trace,
  USERNAME,
} from "./recording.ts";

const APP = "https://shop.example";
const IDP = "https://id.provider.example";
const VERIFIER = "x7Fq2LmZp0RtWq8uYwkX39vQ-dBjftJeZ4CVPmB92K27";
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
const STATE = "9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const INTERACTION = "Zk3-qT8vLw1xYb6R";
const CODE = "c0de.U7hQ2pLs9Xv4";
export const RECORDED_ACCESS_TOKEN = "at_Zx81kQp03mNvB72sLtY5";
const REFRESH = "rt-5f1d9c3e7a2b4860-71";
const REFRESH_2 = "rt-8a0c2e4d6f1b3957-72";

const AUTHORIZE = `${IDP}/authorize?client_id=web-7c21&response_type=code&state=${STATE}` +
  `&code_challenge=${CHALLENGE}&code_challenge_method=S256&redirect_uri=${
    encodeURIComponent(`${APP}/callback`)
  }`;

export const oauthPkce: Case = {
  traces: [
    trace("t_0001", { url: AUTHORIZE }, {
      status: 303,
      headers: [
        ["Location", `/interaction/${INTERACTION}?back=${encodeURIComponent(AUTHORIZE)}`],
        ["Set-Cookie", `_interaction=${INTERACTION}; Path=/; HttpOnly`],
      ],
    }),
    trace("t_0002", {
      method: "POST",
      url: `${IDP}/interaction/${INTERACTION}/login`,
      headers: [
        ["Content-Type", "application/x-www-form-urlencoded"],
        ["Cookie", `_interaction=${INTERACTION}`],
      ],
      body: form({ login: "alice.b", password: "Hunter2!blue" }),
    }, {
      status: 303,
      headers: [["Location", `${APP}/callback?code=${CODE}&state=${STATE}`]],
    }),
    trace("t_0003", {
      method: "POST",
      url: `${IDP}/token`,
      headers: [["Content-Type", "application/x-www-form-urlencoded"]],
      body: form({
        grant_type: "authorization_code",
        client_id: "web-7c21",
        code: CODE,
        code_verifier: VERIFIER,
        redirect_uri: `${APP}/callback`,
      }),
    }, {
      headers: [["Content-Type", "application/json"]],
      body:
        `{ "access_token": "${RECORDED_ACCESS_TOKEN}", "expires_in": 600, "token_type": "Bearer", "refresh_token": "${REFRESH}" }`,
    }),
    {
      ...trace("t_0006", {
        url: `${APP}/api/orders`,
        headers: [["Authorization", `Bearer ${RECORDED_ACCESS_TOKEN}`]],
      }, { headers: [["Content-Type", "application/json"]], body: "[]" }),
      startedAtMs: RECORDED_AT_MS + 3500,
    },
    trace("t_0004", {
      method: "POST",
      url: `${IDP}/token`,
      headers: [["Content-Type", "application/x-www-form-urlencoded"]],
      body: form({ grant_type: "refresh_token", client_id: "web-7c21", refresh_token: REFRESH }),
    }, {
      headers: [["Content-Type", "application/json"]],
      body:
        `{"access_token":"at_Pq44nWc18xRzD90jGh6E","expires_in":600,"token_type":"Bearer","refresh_token":"${REFRESH_2}"}`,
    }),
    trace("t_0005", {
      url: `${APP}/api/orders`,
      headers: [["Authorization", "Bearer at_Pq44nWc18xRzD90jGh6E"]],
    }, { headers: [["Content-Type", "application/json"]], body: "[]" }),
  ],
  flow: {
    inputs: [USERNAME, PASSWORD],
    generated: [
      {
        id: "state",
        shape: { kind: "random", length: 32, alphabet: "0123456789abcdef" },
        recorded: STATE,
      },
      {
        id: "code_verifier",
        shape: { kind: "pkce-verifier", length: 44 },
        recorded: VERIFIER,
      },
    ],
    steps: [
      step("s1", `${IDP}/authorize`, {
        status: 303,
        url: {
          kind: "parts",
          origin: IDP,
          segments: [constant("authorize")],
          query: [
            ["client_id", constant("web-7c21")],
            ["response_type", constant("code")],
            ["state", made("state")],
            ["code_challenge", {
              kind: "transform",
              op: "pkce-s256",
              args: [made("code_verifier")],
            }],
            ["code_challenge_method", constant("S256")],
            ["redirect_uri", constant(`${APP}/callback`)],
          ],
        },
        extractions: [
          extraction(
            "interaction",
            "s1",
            { kind: "cookie", name: "_interaction" },
            INTERACTION,
          ),
        ],
      }),
      step("s2", IDP, {
        method: "POST",
        status: 303,
        url: {
          kind: "parts",
          origin: IDP,
          segments: [constant("interaction"), taken("interaction"), constant("login")],
          query: [],
        },
        cookies: [{ name: "_interaction", value: { kind: "jar" }, recorded: INTERACTION }],
        body: {
          kind: "form",
          fields: [["login", input("username")], ["password", input("password")]],
        },
        submitsCredentials: true,
        extractions: [
          extraction(
            "code",
            "s2",
            { kind: "location-param", part: "query", name: "code" },
            CODE,
          ),
        ],
      }),
      step("s3", `${IDP}/token`, {
        method: "POST",
        body: {
          kind: "form",
          fields: [
            ["grant_type", constant("authorization_code")],
            ["client_id", constant("web-7c21")],
            ["code", taken("code")],
            ["code_verifier", made("code_verifier")],
            ["redirect_uri", constant(`${APP}/callback`)],
          ],
        },
        extractions: [
          extraction(
            "access_token",
            "s3",
            { kind: "json", path: ["access_token"] },
            RECORDED_ACCESS_TOKEN,
          ),
          extraction("expires_in", "s3", { kind: "json", path: ["expires_in"] }, "600"),
          extraction(
            "refresh_token",
            "s3",
            { kind: "json", path: ["refresh_token"] },
            REFRESH,
          ),
        ],
      }),
    ],
    result: result({
      headers: [["Authorization", concat(constant("Bearer "), taken("access_token"))]],
      refreshToken: taken("refresh_token"),
      expiresIn: { kind: "expr", expr: taken("expires_in") },
    }),
    refresh: {
      source: "recorded",
      steps: [
        step("s4", `${IDP}/token`, {
          method: "POST",
          body: {
            kind: "form",
            fields: [
              ["grant_type", constant("refresh_token")],
              ["client_id", constant("web-7c21")],
              ["refresh_token", { kind: "refresh-token" }],
            ],
          },
          extractions: [
            extraction(
              "new_access_token",
              "s4",
              { kind: "json", path: ["access_token"] },
              "at_Pq44nWc18xRzD90jGh6E",
            ),
            extraction(
              "new_refresh_token",
              "s4",
              { kind: "json", path: ["refresh_token"] },
              REFRESH_2,
            ),
          ],
        }),
      ],
      result: result({
        headers: [["Authorization", concat(constant("Bearer "), taken("new_access_token"))]],
        refreshToken: taken("new_refresh_token"),
        expiresIn: { kind: "constant", seconds: 600 },
      }),
    },
    hosts: ["id.provider.example:443", "shop.example:443"],
    apiOrigins: [APP],
    probe: null,
  },
  script: `
const form = (fields: Record<string, string>) => ({
  method: "POST",
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function toResult(tokens: any) {
  return {
    headers: { authorization: "Bearer " + tokens.access_token },
    refresh_token: tokens.refresh_token,
    expires_in: tokens.expires_in,
  };
}

export async function acquire_token() {
  const username = await prompt_text("Username");
  const password = await prompt_secret("Password");
  const session = cookie_session();
  const state = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const verifier = base64Url(crypto.getRandomValues(new Uint8Array(33)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const authorize = new URL("https://id.provider.example/authorize");
  authorize.searchParams.set("client_id", "web-7c21");
  authorize.searchParams.set("response_type", "code");
  authorize.searchParams.set("state", state);
  authorize.searchParams.set("code_challenge", base64Url(new Uint8Array(digest)));
  authorize.searchParams.set("code_challenge_method", "S256");
  authorize.searchParams.set("redirect_uri", "https://shop.example/callback");
  await session(authorize.href, { redirect: "manual" });
  const interaction = session.cookie("https://id.provider.example/", "_interaction");
  const answer = await session("https://id.provider.example/interaction/" + interaction + "/login", {
    ...form({ login: username, password }),
    redirect: "manual",
  });
  const callback = new URL(answer.headers.get("location")!);
  if (callback.searchParams.get("state") !== state) throw new Error("The state does not match");
  const tokens = await session("https://id.provider.example/token", form({
    grant_type: "authorization_code",
    client_id: "web-7c21",
    code: callback.searchParams.get("code")!,
    code_verifier: verifier,
    redirect_uri: "https://shop.example/callback",
  }));
  return toResult(await tokens.json());
}

export async function refresh_token(current: string) {
  const answer = await fetch("https://id.provider.example/token", form({
    grant_type: "refresh_token",
    client_id: "web-7c21",
    refresh_token: current,
  }));
  return toResult(await answer.json());
}
`,
};
