import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Expr, LoginFlow } from "../../lib/correlate/flow.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "vT4qLw9zKe2RbX7mNcY1";
const ORIGIN = "https://kiosk.example";

/** A login by mail address and password, and two requests of the app after it. */
function flowOf(
  answer: TraceParts["answer"],
  headers: TraceParts["headers"],
  before: ReturnType<typeof trace>[] = [],
  path = "/session",
): LoginFlow {
  const json = { email: "ida@kiosk.example", password: "Rosen&Laub" };
  const analysis = analyzeLogin(capture(
    ...before,
    trace(`POST ${ORIGIN}${path}`, { json, answer: answer! }),
    trace(`GET ${ORIGIN}/api/papers`, { headers: headers!, answer: { papers: [1] } }),
    trace(`GET ${ORIGIN}/api/papers?page=2`, { headers: headers!, answer: { papers: [] } }),
  ));
  assert.equal(analysis.kind, "flow", JSON.stringify(analysis));
  return (analysis as { flow: LoginFlow }).flow;
}

function constantsIn(expr: Expr): string[] {
  if (expr.kind === "concat") return expr.parts.flatMap(constantsIn);
  return expr.kind === "constant" ? [expr.value] : [];
}

function headerOf({ result }: LoginFlow, name: string): Expr {
  const found = result.headers.find(([header]) => header === name);
  assert.ok(found, `no header ${name}`);
  return found[1];
}

Deno.test("analyzeLogin() takes each part of a token that is glued from an answer's values", () => {
  const flow = flowOf({ number: 7314, secret: TOKEN }, [["Authorization", `Bearer 7314|${TOKEN}`]]);
  assert.deepEqual(constantsIn(headerOf(flow, "Authorization")), ["Bearer ", "|"]);
});

Deno.test("analyzeLogin() takes a header's short number from the objects that are named like it", () => {
  const headers = [["Authorization", `Bearer ${TOKEN}`], ["X-Branch", "5210"]] as const;
  const flow = flowOf({ token: TOKEN, branches: [{ id: 5210 }] }, headers);
  assert.equal(headerOf(flow, "X-Branch").kind, "extracted");
  const other = flowOf({ token: TOKEN, sizes: [{ id: 5210 }] }, headers);
  assert.ok(other.result.headers.every(([name]) => name !== "X-Branch"));
});

Deno.test("analyzeLogin() takes a path's segment from the answer that gave it out", () => {
  const before = [
    trace(`POST ${ORIGIN}/find`, {
      json: { email: "ida@kiosk.example" },
      answer: { team: { handle: "t_9kw2" } },
    }),
  ];
  const { steps } = flowOf(
    { token: TOKEN },
    [["Authorization", `Bearer ${TOKEN}`]],
    before,
    "/t/t_9kw2/session",
  );
  const url = steps.at(-1)!.url;
  assert.ok(url.kind === "parts");
  assert.deepEqual(url.segments.map(({ kind }) => kind), ["constant", "extracted", "constant"]);
});

Deno.test("analyzeLogin() asks who it is where no field of the login has a name it knows", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${ORIGIN}/enter`, {
      json: { hvem: "ida.lund", hemmelig_secret: "Rosen&Laub" },
      answer: { token: TOKEN },
    }),
    trace(`GET ${ORIGIN}/api/papers`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { papers: [] },
    }),
  ));
  assert.equal(analysis.kind, "flow");
  const { inputs } = (analysis as { flow: LoginFlow }).flow;
  assert.deepEqual(inputs.map(({ label }) => label), ["Username", "Password"]);
});

Deno.test("analyzeLogin() takes the renewal of a session from before the recording for no login", () => {
  const renewing = "renewal=q0Zt6Vx3Hs8Jp5Lm2Wk9";
  const analysis = analyzeLogin(capture(
    trace(`POST ${ORIGIN}/auth/renew`, {
      cookie: renewing,
      json: {},
      setCookies: ["renewal=a7Bn1Cv4Dm6Fq9Gs2Hx5; Path=/auth"],
      answer: { token: TOKEN },
    }),
    trace(`GET ${ORIGIN}/api/papers`, {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: { papers: [1] },
    }),
  ));
  assert.notEqual(analysis.kind, "flow");
});
