/** Logins past pages of agreement: the script goes through them or, where the site skips them, past. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { runGuest } from "../../lib/sandbox/host.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const CODE = "cod-9a8b7c6d5e4f3a2b";
const TOKEN = "acc-7f6e5d4c3b2a1908";
const CALLBACK = "https://app.example/callback";

/** A provider that asks for agreement after the password, and answers with a code. */
function recordingOf(origin: string): readonly Trace[] {
  return capture(
    trace(`GET ${origin}/authorize?client_id=app`, {
      html: '<form method="post" action="/login"><input name="username"><input type="password" ' +
        'name="password"><input type="hidden" name="tx" value="tx5a6b7c8d9e0f1a"></form>',
    }),
    trace(`POST ${origin}/login`, {
      form: { username: "ann", password: "hunter2!", tx: "tx5a6b7c8d9e0f1a" },
      location: `${origin}/consent?grant=gr1a2b3c4d5e6f7a`,
    }),
    trace(`GET ${origin}/consent?grant=gr1a2b3c4d5e6f7a`, {
      html: '<form method="post"><input type="hidden" name="key" value="ke7y6d5c4b3a2918"></form>',
    }),
    trace(`POST ${origin}/consent?grant=gr1a2b3c4d5e6f7a`, {
      form: { key: "ke7y6d5c4b3a2918", agree: "yes" },
      location: `${CALLBACK}?code=${CODE}`,
    }),
    trace(`POST ${origin}/token`, {
      form: { grant_type: "authorization_code", code: CODE },
      answer: { access_token: TOKEN },
    }),
    trace("GET https://app.example/api/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { name: "Ann" },
    }),
  );
}

/** The provider itself; `agreed`: it leads past its page of agreement. */
function provider(agreed: boolean, asked: string[]): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, origin } = new URL(request.url);
    asked.push(`${request.method} ${pathname}`);
    const redirect = (location: string) =>
      new Response(null, { status: 302, headers: { location } });
    const page = (html: string) => new Response(html, { headers: { "content-type": "text/html" } });
    switch (`${request.method} ${pathname}`) {
      case "GET /authorize":
        return page(
          '<form method="post" action="/login"><input type="hidden" name="tx" value="t1"></form>',
        );
      case "POST /login":
        return redirect(
          agreed ? `${CALLBACK}?code=live-code` : `${origin}/consent?grant=live-grant`,
        );
      case "GET /consent":
        return page('<form method="post"><input type="hidden" name="key" value="live-key"></form>');
      case "POST /consent":
        return redirect(`${CALLBACK}?code=live-code`);
      default:
        return Response.json({ access_token: "live-token" });
    }
  });
}

for (const agreed of [false, true]) {
  const way = agreed ? "goes past pages the site skips" : "goes through the pages of agreement";
  Deno.test(`generateScript() writes a login that ${way}`, async () => {
    const asked: string[] = [];
    await using server = provider(agreed, asked);
    const origin = `http://127.0.0.1:${server.addr.port}`;
    const traces = recordingOf(origin);
    const flow = flowOf(analyzeLogin(traces));
    const outcome = await runGuest({
      source: generateScript(flow, { app: "shop", answers: answerFacts(traces, flow) }),
      fileName: "auth_acquire.ts",
      entry: { kind: "acquire" },
      network: { kind: "live", hosts: flow.hosts },
      limits: DEFAULT_GUEST_LIMITS,
      dialog: {
        promptText: () => Promise.resolve("ben"),
        promptSecret: () => Promise.resolve("other-secret"),
        confirm: () => Promise.resolve(),
        tell: () => {},
        debug: () => {},
      },
    });
    assert.equal(outcome.kind, "result");
    assert.deepEqual(outcome.kind === "result" && outcome.result.headers, {
      Authorization: "Bearer live-token",
    });
    assert.deepEqual(asked, [
      "GET /authorize",
      "POST /login",
      ...agreed ? [] : ["GET /consent", "POST /consent"],
      "POST /token",
    ]);
  });
}
