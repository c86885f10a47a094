/** The index of where values stand, and the questions asked of it. */
import assert from "node:assert/strict";
import { Occurrences } from "../../lib/correlate/occurrences.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace } from "../support/traces.ts";

const PASS = "v4Rq9-tideline/8+c";

function indexOf(...traces: readonly Trace[]): Occurrences {
  return new Occurrences(new Recording(capture(...traces)));
}

Deno.test("find() sees the answers before the request that carries the value", () => {
  const occurrences = indexOf(
    trace("GET https://pier.example/1", { answer: { id: "other-value-1" } }),
    trace("POST https://pier.example/2", { json: { pass: PASS } }),
    trace("GET https://pier.example/3", { answer: { pass: PASS } }),
    trace("POST https://pier.example/4", { json: { pass: PASS }, answer: { pass: PASS } }),
  );
  assert.equal(occurrences.find(PASS, 1), null);
  assert.equal(occurrences.find(PASS, 3)?.index, 2);
  assert.deepEqual([...occurrences.issuersBefore(PASS, 9)].map(({ index }) => index), [2, 3]);
  assert.deepEqual([...occurrences.issuersBefore(PASS, 9, (index) => index > 2)].length, 1);
});

Deno.test("find() sees scripts that come later, and values that no request carries", () => {
  const occurrences = indexOf(
    trace("POST https://pier.example/1", { json: { key: PASS } }),
    trace("GET https://pier.example/app.js", {
      text: `const key = "${PASS}"; const other = "m1-neverSent-77";`,
      noise: "static-asset",
    }),
  );
  assert.equal(occurrences.find(PASS, Infinity)?.index, 1);
  assert.equal(occurrences.find("m1-neverSent-77", Infinity)?.index, 1);
  assert.equal(occurrences.find("m1-nowhere-at-all", Infinity), null);
});

Deno.test("find() finds what stands encoded in a request", () => {
  const inner = `berth:${PASS}`;
  const sent = [btoa(inner), encodeURIComponent(inner), `Basic ${btoa(inner)}; v=2`];
  for (const value of sent) {
    const occurrences = indexOf(
      trace("GET https://pier.example/1", { answer: { pass: PASS } }),
      trace("POST https://pier.example/2", { json: { value } }),
    );
    assert.equal(occurrences.find(PASS, 1)?.index, 0, value);
  }
});

Deno.test("firstSent() and carriers() tell who carries a value", () => {
  const occurrences = indexOf(
    trace("GET https://pier.example/1", { headers: [["X-Pier", "north"]] }),
    trace("POST https://pier.example/north", { json: { pier: "north", who: "north-gate" } }),
    trace("GET https://pier.example/3?pier=north"),
  );
  assert.equal(occurrences.firstSent("north"), 0);
  assert.equal(occurrences.firstSent("south"), undefined);
  assert.deepEqual(
    occurrences.carriers("north")
      .map(({ message, leaf }) => `${message.index} ${leaf.place.kind}`).toArray(),
    ["0 header", "1 path", "1 json", "2 query"],
  );
});
