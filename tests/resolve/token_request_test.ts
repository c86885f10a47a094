import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { type FakeContext, fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { accountIn, type AccountOptions } from "./oauth_setup.ts";

const TOKEN_URL = "https://id.example.com/token";
const NOW_SEC = 1_800_000_000;
const ROBOT = {
  mode: "clientCredentials",
  clientId: "robot",
  clientSecret: { type: "literal", value: "robot-secret-1" },
  tokenURL: TOKEN_URL,
};

type Answer = (url: string, init: RequestInit | undefined) => Response | Promise<Response>;

/** A context in which every request of the tool is answered by `answer`. */
function answering(answer: Answer): FakeContext {
  return {
    ...fakeContext({ nowMs: NOW_SEC * 1000 }),
    fetch: (input, init) => Promise.resolve(answer(String(input), init)),
  };
}

async function tokenAfter(answer: Answer, settings: Record<string, unknown> = ROBOT) {
  return await withTempFolder(async (folder) => {
    const ctx = answering(answer);
    const account = await accountIn(folder, settings, { scopes: ["read"], ctx });
    await account.withoutUser();
    return (await account.cache.read())[0]!;
  });
}

function json(body: unknown, init: ResponseInit = {}): Response {
  return new Response(JSON.stringify(body), {
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });
}

/** A part of a JWT. */
function part(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

Deno.test("A token answer is read as the provider meant it", async () => {
  const cases: [string, () => Response, Record<string, unknown>][] = [
    ["no token_type", () => json({ access_token: "t-1" }), { access_token: "t-1" }],
    [
      "expires_in as a text",
      () => json({ access_token: "t-1", token_type: "Bearer", expires_in: "60" }),
      { expires_at: NOW_SEC + 60 },
    ],
    [
      "expires_in null",
      () => json({ access_token: "t-1", token_type: "bearer", expires_in: null }),
      { expires_at: null },
    ],
    [
      "scopes with commas",
      () => json({ access_token: "t-1", token_type: "bearer", scope: "repo,user" }),
      { scopes: ["read", "repo", "user"] },
    ],
    [
      "scopes as a list",
      () => json({ access_token: "t-1", token_type: "bearer", scope: ["a", "b"] }),
      { scopes: ["a", "b", "read"] },
    ],
    [
      "another content type",
      () => new Response('{"access_token":"t-1"}', { headers: { "content-type": "text/html" } }),
      { access_token: "t-1" },
    ],
    [
      "an ID token nobody asked for",
      () => json({ access_token: "t-1", token_type: "bearer", id_token: "not.a.jwt" }),
      { access_token: "t-1" },
    ],
    [
      "an empty refresh token",
      () => json({ access_token: "t-1", token_type: "bearer", refresh_token: "" }),
      { refresh_token: null },
    ],
    [
      "a JWT says itself when it ends",
      () => json({ access_token: `${part({ alg: "none" })}.${part({ exp: NOW_SEC + 99 })}.x` }),
      { expires_at: NOW_SEC + 99 },
    ],
  ];
  for (const [name, answer, expected] of cases) {
    const token = await tokenAfter(answer) as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(token[key], value, name);
  }
});

Deno.test("A token endpoint that fails is reported by what it did", async () => {
  const cases: [string, Answer, string | null, RegExp][] = [
    [
      "error with status 200",
      () => json({ error: "bad_verification_code", error_description: "no\u001b[31m good" }),
      "AUTH_REFUSED",
      /"bad_verification_code" \(no\\x1b\[31m good\)/,
    ],
    [
      "401",
      () => json({ error: "invalid_client" }, { status: 401 }),
      "AUTH_REFUSED",
      /invalid_client/,
    ],
    [
      "challenge",
      () => new Response("", { status: 401, headers: { "www-authenticate": "Basic realm=x" } }),
      "AUTH_REFUSED",
      /refused the client with status 401/,
    ],
    ["503", () => new Response("busy", { status: 503 }), "UPSTREAM_FAILED", /status 503/],
    [
      "redirect",
      () => new Response("", { status: 302, headers: { location: "https://evil.example.com/" } }),
      null,
      /status 302/,
    ],
    ["no token", () => json({ hello: 1 }), null, /something else than a token/],
    ["HTML", () => new Response("<html>"), null, /something else than a token/],
    ["strange type", () => json({ access_token: "t-1", token_type: "mac" }), null, /token/],
    [
      "no answer",
      () => Promise.reject(new TypeError("refused")),
      "UNREACHABLE",
      /id\.example\.com does not answer/,
    ],
    ["endless", () => new Response("x".repeat(2_000_000)), null, /too large/],
  ];
  for (const [name, answer, code, message] of cases) {
    await assert.rejects(() => tokenAfter(answer), (error: unknown) => {
      assert.ok(error instanceof SecretProblem, `${name}: ${error}`);
      assert.equal(error.code, code, name);
      assert.match(error.message, message, name);
      return true;
    });
  }
});

Deno.test("Basic has the client's id and secret as forms encode them, and a refusal names the other way", async () => {
  const sent: string[] = [];
  const settings = (parts: Record<string, unknown>) => ({
    ...ROBOT,
    clientId: "ro.bot:7",
    clientSecret: { type: "literal", value: "s3cr-et+1 a*b_c.d~e'ü(!)" },
    ...parts,
  });
  const refusing = (answer: () => Response, parts: Record<string, unknown> = {}) =>
    tokenAfter((_url, init) => {
      const given = new Headers(init?.headers).get("authorization");
      sent.push(given === null ? "" : atob(given.replace("Basic ", "")));
      return answer();
    }, settings(parts)).then(() => null, (error: SecretProblem) => error.hint);
  const basic = { "www-authenticate": "Basic realm=x" };
  const invalid = () => json({ error: "invalid_client" }, { status: 400 });
  assert.match(await refusing(invalid) ?? "", /clientAuth: client_secret_post/);
  assert.equal(
    sent[0],
    "ro.bot%3A7:s3cr-et%2B1+a*b_c.d%7Ee%27%C3%BC%28%21%29",
  );
  const challenged = () => json({ error: "invalid_client" }, { status: 401, headers: basic });
  assert.match(await refusing(challenged) ?? "", /clientAuth: client_secret_post/);
  const posts = { clientAuth: "client_secret_post" };
  assert.match(await refusing(invalid, posts) ?? "", /clientAuth: client_secret_basic/);
  assert.equal(await refusing(() => json({ error: "invalid_scope" }, { status: 400 })), null);
  assert.equal(sent[2], "");
});

Deno.test("A token endpoint is https, or on this machine", async () => {
  const plain = { ...ROBOT, tokenURL: "http://id.example.com/token" };
  await assert.rejects(
    () => tokenAfter(() => assert.fail("Nothing may be sent"), plain),
    /the token endpoint is not https/,
  );
  const local = { ...ROBOT, tokenURL: "http://127.0.0.1:9/token" };
  assert.equal((await tokenAfter(() => json({ access_token: "t-1" }), local)).access_token, "t-1");
});

Deno.test("Audience and resource are sent with every request for a token", async () => {
  let sent = new URLSearchParams();
  await tokenAfter((_, init) => {
    sent = new URLSearchParams(init?.body as URLSearchParams);
    return json({ access_token: "t-1" });
  }, { ...ROBOT, audience: "https://api.example.com", resource: "urn:api" });
  assert.equal(sent.get("audience"), "https://api.example.com");
  assert.equal(sent.get("resource"), "urn:api");
  assert.equal(sent.get("scope"), "read");
});

Deno.test("A private key signs the assertion whatever its kind and form", async () => {
  const forms: [string, string][] = [];
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  const ed = generateKeyPairSync("ed25519").privateKey;
  forms.push(["RS256", rsa.export({ type: "pkcs8", format: "pem" }) as string]);
  forms.push(["RS256", rsa.export({ type: "pkcs1", format: "pem" }) as string]);
  forms.push(["ES384", ec.export({ type: "sec1", format: "pem" }) as string]);
  forms.push(["Ed25519", ed.export({ type: "pkcs8", format: "pem" }) as string]);
  forms.push(["RS256", JSON.stringify(rsa.export({ format: "jwk" }))]);
  for (const [algorithm, value] of forms) {
    let assertion = "";
    const { clientSecret: _, ...robot } = ROBOT;
    await tokenAfter((_, init) => {
      assertion = new URLSearchParams(init?.body as URLSearchParams).get("client_assertion") ?? "";
      return json({ access_token: "t-1" });
    }, { ...robot, keyId: "k", privateKey: { type: "literal", value } });
    const [head = "", body = ""] = assertion.split(".").map((part) =>
      new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" }).slice())
    );
    assert.deepEqual(JSON.parse(head), { alg: algorithm, kid: "k" });
    const claims = JSON.parse(body);
    assert.deepEqual([claims.aud, claims.iss, claims.sub], [TOKEN_URL, "robot", "robot"]);
  }
  const { clientSecret: _, ...robot } = ROBOT;
  await assert.rejects(
    () =>
      tokenAfter(() => json({}), { ...robot, privateKey: { type: "literal", value: "no key" } }),
    /the private key cannot be read/,
  );
});

const METADATA = {
  issuer: "https://id.example.com",
  token_endpoint: TOKEN_URL,
  authorization_endpoint: "https://id.example.com/authorize",
};

async function discovered(
  answer: Answer,
  settings: Record<string, unknown>,
  requirement: AccountOptions["requirement"] = {},
): Promise<string[]> {
  return await withTempFolder(async (folder) => {
    const asked: string[] = [];
    const { tokenURL: _, ...robot } = ROBOT;
    const ctx = answering((url, init) => {
      asked.push(url);
      return url === TOKEN_URL ? json({ access_token: "t-1" }) : answer(url, init);
    });
    const all = { ...robot, ...settings };
    await (await accountIn(folder, all, { ctx, requirement })).withoutUser();
    return asked;
  });
}

Deno.test("The token endpoint is found by discovery, OpenID Connect before RFC 8414", async () => {
  const openid = "https://id.example.com/.well-known/openid-configuration";
  const rfc8414 = "https://id.example.com/.well-known/oauth-authorization-server";
  const issuer = { issuer: "https://id.example.com" };
  assert.deepEqual(await discovered(() => json(METADATA), issuer), [openid, TOKEN_URL]);
  const onlyRfc = (url: string) => url === rfc8414 ? json(METADATA) : json({}, { status: 404 });
  assert.deepEqual(await discovered(onlyRfc, issuer), [openid, rfc8414, TOKEN_URL]);
  const scheme = { type: "openIdConnect", openIdConnectUrl: openid } as const;
  assert.deepEqual(await discovered(() => json(METADATA), {}, scheme), [openid, TOKEN_URL]);
  const place = "https://id.example.com/meta.json";
  const metadata = { type: "oauth2", oauth2MetadataUrl: place } as const;
  assert.deepEqual(await discovered(() => json(METADATA), {}, metadata), [place, TOKEN_URL]);
});

Deno.test("Metadata that speaks for another server is not believed", async () => {
  const other = { ...METADATA, issuer: "https://evil.example.com" };
  await assert.rejects(
    () => discovered(() => json(other), { issuer: "https://id.example.com" }),
    SecretProblem,
  );
  const scheme = { type: "oauth2", oauth2MetadataUrl: "https://id.example.com/meta.json" } as const;
  await assert.rejects(
    () => discovered(() => json(other), {}, scheme),
    /speaks for another server/,
  );
});

Deno.test("Without any endpoint the reason says what to configure", async () => {
  await withTempFolder(async (folder) => {
    const { tokenURL: _, ...robot } = ROBOT;
    const account = await accountIn(folder, robot);
    await assert.rejects(() => account.withoutUser(), (error: SecretProblem) => {
      assert.match(error.message, /there is no token endpoint/);
      assert.match(error.hint ?? "", /"tokenURL" or "issuer"/);
      return true;
    });
  });
});

Deno.test("An authorization answer must come from the server that was asked", async () => {
  const code = {
    mode: "authorizationCode",
    clientId: "app",
    authorizationURL: METADATA.authorization_endpoint,
    tokenURL: TOKEN_URL,
  };
  const cases: [string, Record<string, unknown>, string | null, boolean][] = [
    ["no issuer known, none sent", code, null, true],
    ["no issuer known, same origin", code, "https://id.example.com/realm", true],
    ["no issuer known, other origin", code, "https://evil.example.com", false],
    ["issuer known and sent", { ...code, issuer: METADATA.issuer }, METADATA.issuer, true],
    [
      "issuer known, other sent",
      { ...code, issuer: METADATA.issuer },
      `${METADATA.issuer}/x`,
      false,
    ],
  ];
  for (const [name, settings, iss, accepted] of cases) {
    await withTempFolder(async (folder) => {
      const ctx = answering((url) =>
        url === TOKEN_URL ? json({ access_token: "t-1" }) : json(METADATA)
      );
      const account = await accountIn(folder, settings, { ctx });
      const outcomes: string[] = [];
      const login = account.withUser({
        listen: () => Promise.resolve(listenerFor(ctx, iss, outcomes)),
        open: () => Promise.resolve(true),
      });
      if (accepted) assert.equal((await login).kind, "token", name);
      else await assert.rejects(login, /not what this server would send/, name);
      assert.deepEqual(outcomes, [accepted ? "accepted" : "refused"], name);
    });
  }
});

/** Answers with the state of the address that was shown last. */
function listenerFor(ctx: FakeContext, iss: string | null, outcomes: string[]) {
  return {
    port: 1,
    next: () => {
      const asked = new URL(ctx.lines.at(-1)!).searchParams;
      const url = new URL(asked.get("redirect_uri")!);
      url.searchParams.set("state", asked.get("state")!);
      url.searchParams.set("code", "code-1");
      if (iss !== null) url.searchParams.set("iss", iss);
      return Promise.resolve({ url, respond: (outcome: string) => void outcomes.push(outcome) });
    },
    close: () => Promise.resolve(),
  };
}
