/** Scripts that a server makes for one visitor: a source like any answer, where nobody may keep them. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines } from "../support/flow_text.ts";
import { has } from "../support/flow_lines.ts";
import { provenLogin } from "../support/proven_login.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://dyke.example";
const GUARD = "IjE3ODQ3NDQ3.awzloA.bP4311vrZhZrJGtWmtNeE4R";
const cookie = "desk=f81Ld9aQ0zX7Kp2mWq9xLd4v";

const recording = (cacheControl: string) =>
  capture(
    trace(`POST ${SITE}/enter`, {
      form: { email: "oda@dyke.example", password: "Moss&Fern7" },
      location: "/desk",
      setCookies: [`${cookie}; Path=/; HttpOnly`],
    }),
    trace(`GET ${SITE}/desk`, { cookie, html: '<script src="/js/desk.js"></script>' }),
    trace(`GET ${SITE}/js/desk.js`, {
      cookie,
      noise: "static-asset",
      answerHeaders: [["Content-Type", "application/javascript"], ["Cache-Control", cacheControl]],
      text: `desk.guardHeader = 'X-Desk-Guard';\ndesk.guard = '${GUARD}';\n`,
    }),
    ...["gates", "levels"].map((path) =>
      trace(`GET ${SITE}/api/${path}`, {
        cookie,
        headers: [["X-Desk-Guard", GUARD]],
        answer: { list: [1, 2] },
      })
    ),
  );

Deno.test("a token in a script that nobody may keep is taken from there, and proven", async () => {
  const { flow, proof, problems } = await provenLogin(recording("no-cache, no-store"));
  assert.deepEqual([proof.passed, problems], [true, []]);
  has([...flowLines(flow)], "result header X-Desk-Guard = {x_desk_guard}");
});

Deno.test("what stands in a script of the client's own is the client's constant", async () => {
  const { flow } = await provenLogin(recording("public, max-age=3600"));
  has([...flowLines(flow)], `result header X-Desk-Guard = "${GUARD}"`);
});

Deno.test("a picture that nobody may keep is no request to try a login on", async () => {
  const [enter, desk, script, ...rest] = recording("public, max-age=3600");
  const { flow } = await provenLogin([
    enter!,
    desk!,
    {
      ...script!,
      request: { ...script!.request, url: `${SITE}/seen.php` },
      response: {
        status: 200,
        headers: [["Content-Type", "image/gif"], ["Cache-Control", "no-store"]],
        body: new TextEncoder().encode("GIF89a"),
      },
    },
    ...rest,
  ]);
  const tried = [flow.probe, ...flow.moreProbes ?? []].map((one) => one?.trace);
  assert.ok(tried.length > 0 && !tried.includes("t_0003"), tried.join());
});

Deno.test("where nobody may keep any script of a site, none is a request of the app's", () => {
  const unkept = (path: string) =>
    trace(`GET ${SITE}${path}`, {
      noise: "static-asset",
      answerHeaders: [
        ["Content-Type", "application/javascript"],
        ["Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"],
      ],
      text: "render();",
    });
  const said = (...traces: readonly Trace[]) => {
    const analysis = analyzeLogin(capture(unkept("/first.js"), ...traces, unkept("/late.js")));
    return analysis.kind === "flow" ? "" : analysis.reasons.join("; ");
  };
  const keyed = ["gates", "levels"].map((path) =>
    trace(`GET ${SITE}/api/${path}`, { headers: [["X-Desk", "kE7y11a2Zz33q44W"]], answer: {} })
  );
  assert.match(said(...keyed), /header X-Desk is the same in each request/);
  const enter = trace(`POST ${SITE}/enter`, {
    json: { email: "oda@dyke.example", password: "Moss&Fern7" },
    answer: { ok: true },
  });
  assert.match(said(enter), /The recording ends with the login/);
});
