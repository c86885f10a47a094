/** Tokens that are bound to a key (DPoP, RFC 9449): at a certified server that insists on nonces, and at an API. */
import assert from "node:assert/strict";
import { createHash, createPublicKey, type JsonWebKey as NodeJwk, verify } from "node:crypto";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { Site } from "../tools/site.ts";
import { type DeskAnswer, type SeenRequest, startDesk } from "./desk.ts";
import { accountIn, browserOf, realTime } from "./oauth_setup.ts";
import { CLIENT_SECRET, type OidcServer, startOidcServer } from "./oidc_server.ts";

const robot = ({ issuer }: OidcServer) => ({
  mode: "clientCredentials",
  clientId: "robot",
  clientSecret: { type: "literal", value: CLIENT_SECRET },
  issuer,
  dpop: true,
});

const decoded = (part: string) =>
  JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(part, { alphabet: "base64url" })));

/** The claims of a proof that is good for this request (section 4.3), but for its nonce. */
function claimsOf({ method, path, headers }: SeenRequest, origin: string): Record<string, unknown> {
  const [head = "", body = "", signature = ""] = (headers.get("dpop") ?? "").split(".");
  const { typ, alg, jwk } = decoded(head);
  assert.deepEqual([typ, alg, jwk.d], ["dpop+jwt", "ES256", undefined]);
  const key = {
    key: createPublicKey({ key: jwk as NodeJwk, format: "jwk" }),
    dsaEncoding: "ieee-p1363",
  } as const;
  assert.ok(
    verify(
      "sha256",
      new TextEncoder().encode(`${head}.${body}`),
      key,
      Uint8Array.fromBase64(signature, { alphabet: "base64url" }),
    ),
  );
  const claims = decoded(body);
  const token = /^DPoP (.+)$/.exec(headers.get("authorization") ?? "")?.[1] ?? "";
  assert.equal(claims.ath, createHash("sha256").update(token).digest("base64url"));
  assert.deepEqual([claims.htm, claims.htu], [method, origin + path.split("?")[0]]);
  return claims;
}

Deno.test("OAuthAccount gets bound tokens with a nonce, and renews them with their key", async () => {
  await using server = await startOidcServer({ dpop: true });
  await withTempFolder(async (folder) => {
    const settings = {
      mode: "authorizationCode",
      clientId: "app",
      issuer: server.issuer,
      dpop: true,
    };
    const scopes = ["openid", "offline_access"];
    const account = await accountIn(folder, settings, { scopes, ctx: realTime() });
    const first = await account.withUser(browserOf([]));
    assert.ok(first.kind === "token" && first.key?.d !== undefined);
    const [before] = await account.cache.read();
    await account.cache.write([{ ...before!, expires_at: 1 }]);
    const second = await account.withoutUser();
    assert.ok(second.kind === "token" && second.value !== first.value);
    assert.deepEqual(second.key, first.key);
    assert.deepEqual(server.tokenRequests.filter((line) => line.endsWith(" ok")), [
      "authorization_code ok",
      "refresh_token ok",
    ]);
    assert.equal((await account.withoutUser()).kind, "token");
    // Without "dpop" the same client has tokens of its own.
    const plain = await accountIn(folder, { ...settings, dpop: false }, { scopes });
    assert.equal((await plain.withoutUser()).kind, "interactive");
  });
});

Deno.test("OAuthAccount takes no bearer token where it asked for a bound one", async () => {
  await using site = new Site(() =>
    Response.json({ access_token: "tok-of-anybody-1", token_type: "Bearer" })
  );
  await withTempFolder(async (folder) => {
    const settings = { mode: "clientCredentials", clientId: "robot", dpop: true };
    const account = await accountIn(folder, { ...settings, tokenURL: `${site.origin}/token` });
    await assert.rejects(() => account.withoutUser(), (error: SecretProblem) => {
      assert.ok(error instanceof SecretProblem);
      assert.match(error.message, /bound to no key/);
      return true;
    });
    assert.deepEqual(await account.cache.read(), []);
  });
});

const SCHEMES = {
  http: () => ({ type: "http", scheme: "dpop" }),
  oauth2: ({ issuer }: OidcServer) => ({
    type: "oauth2",
    flows: { clientCredentials: { tokenUrl: `${issuer}/token`, scopes: {} } },
  }),
};

for (const [type, schemeOf] of Object.entries(SCHEMES)) {
  Deno.test(`callServiceTool() proves the key in each request, and follows a refusal for its nonce once: ${type}`, async () => {
    await using server = await startOidcServer({ dpop: true });
    const accepted: unknown[] = [];
    let nonce = "nonce-1";
    const proofs = new Set<unknown>();
    const answer: DeskAnswer = (request) => {
      const { nonce: sent, jti } = claimsOf(request, desk.origin);
      assert.ok(!proofs.has(jti), "a proof was sent twice");
      proofs.add(jti);
      if (sent !== nonce) {
        const headers = { "DPoP-Nonce": nonce, "WWW-Authenticate": 'DPoP error="use_dpop_nonce"' };
        return Response.json({}, { status: 401, headers });
      }
      accepted.push(request.body);
      return Response.json({ ok: true });
    };
    await using desk = await startDesk((request, count) => answer(request, count));
    await desk.document({
      security: [{ bound: [] }],
      components: { securitySchemes: { bound: schemeOf(server) } },
    });
    await desk.configure({ secrets: { bound: { type: "oauth2", ...robot(server) } } });
    const ctx = { ...desk.context(), clock: { nowMs: () => Date.now() } };
    const call = (args: Record<string, unknown>, tool = "createTicket") =>
      callServiceTool(ctx, { service: "desk", tool, args });
    const { response } = await call({ body: { title: "Lamp" } });
    assert.equal(response.status, 200);
    assert.deepEqual([desk.requests.length, accepted.length], [2, 1]);
    assert.deepEqual(JSON.parse(accepted[0] as string), { title: "Lamp" });
    // What was handed out counts for the next call.
    assert.equal((await call({}, "listTickets")).response.status, 200);
    assert.deepEqual([desk.requests.length, accepted.length], [3, 2]);
    // A refusal that hands out the next nonce each time is followed once a call.
    nonce = "";
    const refused = await call({}, "listTickets");
    assert.equal(refused.response.status, 401);
  });
}

Deno.test("callServiceTool() says what a DPoP scheme needs", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    security: [{ bound: [] }],
    components: { securitySchemes: { bound: { type: "http", scheme: "DPoP" } } },
  });
  await desk.configure({ secrets: { bound: { type: "literal", value: "tok-12345678" } } });
  await assert.rejects(
    callServiceTool(desk.context(), { service: "desk", tool: "listTickets", args: {} }),
    /"dpop: true"/,
  );
  assert.equal(desk.requests.length, 0);
});
