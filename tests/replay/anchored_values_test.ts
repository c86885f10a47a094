/** Many values found in one pass: the same places as looking for each by itself. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { EncodedText } from "../../lib/codec/encoded_text.ts";
import { AnchoredValues } from "../../lib/replay/anchored_values.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { countingRandom } from "./counting_random.ts";

const piece = fc.string({ unit: fc.constantFrom(..."aab1-_ é&/"), minLength: 1, maxLength: 14 });
const written = fc.constantFrom<(text: string) => string>(
  (text) => text,
  encodeURIComponent,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => JSON.stringify(text),
  (text) => text.replaceAll("&", "&amp;"),
);

Deno.test("AnchoredValues finds what a look for each value finds, in every encoding", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(piece, { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(fc.nat(7), written, piece), { maxLength: 8 }),
      (values, parts) => {
        const text = parts.map(([at, write, between]) =>
          `${write(values[at % values.length]!)}${between}`
        ).join("");
        const sought = values.map((value) => ({ text: new EncodedText(value) }));
        const index = new AnchoredValues<(typeof sought)[number]>();
        for (const one of sought) index.add(one);
        const found = index.in(text);
        for (const one of sought) {
          const spans = [...one.text.around(text, found.get(one) ?? [])]
            .map(({ start, end }) => ({ start, end }));
          assert.deepEqual(spans, one.text.spansIn(text), JSON.stringify([one.text.value, text]));
        }
      },
    ),
    { numRuns: fuzzRuns(300) },
  );
});

Deno.test("FreshValues replaces thousands of values in a text in one pass", () => {
  // Tokens differ in their longest run of letters and digits, by which they are found; a few of these do not.
  const many = Array.from({ length: 4_000 }, (_, at) => {
    const own = (at * 7919).toString(36);
    return at < 100 ? `session-value-${at}-${own}` : `session-${at}x${own}value`;
  });
  const fresh = new FreshValues(new RandomSource(countingRandom()), [], {
    recordedAtMs: 0,
    nowMs: 0,
  });
  many.forEach((value, at) =>
    fresh.add(value, { name: "a recorded value", kind: "extracted" }, `fresh-${at}`)
  );
  const replaced = fresh.substitute(many.join(";"), "text", { recordedAtMs: 0, nowMs: 0 });
  assert.equal(replaced, many.map((_, at) => `fresh-${at}`).join(";"));
  assert.equal(fresh.staleIn(`x=${many[17]}`)?.name, "a recorded value");
  assert.equal(fresh.staleIn(replaced), undefined);
});
