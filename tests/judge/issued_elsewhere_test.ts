/** A short value that an answer held under another name than the request: nobody can tell by one recording. */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace } from "../support/traces.ts";
import { judgeTrial } from "./trial.ts";

const APP = "https://ferry.example";
const TOKEN = "k8Wd31MzQv5yHn7cTe";
const recorded = { user: "ilse.brandt", password: "Cobalt-17 wren" };

function login(who: { user: string; password: string }, turn: number | string) {
  return trace(`POST ${APP}/in`, {
    json: { user: who.user, password: who.password, turn },
    answer: { token: TOKEN },
  });
}

/** What is taken on trust where a script writes down what the login sent as `turn`. */
function taken(
  turn: number | string,
  before: readonly Trace[],
  { others = [], source = "" }: { others?: readonly Trace[]; source?: string } = {},
) {
  const traces = capture(
    ...before,
    login(recorded, turn),
    trace(`GET ${APP}/me`, { headers: [["Authorization", `Bearer ${TOKEN}`]], answer: {} }),
  );
  const id = traces.at(-2)!.id;
  const { objections, assumptions } = judgeTrial({
    traces,
    recorded,
    source,
    others: others.length === 0 ? [] : [others],
    play: (who) => ({
      sent: {
        ...Object.fromEntries(traces.slice(0, before.length).map((one) => [one.id, one.request])),
        [id]: login(who, turn).request,
      },
      result: {
        headers: { Authorization: `Bearer ${who.fresh(TOKEN)}` },
        parameters: [],
        computed: [],
      },
    }),
  });
  assert.deepEqual(objections.filter(({ where }) => !/turn/.test(where)), []);
  return [...objections, ...assumptions].filter(({ where }) => /turn/.test(where)).map((one) =>
    "problem" in one ? one.problem : one.why
  );
}

const WRITTEN = { source: "send({ turn: 48_213 })" };
const quay = (next: number | string) => trace(`GET ${APP}/quay`, { answer: { next } });

Deno.test("what an answer held under another name before is taken on trust, and said to be", () => {
  for (const turn of [48213, 905512, "48213", "a7Kq2x"]) {
    const source = `send({ turn: ${JSON.stringify(turn)} })`;
    assert.match(
      taken(turn, [quay(turn)], { source }).join(),
      /^the answer of t_0001 holds it .*chance$/,
    );
  }
});

Deno.test("a number close to one that an answer held before may be computed from it", () => {
  for (const issued of [48196, "48214", 48301]) {
    assert.match(
      taken(48213, [quay(issued)], WRITTEN).join(),
      /^the answer of t_0001 holds a number close to it .*chance$/,
    );
  }
});

Deno.test("what the script takes from that answer needs no word, whatever else it writes down", () => {
  for (
    const source of ["send({ turn: next })", "// 48213\nsend({ turn: next, at: slice(148213) })"]
  ) {
    assert.deepEqual(taken(48213, [quay(48213)], { source }), []);
  }
});

Deno.test("what no answer held before, or what was sent before it, needs no word", () => {
  assert.deepEqual(taken(48213, [quay(58214)], WRITTEN), []);
  assert.deepEqual(taken(483, [quay(484)], { source: "send({ turn: 483 })" }), []);
  assert.deepEqual(taken("card", [quay("card")], { source: 'send({ turn: "card" })' }), []);
  const asked = trace(`GET ${APP}/quay?turn=48213`, { answer: { next: 48213 } });
  assert.deepEqual(taken(48213, [asked], WRITTEN), []);
});

Deno.test("another recording tells: the same again is a constant, another value is not a constant", () => {
  const second = (turn: number) =>
    capture(quay(turn), login({ user: "bo", password: "Salt 4" }, turn));
  assert.deepEqual(taken(48213, [quay(48213)], { ...WRITTEN, others: second(48213) }), []);
  assert.match(
    taken(48213, [quay(48213)], { ...WRITTEN, others: second(60077) }).join(),
    /another value in another recording/,
  );
});
