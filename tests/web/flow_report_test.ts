import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parseHtml } from "../../lib/http/html.ts";
import { readHar } from "../../lib/capture/har.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { explainAnalysis, type ExplainAuthOutput } from "../../lib/ops/explain_auth.ts";
import { flowReport } from "../../lib/web/flow_report.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";

const SIMPLE = capture(
  trace("POST https://a.example/login", {
    json: { username: "ann.b", password: "hunter2!" },
    answer: { token: TOKEN },
  }),
  trace("GET https://a.example/api/me", {
    headers: [["Authorization", `Bearer ${TOKEN}`]],
    answer: { name: "Ann" },
  }),
);

function explained(
  traces: readonly Trace[],
  script: ExplainAuthOutput["script"] = null,
): ExplainAuthOutput {
  return { app: "shop", ...explainAnalysis(analyzeLogin(traces), traces), script };
}

function between(text: string, start: string, end: string): string {
  const [, after = ""] = text.split(start);
  return after.split(end)[0] ?? "";
}

Deno.test("flowReport() loads nothing: its policy names this style and this script alone", () => {
  const page = flowReport(explained(SIMPLE));
  const policy = between(page, 'Content-Security-Policy" content="', '"');
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  assert.deepEqual(policy.split("; "), [
    "default-src 'none'",
    `style-src ${hash(between(page, "<style>", "</style>"))}`,
    `script-src ${hash(between(page, "<script>", "</script>"))}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  const addresses = [...page.matchAll(/(?:src|href|action|srcset)="([^"]*)"/g)];
  assert.ok(addresses.length > 0);
  for (const [, address = ""] of addresses) assert.match(address, /^#/);
  assert.doesNotMatch(page, /@import|url\(|\sstyle=|\son\w+=/);
});

Deno.test("flowReport() leads every mark and link to something on the page", () => {
  const page = flowReport(explained(SIMPLE));
  const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) {
    assert.ok(ids.has(target), `nothing has the id "${target}"`);
  }
  const roles = [...page.matchAll(/data-value="(v\d+)" data-role="(\w+)"/g)];
  for (const id of ["v0", "v1", "v2"]) {
    const of = roles.filter(([, value]) => value === id).map(([, , role]) => role).sort();
    assert.deepEqual(of, ["entry", "origin", "use"], id);
  }
});

Deno.test("flowReport() escapes whatever a recording or a script brings in", () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202e';
  const page = flowReport({
    app: `shop${hostile}`,
    result: "draft",
    reasons: [`because ${hostile}`],
    inputs: [{ name: "username", label: `User ${hostile}`, secret: false, kind: "identifier" }],
    hosts: [`a.example:443${hostile}`],
    apiOrigins: ["https://a.example"],
    refresh: "none",
    flow: {
      values: [{
        name: "username",
        kind: "typed",
        origin: hostile,
        step: null,
        uses: [{ step: hostile, place: hostile }],
      }],
      steps: [{
        id: "s1",
        trace: hostile,
        method: hostile,
        host: `a.example:443${hostile}`,
        path: `/${hostile}`,
        status: 200,
        submitsCredentials: true,
        asks: ["username"],
        sends: [{ place: `query ${hostile}`, from: [hostile, { value: hostile }], kind: "typed" }],
        takes: [{ value: hostile, place: hostile }],
      }],
      yields: {
        id: "result",
        carries: [{ place: hostile, from: [hostile], kind: "constant" }],
        keeps: [],
        expiresIn: hostile,
      },
      refresh: null,
    },
    script: {
      source: "adopted",
      state: "failed",
      proof: {
        passed: false,
        steps: [],
        mismatches: [{ step: null, trace: null, where: hostile, problem: hostile }],
        assumptions: [{
          trace: null,
          where: hostile,
          as: "constant",
          why: hostile,
          isSettled: false,
        }],
        refresh: "none",
        provedAt: hostile,
      },
    },
  });
  const elements = parseHtml(page).elements;
  assert.ok(!elements.some(({ tag }) => tag === "img"));
  assert.doesNotMatch(page, /<img|\u202e/);
  assert.ok(page.includes("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\\u{202e}"));
});

Deno.test("flowReport() says how far the script can be trusted", () => {
  const proof = {
    passed: true,
    steps: [{ step: "s1", trace: "t_0001", method: "POST", url: "", status: "asked" as const }],
    mismatches: [],
    assumptions: [],
    refresh: "none" as const,
    provedAt: "2026-01-01T00:00:00.000Z",
  };
  const cases: [ExplainAuthOutput["script"], RegExp, boolean][] = [
    [null, /explained, not proven yet/, false],
    [{ source: "correlation", state: "proven", proof }, /proven on the recording/, true],
    [{ source: "correlation", state: "stale", proof }, /changed after its proof/, false],
    [{ source: "adopted", state: "unproven", proof: null }, /not proven yet/, false],
    [
      { source: "correlation", state: "failed", proof: { ...proof, passed: false } },
      /the proof failed/,
      true,
    ],
  ];
  for (const [script, state, marked] of cases) {
    const page = flowReport(explained(SIMPLE, script));
    assert.match(page, state);
    assert.equal(page.includes("✓ reproduced"), marked, String(state));
  }
});

Deno.test("flowReport() gives the reasons where nothing can be drawn", () => {
  const page = flowReport(explained(capture(
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: {},
    }),
    trace("GET https://a.example/", { html: "<p>hello</p>" }),
  )));
  assert.match(page, /The recording starts logged in/);
  assert.doesNotMatch(page, /class="sequence"/);
});

Deno.test("flowReport() draws a refresh after the login, from where its token came", () => {
  const refreshing = capture(
    trace("POST https://id.example/token", {
      form: { grant_type: "password", username: "ann.b", password: "hunter2!", client_id: "web" },
      answer: { access_token: TOKEN, refresh_token: "ref-0a1b2c3d4e5f6071", expires_in: 300 },
    }),
    trace("GET https://api.example/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: {},
    }),
  );
  const page = flowReport(explained(refreshing));
  assert.match(page, /The refresh, inferred/);
  assert.match(page, /id="refreshed"/);
  assert.match(page, /hands the refresh token over/);
});

Deno.test("flowReport() shows no value of any recorded login", async () => {
  const folder = new URL("../../fixtures/recordings/", import.meta.url);
  let checked = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".har")) continue;
    const traces = tracesOf(await Deno.readFile(new URL(name, folder)), name);
    const analysis = analyzeLogin(traces);
    const page = flowReport({ app: "x", ...explainAnalysis(analysis, traces), script: null });
    if (analysis.kind !== "flow" && analysis.kind !== "draft") continue;
    checked++;
    for (const value of recordedValues(analysis.flow)) {
      assert.ok(!page.includes(value), `${name}: "${value}" is on the page`);
    }
  }
  assert.ok(checked > 40, `${checked} recordings`);
});

function tracesOf(bytes: Uint8Array, name: string): Trace[] {
  return readHar(bytes, name).exchanges.map((exchange, index) => ({
    ...exchange,
    id: `t_${String(index + 1).padStart(4, "0")}`,
    captureId: "c_01",
    marks: [],
    noise: noiseReason(exchange),
  }));
}

/** What may not be shown. Shorter values (`true`, `3600`) stand on any page by chance. */
function recordedValues({ inputs, generated, steps, refresh }: LoginFlow): string[] {
  const all = [...steps, ...refresh?.steps ?? []];
  return [
    ...inputs.map(({ recorded }) => recorded),
    ...generated.map(({ recorded }) => recorded),
    ...all.flatMap(({ extractions }) => extractions.map(({ recorded }) => recorded)),
    ...all.flatMap(({ cookies }) => cookies.map(({ recorded }) => recorded)),
  ].filter((value) => value.length >= 5);
}
