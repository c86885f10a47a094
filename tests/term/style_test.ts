import assert from "node:assert/strict";
import { styleFor } from "../../lib/term/style.ts";

const CASES: readonly {
  name: string;
  terminal: boolean;
  env: Record<string, string>;
  coloured: boolean;
}[] = [
  { name: "a terminal", terminal: true, env: {}, coloured: true },
  { name: "a pipe", terminal: false, env: {}, coloured: false },
  { name: "NO_COLOR", terminal: true, env: { NO_COLOR: "1" }, coloured: false },
  { name: "an empty NO_COLOR", terminal: true, env: { NO_COLOR: "" }, coloured: true },
  { name: "CI", terminal: true, env: { CI: "true" }, coloured: false },
  { name: "a dumb terminal", terminal: true, env: { TERM: "dumb" }, coloured: false },
];

for (const { name, terminal, env, coloured } of CASES) {
  Deno.test(`styleFor() with ${name}: ${coloured ? "colour" : "no colour"}`, async () => {
    const style = await styleFor({ isTerminal: terminal }, { get: (key) => env[key] });
    assert.equal(style.red("x"), coloured ? "\x1b[31mx\x1b[39m" : "x");
  });
}
