/** What a login's answer says of whoever logged in, and what the requests after it carry of that. */
import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import type { RunResult } from "../../lib/judge/run.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { type Person, type Played, saidOf } from "./trial.ts";

const SITE = "https://tarn.example";
const KEY = "k4Wz81tQb7Xn30Lp";
const recorded = { user: "ebba.moe", password: "Heron-41 reed" };

const login = (answer: JsonValue, parts: TraceParts = {}) =>
  trace(`POST ${SITE}/enter`, { json: recorded, answer, ...parts });
const reading = (parts: TraceParts) =>
  ["/boats", "/nets"].map((path) => trace(`GET ${SITE}${path}`, { answer: [1], ...parts }));
const entering = (who: Person) =>
  trace(`POST ${SITE}/enter`, { json: { user: who.user, password: who.password } }).request;
const resultOf = (
  headers: RunResult["headers"],
  parameters: RunResult["parameters"] = [],
): RunResult => ({ headers, parameters, computed: [] });

const said = (traces: Trace[], play: (who: Person) => Played, source = "") =>
  saidOf({ traces, recorded, play, source });

const WORDS = [["X-Role", "role", "warden"], ["X-Branch", "branch", "qv"], [
  "X-Pier",
  "pier",
  "7k",
]];

for (const [header = "", name = "", word = ""] of WORDS) {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${KEY}`], [header, word]] };
  const later = (parts: TraceParts = bearer) => reading(parts);
  const playing = (headers: RunResult["headers"]) => (who: Person): Played => ({
    sent: { t_0001: entering(who) },
    result: resultOf({ Authorization: `Bearer ${who.fresh(KEY)}`, ...headers }),
  });

  Deno.test(`judgeScript() names ${name} "${word}" that the answer says and the result copies or leaves out`, () => {
    const traces = capture(login({ token: KEY, me: { [name]: word } }), ...later());
    assert.match(
      said(traces, playing({ [header]: word }), `const it = "${word}";`),
      new RegExp(`result header "${header}": the answer of t_0001 holds it .*JSON "me.${name}"`),
    );
    assert.match(
      said(traces, playing({})),
      new RegExp(`result header "${header}": the result has not`),
    );
    assert.equal(said(traces, playing({ [header]: word })), "");
  });

  Deno.test(`judgeScript() takes ${name} "${word}" for the client's where it was sent before, or its code says it`, () => {
    const before = trace(`GET ${SITE}/start`, { headers: [[header, word]], html: "<p>hello" });
    const code = trace(`GET ${SITE}/app.js`, {
      body: ["", ""],
      answerHeaders: [["Content-Type", "text/javascript"]],
      text: `send("${header}", "${word}")`,
    });
    for (const first of word.length > 2 ? [before, code] : [before]) {
      const traces = capture(first, login({ token: KEY, me: { [name]: word } }), ...later());
      const play = (who: Person): Played => ({
        sent: { t_0002: entering(who) },
        result: resultOf({ Authorization: `Bearer ${who.fresh(KEY)}`, [header]: word }),
      });
      assert.doesNotMatch(said(traces, play, `const it = "${word}";`), /like name/);
    }
  });
}

Deno.test("judgeScript() names a word of the answer that the login sends on under its name", () => {
  const step = (ticket: string) =>
    trace(`POST ${SITE}/seat`, {
      json: { ticket, seat: "stern" },
      answer: { token: "Hq7w2ZkP4tVn9sXb3LmC" },
    });
  const traces = capture(
    login({ ticket: KEY, seat: "stern" }),
    step(KEY),
    ...reading({ headers: [["Authorization", "Bearer Hq7w2ZkP4tVn9sXb3LmC"]] }),
  );
  const play = (who: Person): Played => ({
    sent: { t_0001: entering(who), t_0002: step(who.fresh(KEY)).request },
    result: resultOf({ Authorization: `Bearer ${who.fresh("Hq7w2ZkP4tVn9sXb3LmC")}` }),
  });
  assert.match(
    said(traces, play, 'const seat = "stern";'),
    /body field "seat": the answer of t_0001 holds it/,
  );
  assert.equal(said(traces, play), "");
});

