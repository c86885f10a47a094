import assert from "node:assert/strict";
import type { Verdicts } from "../../scripts/check_patterns.ts";
import { patternsIn } from "../../scripts/patterns.ts";

const LIB = new URL("../../lib", import.meta.url).pathname;
const FILE = new URL("./patterns.json", import.meta.url);

Deno.test("every regular expression of lib/ is proven linear, or says what bounds its text", async () => {
  const { linear, bounded } = JSON.parse(await Deno.readTextFile(FILE)) as Verdicts;
  const judged = new Set([...linear, ...Object.keys(bounded)]);
  const patterns = patternsIn(LIB);
  const unjudged = patterns.filter(({ text }) => !judged.has(text))
    .map(({ file, text }) => `${file}: ${text}`);
  assert.deepEqual(unjudged, [], "deno task check:patterns judges them");
  for (const [text, reason] of Object.entries(bounded)) assert.ok(reason.length > 20, text);
});
