import assert from "node:assert/strict";
import fc from "fast-check";
import { Fingerprints } from "../../lib/correlate/fingerprints.ts";

const encoder = new TextEncoder();

/** Where `run` is found in the texts. */
function placesOf(run: string, ...texts: readonly string[]): readonly number[] | undefined {
  const prints = new Fingerprints();
  prints.want(run);
  for (const [index, text] of texts.entries()) prints.note(encoder.encode(text), index);
  return prints.places(run);
}

Deno.test("note() finds whole runs of letters and digits", () => {
  assert.deepEqual(placesOf("k9Xw2", "a k9Xw2 b", "ak9Xw2", "k9Xw2b", "ë:k9Xw2:ë"), [0, 3]);
});

Deno.test("note() takes escapes for ends of runs", () => {
  const texts = ["a%2Fk9Xw2", "\\u002fk9Xw2", "\\nk9Xw2", "&amp;k9Xw2", "&#x2f;k9Xw2", "%2k9Xw2"];
  assert.deepEqual(placesOf("k9Xw2", ...texts), [0, 1, 2, 3, 4]);
  const nested = ["a%253Dk9Xw2", "a%25252Fk9Xw2", "%25k9Xw2", "%253k9Xw2"];
  assert.deepEqual(placesOf("k9Xw2", ...nested), [0, 1, 2]);
});

Deno.test("note() looks into base64 of JSON", () => {
  const encoded = btoa(`{"sid":"k9Xw2"}`).replaceAll("=", "");
  assert.deepEqual(placesOf("k9Xw2", `token=${encoded}.sig`, `x${encoded}`), [0]);
});

Deno.test("note() remembers the earliest texts and forgets what comes too often", () => {
  const places = placesOf("often", ...Array<string>(1_000).fill("often, often"));
  assert.deepEqual(places?.slice(0, 3), [0, 1, 2]);
  assert.ok(places!.length < 100);
});

Deno.test("a run that comes too often hides no other", () => {
  const prints = new Fingerprints();
  const runs = Array.from({ length: 2_000 }, (_, index) => `run${index}x`);
  for (const run of runs) prints.want(run);
  const text = encoder.encode(runs.slice(0, 1_900).join(" "));
  for (let index = 0; index < 100; index++) prints.note(text, index);
  prints.note(encoder.encode(runs.slice(1_900).join(" ")), 100);
  for (const run of runs.slice(1_900)) assert.deepEqual(prints.places(run), [100], run);
});

Deno.test("places() tells what was asked for from what was not", () => {
  assert.deepEqual(placesOf("k9Xw2", "nothing"), []);
  assert.equal(new Fingerprints().places("k9Xw2"), undefined);
});

Deno.test("note() finds what a search by regular expression finds", () => {
  const piece = fc.constantFrom(
    "k9Xw2",
    "abcd",
    "%2F",
    "%253D",
    "%zz",
    "\\",
    "&amp;",
    " ",
    "é",
    "eyJ",
    "-",
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
    const text = pieces.join("");
    const plain = text.replace(/%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\.|&#?\w{1,7};/gsu, " ");
    const isThere = plain.split(/[^A-Za-z0-9]+/).includes("k9Xw2");
    assert.equal(placesOf("k9Xw2", text)!.length, isThere ? 1 : 0, text);
  }));
});