Deno.test("judgeScript() names a word of the answer that is copied under another name, and what excuses it", () => {
  const word = "editor";
  const carrying: TraceParts = { headers: [["X-Plan", word]] };
  const step = (ticket: string, scope = "all") =>
    trace(`POST ${SITE}/seat`, {
      ...carrying,
      json: { ticket, scope },
      answer: { token: "Hq7w2ZkP4tVn9sXb3LmC" },
    });
  const told = (before: readonly Trace[], scope?: string) => {
    const traces = capture(
      ...before,
      login({ ticket: KEY, role: word, level: "all" }),
      step(KEY, scope),
      ...reading({ headers: [["Authorization", "Bearer Hq7w2ZkP4tVn9sXb3LmC"]] }),
    );
    const [entered, seated] = traces.slice(before.length).map(({ id }) => id);
    const play = (who: Person): Played => ({
      sent: { [entered!]: entering(who), [seated!]: step(who.fresh(KEY), scope).request },
      result: resultOf({ Authorization: `Bearer ${who.fresh("Hq7w2ZkP4tVn9sXb3LmC")}` }),
    });
    return said(traces, play, `const plan = "${word}";`);
  };
  assert.equal(
    told([]),
    'header "X-Plan": the answer of t_0001 holds it under another name (JSON "role"), and may hold another ' +
      "for somebody else",
  );
  assert.match(told([], word), /^header "X-Plan"/, "no setting of the protocol is named beside it");
  assert.doesNotMatch(told([], word), /scope/);
  const page = (html: string, parts: TraceParts = {}) => trace(`GET ${SITE}/`, { html, ...parts });
  const code = trace(`GET ${SITE}/app.js`, {
    answerHeaders: [["Content-Type", "text/javascript"]],
    text: `plans.push('${word}')`,
  });
  for (const before of [page("<a>The editor of boats</a>"), page("<p>", carrying), code]) {
    assert.equal(told([before]), "");
  }
});

Deno.test("judgeScript() wants the nonce of the answer that the recorded client took it from", () => {
  const [one, two] = ["a8f3c6d1e2b4a7c9", "d4e9b1c7f2a6d3e8"];
  const ask = (nonce: string) => trace(`GET ${SITE}/nonce`, { answer: { nonce } });
  const enter = (user: object, nonce: string) =>
    trace(`POST ${SITE}/enter`, { json: { ...user, nonce }, answer: { ticket: KEY } });
  const seat = (ticket: string, nonce: string) =>
    trace(`POST ${SITE}/seat`, {
      json: { ticket, nonce },
      answer: { token: "Hq7w2ZkP4tVn9sXb3LmC" },
    });
  const traces = capture(
    ask(one),
    enter(recorded, one),
    ask(two),
    seat(KEY, two),
    ...reading({ headers: [["Authorization", "Bearer Hq7w2ZkP4tVn9sXb3LmC"]] }),
  );
  const playing = (again: boolean, last: string) => (who: Person): Played => ({
    sent: {
      t_0001: ask(one).request,
      t_0002: enter({ user: who.user, password: who.password }, who.fresh(one)).request,
      ...again ? { t_0003: ask(two).request } : {},
      t_0004: seat(who.fresh(KEY), who.fresh(last)).request,
    },
    result: resultOf({ Authorization: `Bearer ${who.fresh("Hq7w2ZkP4tVn9sXb3LmC")}` }),
  });
  assert.equal(said(traces, playing(true, two)), "");
  for (const again of [true, false]) {
    assert.match(
      said(traces, playing(again, one)),
      /body field "nonce" is not the value that the recorded client sent, .* t_0003/,
    );
  }
});

Deno.test("judgeScript() misses a session in the body where a cookie holds it as well", () => {
  const sid = "Hq7w2ZkP4tVn9sXb3LmC";
  const work = ["/boats", "/nets"].map((path) =>
    trace(`POST ${SITE}${path}`, { cookie: `sid=${sid}`, json: { sid, path }, answer: [1] })
  );
  const traces = capture(login({ sid }, { setCookies: [`sid=${sid}; Path=/`] }), ...work);
  const playing = (inBody: boolean) => (who: Person): Played => ({
    sent: { t_0001: entering(who) },
    result: resultOf(
      { Cookie: `sid=${who.fresh(sid)}` },
      inBody ? [["sid", who.fresh(sid)]] : [],
    ),
  });
  assert.match(said(traces, playing(false)), /result body field "sid" is missing/);
  assert.equal(said(traces, playing(true)), "");
  const reads = capture(...traces, ...reading({ cookie: `sid=${sid}` }));
  assert.equal(said(reads, playing(false)), "");
});
