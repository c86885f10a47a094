/** What a login's answer gives along with the credential: the branch of who logged in, a challenge in a refusal. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://depot.example";
const TOKEN = "h4Xw82kQz0Lm71Vd";

const login = (parts: TraceParts = {}) =>
  trace(`POST ${SITE}/in`, {
    json: { username: "ivar.moe", password: "Larch 5 & Yew" },
    answer: { token: TOKEN, depot: 6140, clerk: { level: 12 } },
    ...parts,
  });
const get = (headers: TraceParts["headers"], path = "/goods") =>
  trace(`GET ${SITE}${path}`, {
    headers: [["Authorization", `Bearer ${TOKEN}`], ...headers ?? []],
    answer: { goods: [1] },
  });

const result = (...traces: Trace[]) =>
  linesOf(flowOf(analyzeLogin(capture(...traces))), "result")
    .filter((line) => !/Authorization/.test(line));

Deno.test("a number that the login's answer held first goes with the requests in a header of its own", () => {
  const store = [["X-Store-Id", "6140"]] as const;
  assert.deepEqual(result(login(), get(store), get(store, "/bins")), [
    "result header X-Store-Id = {depot}",
  ]);
  // The client said it before, so that the answer may repeat what it was told.
  const told = { headers: [["X-Store-Id", "6140"]] } as const;
  assert.deepEqual(result(login(told), get(store), get(store, "/bins")), []);
  // Two digits are the same by chance.
  const page = [["X-Page-Size", "12"]] as const;
  assert.deepEqual(result(login(), get(page), get(page, "/bins")), []);
});

Deno.test("a login sends back the challenge that a refusal gave it", () => {
  const CHALLENGE = "bWzRtkPqLsNdGh40yv";
  const traces = capture(
    trace(`GET ${SITE}/goods`, {
      status: 401,
      answer: { error: "sign in", challenge: { id: CHALLENGE } },
    }),
    login({
      json: { challengeId: CHALLENGE, username: "ivar.moe", password: "Larch 5 & Yew" },
    }),
    get([]),
  );
  const lines = flowLines(flowOf(analyzeLogin(traces))).join("\n");
  assert.match(lines, /challengeId = \{\w+\}/);
  assert.doesNotMatch(lines, new RegExp(CHALLENGE));
});

Deno.test("a credential is put together of what the login's answer gives in parts, in another case, or in hex", () => {
  const [HEAD, TAIL] = ["q7Zt5Xw2Lk9Vb3Nm", "R4yd8Hs1Gc6Jf0Pa"];
  const use = (value: string) =>
    trace(`GET ${SITE}/goods`, { headers: [["X-Pass", value]], answer: { goods: [1] } });
  const parts = login({ answer: { head: HEAD }, answerHeaders: [["X-Tail", TAIL]] });
  const key = login({ answer: { key: "5e1b90ac7d34" } });
  const text = login({ answer: { key: "Gull-42-Tern" } });
  const hex = new TextEncoder().encode("Gull-42-Tern").toHex();
  const CASES = [
    [parts, `${TAIL}.${HEAD}`, '{x_tail} + "." + {head}'],
    [parts, HEAD + TAIL, "{head} + {x_tail}"],
    [key, "5E1B90AC7D34", "upper({key})"],
    [text, hex, "hex(utf8({key}))"],
    [text, hex.toUpperCase(), "upper(hex(utf8({key})))"],
  ] as const;
  for (const [given, sent, expected] of CASES) {
    assert.deepEqual(result(given, use(sent), use(sent)), [`result header X-Pass = ${expected}`]);
  }
});

Deno.test("a token whose signature the server keeps in a cookie of its own is joined again", () => {
  const [body, seal] = [
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJpdmFyIn0",
    "n0Vx3Kq8Wz5Ld7Tb2Rm6Yc4Hs9Pf1Gj",
  ];
  const cookie = `part=${body}; seal=${seal}`;
  const traces = capture(
    login({ answer: {}, setCookies: [`part=${body}; Path=/`, `seal=${seal}; Path=/`] }),
    trace(`GET ${SITE}/goods`, {
      headers: [["Authorization", `Bearer ${body}.${seal}`]],
      cookie,
      answer: { goods: [1] },
    }),
  );
  assert.ok(
    linesOf(flowOf(analyzeLogin(traces)), "result").includes(
      'result header Authorization = "Bearer " + {part} + "." + {seal}',
    ),
  );
});

Deno.test("a login loads its page once, however often the user did", () => {
  const page = (sid: string, csrf: string, cookie?: string) =>
    trace(`GET ${SITE}/in`, {
      ...cookie === undefined ? {} : { cookie: `sid=${cookie}` },
      setCookies: [`sid=${sid}; Path=/`],
      html:
        `<form method="post"><input type="hidden" name="csrf" value="${csrf}"><input name="username"><input type="password" name="password"></form>`,
    });
  const [one, two, three] = ["a8Kd73jLq0Wz5Xv2", "b9Le84kMr1Xa6Yw3", "c0Mf95lNs2Yb7Zx4"];
  const traces = capture(
    page(one, "k3Vb7Nq1Xz5Lw9Td"),
    page(two, "m4Wc8Or2Ya6Mx0Ue", one),
    trace(`POST ${SITE}/in`, {
      cookie: `sid=${two}`,
      form: { csrf: "m4Wc8Or2Ya6Mx0Ue", username: "ivar.moe", password: "Larch 5 & Yew" },
      location: `${SITE}/`,
      setCookies: [`sid=${three}; Path=/`],
    }),
    trace(`GET ${SITE}/goods`, { cookie: `sid=${three}`, answer: { goods: [1] } }),
  );
  assert.deepEqual(flowOf(analyzeLogin(traces)).steps.map(({ trace }) => trace), [
    "t_0002",
    "t_0003",
  ]);
});

Deno.test("a password's field with bytes that nobody types is a gap of the draft, however short", () => {
  const analysis = analyzeLogin(capture(
    login({ json: { username: "ivar.moe", password: "AayfiirkzXM=" } }),
    get([]),
  ));
  assert.equal(analysis.kind, "draft");
  if (analysis.kind !== "draft") return;
  assert.deepEqual(analysis.gaps.map(({ place }) => place), ["body password"]);
});
