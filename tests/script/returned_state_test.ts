/** The `state` of an authorization request, which its answer must give back (RFC 6749 section 10.12). */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { runScript } from "../sandbox/guest.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const STATE = "kX3vQ9xWb7Lm2RtY5nHc8d";
const CODE = "cod-9a8b7c6d5e4f3a2b";
const TOKEN = "acc-7f6e5d4c3b2a1908";

/** The last is the page of `form_post`, which a script sends on to the application. */
type Part = "?" | "#" | "form";

function recordingOf(origin: string, part: Part): readonly Trace[] {
  return capture(
    trace(`GET ${origin}/authorize?client_id=app&state=${STATE}`, {
      html: '<form method="post" action="/login"><input name="username"><input type="password" ' +
        'name="password"><input type="hidden" name="tx" value="tx5a6b7c8d9e0f1a"></form>',
    }),
    trace(`POST ${origin}/login`, {
      form: { username: "ann", password: "hunter2!", tx: "tx5a6b7c8d9e0f1a" },
      ...part === "form"
        ? { html: posting(`${origin}/taken`, CODE, STATE) }
        : { location: `https://app.example/callback${part}code=${CODE}&state=${STATE}` },
    }),
    ...part === "form"
      ? [
        trace(`POST ${origin}/taken`, { form: { code: CODE, state: STATE }, answer: { ok: true } }),
      ]
      : [],
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

function posting(action: string, code: string, state: string): string {
  return `<form method="post" action="${action}"><input type="hidden" name="code" value="${code}">` +
    `<input type="hidden" name="state" value="${state}"></form><script>document.forms[0].submit()` +
    "</script>";
}

/** Gives back what `answered` makes of the state that was sent. */
function provider(part: Part, answered: (sent: string) => string, asked: string[]) {
  let sent = "";
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    asked.push(pathname);
    if (pathname === "/authorize") {
      sent = searchParams.get("state") ?? "";
      const html = '<form method="post" action="/login"><input type="hidden" name="tx" value="t1">';
      return new Response(`${html}</form>`, { headers: { "content-type": "text/html" } });
    }
    if (pathname === "/token") return Response.json({ access_token: "live-token" });
    if (pathname === "/taken") return Response.json({ ok: true });
    if (part === "form") {
      const state = new URLSearchParams(answered(sent)).get("state") ?? "";
      const html = posting("/taken", "live-code", state);
      return new Response(html, { headers: { "content-type": "text/html" } });
    }
    const location = `https://app.example/callback${part}code=live-code${answered(sent)}`;
    return new Response(null, { status: 302, headers: { location } });
  });
}

Deno.test("generateScript() takes a code only from the answer to its own request", async () => {
  for (const part of ["?", "#", "form"] as const) {
    const answers: [name: string, answered: (sent: string) => string, isTaken: boolean][] = [
      ["the state that was sent", (sent) => `&state=${sent}`, true],
      ["another login's state", () => "&state=other-login-0123456", false],
      ["the recorded state", () => `&state=${STATE}`, false],
      ["no state", () => "", false],
    ];
    for (const [name, answered, isTaken] of answers) {
      const asked: string[] = [];
      await using server = provider(part, answered, asked);
      const traces = recordingOf(`http://127.0.0.1:${server.addr.port}`, part);
      const flow = flowOf(analyzeLogin(traces));
      const source = generateScript(flow, { app: "shop", answers: answerFacts(traces, flow) });
      const outcome = await runScript(source, { hosts: flow.hosts });
      assert.equal(outcome.kind, isTaken ? "result" : "failed", `${part} ${name}`);
      assert.equal(asked.includes("/token"), isTaken, `${part} ${name}`);
      if (outcome.kind === "failed") assert.match(outcome.error.message, /another login/);
    }
  }
});
