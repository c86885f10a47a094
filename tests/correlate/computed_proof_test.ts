/** Logins whose secret never travels: what the page computes is a gap, and nothing of it is taken for a constant. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Analysis } from "../../lib/correlate/flow.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://weir.example";
const MAC = "6kf4xhjK0feg8SB1bTddsYPWS4PUtLEDHdc5i9tSx/E=";
const NONCE = "vC1EJlGY14_R";
const PASS = "JT-hUGf-pLQuGMv6NFd-k9rG";

const script = (code: string) =>
  trace(`GET ${SITE}/app.js`, {
    noise: "static-asset",
    answerHeaders: [["Content-Type", "application/javascript"]],
    text: code,
  });

const reading = (parts: TraceParts): Trace[] =>
  ["/api/me", "/api/locks"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

const signed = (header: string, value: string, login = "ines.morel"): Trace[] =>
  capture(
    script(`send({ "${header}": sign(nonce) })`),
    trace(`POST ${SITE}/gate`, { json: { app: "web" }, answer: { nonce: NONCE } }),
    trace(`POST ${SITE}/enter`, {
      headers: [[header, value]],
      json: { login, device: "browser" },
      answer: { pass: PASS },
    }),
    ...reading({ headers: [["Authorization", `Pass ${PASS}`]] }),
  );

function gapsOf(analysis: Analysis): string[] {
  assert.equal(analysis.kind, "draft", JSON.stringify(analysis));
  return analysis.kind === "draft"
    ? analysis.gaps.map(({ trace, place }) => `${trace} ${place}`)
    : [];
}

const HEADERS: readonly (readonly [header: string, value: string])[] = [
  ["X-Weir-Auth", `WEIR1 ${NONCE}:${MAC}:20261129T092917Z`],
  ["X-Proof", `${NONCE}.${MAC}`],
  ["Authorization", `Seal a=${NONCE},b=${MAC}`],
];

for (const [header, value] of HEADERS) {
  Deno.test(`what is computed of an answer in ${header}: ${value.slice(0, 9)} is a gap, no constant`, () => {
    const analysis = analyzeLogin(signed(header, value));
    assert.deepEqual(gapsOf(analysis), [`t_0003 header ${header}`]);
    const [reason] = analysis.kind === "draft" ? analysis.reasons : [];
    assert.match(reason!, /the client's code sets it, and no tried computation/);
    assert.doesNotMatch(reason!, /before the recording/);
  });
}

Deno.test("a checksum that a page's script puts into a hidden field is a gap", () => {
  const analysis = analyzeLogin(capture(
    trace(`GET ${SITE}/board`, {
      html: "<form method=post action=/board><input name=berth><input type=password name=key>" +
        "<input type=hidden name=seed value=150127><input type=hidden name=sum></form>",
    }),
    trace(`POST ${SITE}/board`, {
      form: { berth: "no.4411", seed: "150127", sum: "xbxqbhqw-h" },
      setCookies: ["deck=0f916229f6bc773101618c25d2282fa9; Path=/; HttpOnly"],
      location: "/deck",
    }),
    ...reading({ cookie: "deck=0f916229f6bc773101618c25d2282fa9" }),
  ));
  assert.deepEqual(gapsOf(analysis), ["t_0002 body sum"]);
});

const SEEN = "it was typed while recording";

Deno.test("who logs in is what was told or seen being typed, where no name says so", () => {
  const analyzed = (why: Pick<TypedValue, "why">) =>
    analyzeLogin(
      capture(
        script("seal(x)"),
        trace(`POST ${SITE}/in`, {
          headers: [["X-Proof", MAC]],
          json: { x: "no.4411" },
          answer: { pass: PASS },
        }),
        ...reading({ headers: [["Authorization", `Pass ${PASS}`]] }),
      ),
      {
        hints: [{
          kind: "other",
          name: "Berth",
          value: "no.4411",
          place: { kind: "text" },
          ...why,
        }],
      },
    );
  for (const [why, said] of [[{}, "you told it"], [{ why: SEEN }, SEEN]] as const) {
    const analysis = analyzed(why);
    assert.deepEqual(gapsOf(analysis), ["t_0002 header X-Proof"]);
    assert.ok(analysis.kind === "draft");
    assert.equal(analysis.flow.inputs.filter(({ recorded }) => recorded === "no.4411").length, 1);
    const { from = "" } = analysis.values.find(({ where }) => where.endsWith("body x")) ?? {};
    assert.ok(from.includes(said), from);
  }
});

Deno.test("a form about a person that answers with nothing anybody carries is not a login", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/ask`, {
      json: { email: "ines@post.example", sum: MAC },
      answer: { thanks: true },
    }),
    ...reading({}),
  ));
  assert.equal(analysis.kind, "none");
});

const UNLIKELY_PROOFS: readonly (readonly [name: string, parts: TraceParts])[] = [
  ["a short number", { json: { login: "ines.morel", proof: "48213" } }],
  ["Greek letters", { json: { login: "ines.morel", seal: "αβγδεζηθικλ" } }],
  ["JSON text", { json: { login: "ines.morel", seal: '{"a":"9f31","b":"zz8Q1"}' } }],
  ["a header", { headers: [["X-Proof", "KX 17:ab90"]], json: { login: "ines.morel" } }],
];

for (const [name, parts] of UNLIKELY_PROOFS) {
  Deno.test(`a told password that no request shows makes a draft of a login with ${name}`, () => {
    const traces = capture(
      trace(`POST ${SITE}/enter`, { ...parts, answer: { pass: PASS } }),
      ...reading({ headers: [["Authorization", `Bearer ${PASS}`]] }),
    );
    const told = (kind: "identifier" | "password", value: string) =>
      ({ kind, name: kind, value, place: { kind: "text" } }) as const;
    const user = told("identifier", "ines.morel");
    const analysis = analyzeLogin(traces, { hints: [user, told("password", "Weir keeper 9")] });
    assert.equal(analysis.kind, "draft", JSON.stringify(analysis));
    const reasons = analysis.kind === "draft" ? analysis.reasons.join("\n") : "";
    assert.match(reasons, /password that was told explains no value|no earlier response holds it/);
  });
}

Deno.test("what an answer hands out and Authorization carries is named where nobody is known to log in", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/enter`, {
      json: { berth: "north", proof: "48213" },
      answer: { pass: PASS },
    }),
    ...reading({ headers: [["Authorization", `Bearer ${PASS}`]] }),
  ));
  assert.ok(analysis.kind === "none" || analysis.kind === "refused");
  assert.doesNotMatch(analysis.reasons.join(), /carries any/);
});

Deno.test("a login that says neither name nor password is found where the password was told, and in no guest's token", () => {
  const guest = trace(`POST ${SITE}/guest`, { json: { app: "web" }, answer: { visit: NONCE } });
  const login = trace(`POST ${SITE}/vat`, {
    json: { hide: "5c0f3d7be194a2", tan: "9e41d2c07b6fa583" },
    answer: { pass: PASS },
  });
  const traces = capture(
    guest,
    trace(`GET ${SITE}/banner`, { headers: [["X-Visit", NONCE]], answer: {} }),
    login,
    ...reading({ headers: [["Authorization", `Bearer ${PASS}`]] }),
  );
  const told = {
    kind: "password",
    name: "Password",
    value: "Weir keeper 9",
    place: { kind: "text" },
  };
  const analysis = analyzeLogin(traces, { hints: [told as TypedValue] });
  assert.deepEqual(gapsOf(analysis), ["t_0003 body hide", "t_0003 body tan"]);
  assert.notEqual(analyzeLogin(traces).kind, "flow");
});
