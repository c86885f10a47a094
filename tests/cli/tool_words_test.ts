import assert from "node:assert/strict";
import { furtherWords } from "../../lib/cli/tool_words.ts";

Deno.test("furtherWords() repeats neither the name nor the request that stand beside it", () => {
  const cases: [name: string, description: string, further: string][] = [
    [
      "list_boats",
      "List boats. GET /boats. Arguments: page. Answers JSON: id.",
      "Arguments: page. Answers JSON: id.",
    ],
    ["list_boats", "GET /boats", ""],
    ["list_boats", "List boats", ""],
    [
      "list_boats",
      "List boats of the harbour. GET /boats. Slow.",
      "List boats of the harbour. GET /boats. Slow.",
    ],
    ["listBoats", "The boats\nin order", "The boats\nin order"],
    [
      "notes",
      'Notes. GraphQL query "notes" by GET /boats. Answers JSON.',
      'GraphQL query "notes" by GET /boats. Answers JSON.',
    ],
  ];
  for (const [name, description, further] of cases) {
    assert.equal(furtherWords({ name, description, method: "GET", path: "/boats" }), further);
  }
});
