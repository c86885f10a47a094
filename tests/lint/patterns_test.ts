import assert from "node:assert/strict";
import type { Verdicts } from "../../scripts/check_patterns.ts";
import { buildingPlaces, loadedPatterns, patternsIn, SANDBOXED } from "../../scripts/patterns.ts";

const LIB = new URL("../../lib", import.meta.url).pathname;
const FILE = new URL("./patterns.json", import.meta.url);

Deno.test("every regular expression of lib/ is proven linear, or says what bounds its text", async () => {
  const { linear, bounded } = JSON.parse(await Deno.readTextFile(FILE)) as Verdicts;
  const judged = new Set([...linear, ...Object.keys(bounded)]);
  const patterns = [...patternsIn(LIB), ...await loadedPatterns(LIB)];
  // A pattern that repeats nothing without a bound looks at no more than its own length at each place.
  const repeats = ({ source }: { source: string }) => /[*+]|\{\d+,\}/.test(source);
  const unjudged = patterns.filter((pattern) => repeats(pattern) && !judged.has(pattern.text))
    .map(({ file, text }) => `${file}: ${text}`);
  assert.deepEqual(unjudged, [], "deno task check:patterns judges them");
  for (const [text, reason] of Object.entries(bounded)) assert.ok(reason.length > 20, text);
});

Deno.test("patterns that are put together in a function of lib/ say of what, and why they end", async () => {
  const { built } = JSON.parse(await Deno.readTextFile(FILE)) as Verdicts;
  const places = buildingPlaces(LIB);
  const atOnce = places.filter(({ isInFunction }) => !isInFunction);
  assert.deepEqual(atOnce.filter(({ file }) => file.includes(SANDBOXED)), []);
  const files = new Set(
    places.filter(({ isInFunction }) => isInFunction).map(({ file }) => file.slice(LIB.length + 1)),
  );
  assert.deepEqual([...files].sort(), Object.keys(built).sort());
  for (const [file, reason] of Object.entries(built)) assert.ok(reason.length > 40, file);
});
