import assert from "node:assert/strict";
import type { BrowserLogin } from "../../lib/base/browser_login.ts";
import { deviceGrant } from "../../lib/resolve/oauth/device_authorization.ts";
import { oauthClient } from "../../lib/resolve/oauth/client.ts";
import { serverMetadata } from "../../lib/resolve/oauth/discovery.ts";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { Home } from "../../lib/store/home.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { sourceOf } from "./oauth_setup.ts";
import { startOidcServer } from "./oidc_server.ts";
import { logIn } from "./user_agent.ts";

/** A user who goes through the confirmation, or declines it, when the page opens. */
function userAt(pages: Promise<string>[], options: { decline?: boolean } = {}): BrowserLogin {
  return {
    listen: () => assert.fail("A device login listens for nothing"),
    open: (url) => {
      pages.push(logIn(url, options));
      return Promise.resolve(true);
    },
  };
}

Deno.test("deviceGrant() gets a token once the user has confirmed the code", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const ctx = { ...fakeContext(), clock: { nowMs: () => Date.now() } };
    const metadata = await serverMetadata(ctx, new Home(folder), {
      kind: "issuer",
      url: server.issuer,
    });
    const source = sourceOf({ mode: "deviceAuthorization", clientId: "tv", issuer: server.issuer });
    const client = await oauthClient(ctx, source, "tv", { server: metadata, issuerKnown: true });
    const pages: Promise<string>[] = [];
    const waits: number[] = [];
    const pause = async (ms: number) => {
      waits.push(ms);
      if (waits.length === 2) await Promise.all(pages);
    };
    const token = await deviceGrant(ctx, client, ["openid"], userAt(pages), pause);
    assert.ok(token.access_token);
    assert.ok(waits.length >= 2 && waits[0] === 5000);
    assert.ok(ctx.lines.some((line) => line.includes(`${server.issuer}/device`)));
    assert.ok(ctx.lines.some((line) => /code [A-Z0-9-]{8,}/.test(line)));
  });
});

/** A device endpoint that answers the token requests in order. */
function scripted(answers: readonly (Record<string, unknown> | "no answer")[]): typeof fetch {
  const rest = [...answers];
  return (input) => {
    if (String(input).endsWith("/device")) {
      return Promise.resolve(Response.json({
        device_code: "device-code-1",
        user_code: "ABCD-EFGH",
        verification_uri: "https://id.example.com/activate",
        expires_in: 600,
        interval: 2,
      }));
    }
    const answer = rest.shift();
    if (answer === undefined || answer === "no answer") {
      return Promise.reject(new TypeError("connection reset"));
    }
    return Promise.resolve(Response.json(answer, { status: "error" in answer ? 400 : 200 }));
  };
}

async function waitsFor(answers: Parameters<typeof scripted>[0]): Promise<number[]> {
  const ctx = { ...fakeContext(), fetch: scripted(answers) };
  const source = sourceOf({ clientId: "tv" });
  const server = {
    issuer: "https://id.example.com",
    token_endpoint: "https://id.example.com/token",
    device_authorization_endpoint: "https://id.example.com/device",
  };
  const client = await oauthClient(ctx, source, "tv", { server, issuerKnown: true });
  const waits: number[] = [];
  await deviceGrant(ctx, client, [], null, (ms) => Promise.resolve(void waits.push(ms)));
  return waits;
}

Deno.test("deviceGrant() asks at the server's pace, slower when told so or cut off", async () => {
  const pending = { error: "authorization_pending" };
  const token = { access_token: "device-token", token_type: "bearer" };
  assert.deepEqual(await waitsFor([pending, { error: "slow_down" }, pending, token]), [
    2000,
    2000,
    7000,
    7000,
  ]);
  assert.deepEqual(await waitsFor(["no answer", token]), [2000, 7000]);
});

Deno.test("deviceGrant() ends when the user declines or the code expires", async () => {
  for (const error of ["access_denied", "expired_token"]) {
    await assert.rejects(() => waitsFor([{ error }]), (problem: SecretProblem) => {
      assert.match(problem.message, new RegExp(error));
      return problem.code === "AUTH_REFUSED";
    });
  }
});
