/** A login page with a CSRF token in a form and a cookie, a redirect, a session cookie. */
import {
  type Case,
  constant,
  extraction,
  form,
  input,
  PASSWORD,
  RECORDED_AT_MS,
  result,
  step,
  taken,
  trace,
  USERNAME,
} from "./recording.ts";

const ORIGIN = "https://desk.example";
const CSRF = "kX3+9vQ/2LmZp0RtWq8uYw==";
export const RECORDED_CSRF = CSRF;
const ANONYMOUS = "s%3Aq81Zp4Tz0Lk.Vb%2B7";
const SESSION = "s%3AyT5wB2nM8cR.Kd%2F1";
export const RECORDED_SESSION = SESSION;
const EXPIRES = new Date(RECORDED_AT_MS + 3_600_000).toUTCString();

const PAGE = `<!doctype html><html><head><title>Sign in</title></head><body>
<form method="post" action="/session?step=1"><input type="hidden" name="csrf_token" value="kX3&#43;9vQ/2LmZp0RtWq8uYw=&#x3D;">
<input type="hidden" name="tz" value="7"><input name="user"><input type="password" name="pass"></form>
<script>window.boot = {"csrf":"kX3+9vQ\\/2LmZp0RtWq8uYw=="}</script></body></html>`;

export const formCsrf: Case = {
  traces: [
    trace("t_0001", { url: `${ORIGIN}/login` }, {
      headers: [
        ["Content-Type", "text/html; charset=utf-8"],
        ["Content-Encoding", "gzip"],
        ["Set-Cookie", `sid=${ANONYMOUS}; Path=/; HttpOnly; Secure; Expires=${EXPIRES}`],
        ["Set-Cookie", "legacy=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
      ],
      body: PAGE,
    }),
    trace("t_0002", {
      method: "POST",
      url: `${ORIGIN}/session?step=1`,
      headers: [
        ["Content-Type", "application/x-www-form-urlencoded"],
        ["Origin", ORIGIN],
        ["X-Client", "web-3.1"],
        ["Cookie", `sid=${ANONYMOUS}`],
      ],
      body: form({ csrf_token: CSRF, tz: "7", user: "alice.b", pass: "Hunter2!blue" }),
    }, {
      status: 302,
      headers: [
        ["Location", "/home?welcome=alice.b"],
        ["Set-Cookie", `sid=${SESSION}; Path=/; HttpOnly; Secure; Expires=${EXPIRES}`],
      ],
      body: "",
    }),
    trace("t_0003", {
      url: `${ORIGIN}/home?welcome=alice.b`,
      headers: [["Cookie", `sid=${SESSION}`]],
    }, {
      headers: [["Content-Type", "text/html"]],
      body: "<h1>Welcome, alice.b</h1>",
    }),
    trace("t_0004", {
      url: `${ORIGIN}/api/items`,
      headers: [["Cookie", `sid=${SESSION}`]],
    }, { headers: [["Content-Type", "application/json"]], body: "[]" }),
  ],
  flow: {
    inputs: [USERNAME, PASSWORD],
    generated: [],
    steps: [
      step("s1", `${ORIGIN}/login`, {
        extractions: [
          extraction("csrf_token", "s1", { kind: "form-field", form: 0, name: "csrf_token" }, CSRF),
          extraction("tz", "s1", { kind: "form-field", form: 0, name: "tz" }, "7"),
          extraction(
            "form_action",
            "s1",
            { kind: "form-action", form: 0 },
            `${ORIGIN}/session?step=1`,
          ),
        ],
      }),
      step("s2", `${ORIGIN}/session`, {
        method: "POST",
        url: { kind: "whole", expr: taken("form_action") },
        headers: [["Origin", constant(ORIGIN)], ["X-Client", constant("web-3.1")]],
        cookies: [{ name: "sid", value: { kind: "jar" }, recorded: ANONYMOUS }],
        body: {
          kind: "form",
          fields: [
            ["csrf_token", taken("csrf_token")],
            ["tz", taken("tz")],
            ["user", input("username")],
            ["pass", input("password")],
          ],
        },
        status: 302,
        submitsCredentials: true,
      }),
    ],
    result: result({
      cookies: { urls: [`${ORIGIN}/api/items`], names: ["sid"], client: [] },
      expiresIn: { kind: "constant", seconds: 3600 },
    }),
    refresh: null,
    hosts: ["desk.example:443"],
    apiOrigins: [ORIGIN],
    probe: null,
  },
  script: `
export async function acquire_token() {
  const username = await prompt_text("Username");
  const password = await prompt_secret("Password");
  const session = cookie_session();
  const page = await session("https://desk.example/login");
  const forms = html_forms(await page.text(), page.url);
  const form = forms[0]!;
  const answer = await session(form.action, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      "Origin": "https://desk.example",
      "X-Client": "web-3.1",
    },
    body: new URLSearchParams({
      csrf_token: form.fields.csrf_token!,
      tz: form.fields.tz!,
      user: username,
      pass: password,
    }).toString(),
  });
  if (answer.status !== 200) throw new Error("The site refused the login");
  const cookie = session.cookie_header("https://desk.example/api/items");
  return { headers: { Cookie: cookie }, expires_in: 3600 };
}
`,
};
