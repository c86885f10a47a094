/** Which captures of an app are one session, and in which order things happened in it. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { inFlowOrder } from "../../lib/correlate/flow_order.ts";
import { sessionsOf } from "../../lib/correlate/sessions.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { RECORDED_AT_MS, trace } from "../support/traces.ts";

const PASS = "mZ4kPq81vTyW03rLxs9J";
const OTHER = "hB7nQw25uDcE64gKaf1R";

/** Traces of one file: ids that differ between files, times from `startSec` on, or all one time. */
function file(
  name: string,
  startSec: number,
  stepSec: number,
  ...traces: readonly Trace[]
): Trace[] {
  return traces.map((one, index) => ({
    ...one,
    id: `${name}${index}`,
    startedAtMs: RECORDED_AT_MS + (startSec + index * stepSec) * 1000,
  }));
}

const login = (pass: string) =>
  trace("POST https://ferry.example/login", {
    json: { user: "mara", password: "Quay-17-north" },
    answer: { pass },
  });
const trips = (pass: string, path = "trips") =>
  trace(`GET https://ferry.example/${path}`, {
    headers: [["Authorization", `Bearer ${pass}`]],
    answer: { trips: [1] },
  });

function idsOf(sessions: readonly (readonly Trace[])[]): string[] {
  return sessions.map((traces) => traces.map(({ id }) => id).join(" "));
}

Deno.test("sessionsOf() joins one file per request, wherever the login is", () => {
  const files = [
    file("u", 5, 1, trips(PASS)),
    file("l", 0, 1, login(PASS)),
    file("v", 9, 1, trips(PASS, "boats")),
  ];
  const sessions = sessionsOf(files);
  assert.deepEqual(idsOf(sessions), ["l0 u0 v0"]);
  assert.equal(analyzeLogin(sessions[0]!).kind, "flow");
});

Deno.test("sessionsOf() believes what was issued rather than clocks that contradict it", () => {
  const files = [file("u", 0, 1, trips(PASS), trips(PASS, "boats")), file("l", 60, 1, login(PASS))];
  assert.deepEqual(idsOf(sessionsOf(files)), ["l0 u0 u1"]);
});

Deno.test("sessionsOf() keeps two recordings of one login apart, and each with what followed it", () => {
  const files = [
    file("a", 0, 1, login(PASS)),
    file("b", 10, 1, trips(PASS)),
    file("c", 100, 1, login(OTHER)),
    file("d", 110, 1, trips(OTHER)),
  ];
  assert.deepEqual(idsOf(sessionsOf(files)), ["a0 b0", "c0 d0"]);
});

Deno.test("sessionsOf() joins the halves of a form login by its cookie and its token", () => {
  const form = `<form method=post><input type=hidden name=csrf_token value=${OTHER}>
    <input name=user><input type=password name=password></form>`;
  const files = [
    file("a", 0, 1, trace("GET https://ferry.example/in", { html: form, setCookies: ["pre=a1"] })),
    file(
      "b",
      1,
      1,
      trace("POST https://ferry.example/in", {
        form: { csrf_token: OTHER, user: "mara", password: "Quay-17-north" },
        cookie: "pre=a1",
        location: "/home",
        setCookies: [`sid=${PASS}; Path=/`],
      }),
    ),
    file(
      "c",
      2,
      1,
      trace("GET https://ferry.example/home", { cookie: `sid=${PASS}`, html: "<p>" }),
    ),
  ];
  assert.deepEqual(idsOf(sessionsOf(files)), ["a0 b0 c0"]);
});

Deno.test("sessionsOf() takes two exports of one recording for one", () => {
  const whole = file("a", 0, 1, login(PASS), trips(PASS), trips(PASS, "boats"));
  const later = whole.map((one) => ({ ...one, id: one.id.replace("a", "b") }));
  assert.deepEqual(idsOf(sessionsOf([whole.slice(0, 2), later])), ["a0 a1 b2"]);
});

Deno.test("sessionsOf() joins nothing that has nothing to do with one another", () => {
  const files = [file("a", 0, 1, login(PASS)), file("b", 9, 1, trips(OTHER))];
  assert.deepEqual(idsOf(sessionsOf(files)), ["a0", "b0"]);
});

Deno.test("inFlowOrder() puts the login of a collection with one time for all before its carriers", () => {
  const collection = file("a", 0, 0, trips(PASS), trips(PASS, "boats"), login(PASS));
  const ordered = inFlowOrder(collection);
  assert.deepEqual(idsOf([ordered]), ["a2 a0 a1"]);
  assert.equal(analyzeLogin(ordered).kind, "flow");
});

Deno.test("inFlowOrder() leaves the order where times differ or nothing is issued", () => {
  const told = file("a", 0, 1, trips(PASS), login(PASS));
  assert.deepEqual(idsOf([inFlowOrder(told)]), ["a0 a1"]);
  const plain = file("b", 0, 0, trips(PASS), login(OTHER));
  assert.deepEqual(idsOf([inFlowOrder(plain)]), ["b0 b1"]);
  // Issuers of each other's values: the order of the file decides.
  const ring = file(
    "c",
    0,
    0,
    trace(`GET https://ferry.example/a?next=${PASS}`, { answer: { next: OTHER } }),
    trace(`GET https://ferry.example/b?next=${OTHER}`, { answer: { next: PASS } }),
  );
  assert.equal(inFlowOrder(ring).length, 2);
});
