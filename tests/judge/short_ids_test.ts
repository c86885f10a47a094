/** Numbers and short ids of an answer that a script writes down inside of something, and seals from another session. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import type { RunResult } from "../../lib/judge/run.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial, type Person } from "./trial.ts";

const SITE = "https://quarry.example";
const KEY = "w8Lk20dVq5Zt73Hn";
const recorded = { user: "oskar.lind", password: "Flint-29 seam" };

const login = (answer: object) =>
  trace(`POST ${SITE}/in`, { json: recorded, answer: answer as never });
const use = (name: string, value: string) =>
  trace(`GET ${SITE}/pits`, { headers: [[name, value]], answer: { pits: [1] } });

/** What is said of a header that the script makes of what its answer held. */
function said(
  traces: Trace[],
  name: string,
  make: (who: Person) => string,
  reminted: readonly string[],
) {
  const result = (who: Person): RunResult => ({
    headers: { [name]: make(who) },
    parameters: [],
    computed: [],
  });
  const { objections, assumptions } = judgeTrial({
    traces,
    recorded,
    reminted,
    play: (who) => ({
      sent: {
        t_0001:
          trace(`POST ${SITE}/in`, { json: { user: who.user, password: who.password } }).request,
      },
      result: result(who),
    }),
  });
  return [
    ...objections.map(({ where, problem }) => `${where} ${problem}`),
    ...assumptions.map(({ where, why }) => `${where} assumed: ${why}`),
  ].join("; ");
}

Deno.test("judgeScript() finds a number of the answer in a pair and in JSON, however it was computed", () => {
  const pair = (id: string, key: string) => `Basic ${btoa(`${id}:${key}`)}`;
  const json = (id: string, key: string) => JSON.stringify({ pit: Number(id), key });
  for (const [name, make] of [["Authorization", pair], ["X-Pit", json]] as const) {
    const traces = capture(login({ pit: { id: 7302 }, key: KEY }), use(name, make("7302", KEY)));
    const of = (id: (who: Person) => string) =>
      said(traces, name, (who) => make(id(who), who.fresh(KEY)), ["7302"]);
    assert.equal(of((who) => who.fresh("7302")), "");
    assert.match(of(() => String(7300 + 2)), /holds a recorded value, .* t_0001, JSON "pit.id"/);
  }
});

Deno.test("judgeScript() takes a number for the client's where a request had it before the answer", () => {
  const make = (key: string) => JSON.stringify({ pit: 7302, key });
  const traces = capture(
    login({ pit: { id: 7302 }, key: KEY }),
    use("X-Pit", make(KEY)),
  ).map((one, index) =>
    index === 0
      ? {
        ...one,
        request: { ...one.request, headers: [["X-Site", "7302"], ...one.request.headers] as const },
      }
      : one
  );
  assert.equal(said(traces, "X-Pit", (who) => make(who.fresh(KEY)), []), "");
});

Deno.test("judgeScript() names a short id of an answer that stands alone under another name", () => {
  const traces = capture(
    login({ shed: "B4", key: KEY }),
    trace(`GET ${SITE}/pits`, {
      headers: [["Authorization", `Bearer ${KEY}`], ["X-Store", "B4"]],
      answer: {},
    }),
  );
  const of = (store: string) =>
    said(traces, "X-Store", () => store, ["B4"]).split("; ").filter((one) => /X-Store/.test(one));
  assert.match(of("B4").join(), /assumed: the answer of t_0001 holds it \(JSON "shed"\)/);
});

Deno.test("judgeScript() refuses a state of the server's that is glued from two sessions", () => {
  const state = `${btoa('{"to":"/home","n":"4f19"}').replace(/=+$/, "")}.Qm7Xc2Vb9Nd4Ks8Lf1Pz6Rt3`;
  const traces = capture(
    trace(`GET ${SITE}/start`, { html: `<input type="hidden" name="state" value="${state}">` }),
    trace(`POST ${SITE}/in`, { form: { state, ...recorded }, answer: { key: KEY } }),
    use("Authorization", `Bearer ${KEY}`),
  );
  const refusals = (stateOf: (who: Person) => string) =>
    judgeTrial({
      traces,
      recorded,
      play: (who) => ({
        sent: {
          t_0001: traces[0]!.request,
          t_0002: trace(`POST ${SITE}/in`, {
            form: { state: stateOf(who), user: who.user, password: who.password },
          }).request,
        },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(KEY)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).objections.map(({ problem }) => problem).join();
  assert.equal(refusals((who) => who.fresh(state)), "");
  assert.match(
    refusals((who) => `${who.fresh(state).split(".")[0]}.${state.split(".")[1]}`),
    /is a signed value that no answer holds whole/,
  );
});

Deno.test("judgeScript() takes a form field's name on trust that looks made for one visit", () => {
  const named = (name: string, who: { user: string; password: string }) =>
    trace(`POST ${SITE}/in`, {
      form: { [name]: who.user, password: who.password },
      answer: { key: KEY },
    });
  const assumed = (name: string, others: readonly (readonly Trace[])[] = []) =>
    judgeTrial({
      traces: capture(named(name, recorded), use("Authorization", `Bearer ${KEY}`)),
      recorded,
      others,
      play: (who) => ({
        sent: { t_0001: named(name, who).request },
        result: {
          headers: { Authorization: `Bearer ${who.fresh(KEY)}` },
          parameters: [],
          computed: [],
        },
      }),
    }).assumptions.filter(({ where }) => /^the name/.test(where)).map(({ where }) => where);
  assert.deepEqual(assumed("u4f91c07e"), ['the name of body field "u4f91c07e"']);
  assert.deepEqual(assumed("u4f91c07e", [capture(named("u4f91c07e", recorded))]), []);
  for (const name of ["ctl00$Main$txtUser", "j_idt12:username", "input_1_3"]) {
    assert.deepEqual(assumed(name), [], name);
  }
});
