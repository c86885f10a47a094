import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { withFlags } from "../../lib/mcp/hint_flags.ts";

Deno.test("withFlags() completes every command of a hint, and nothing else", () => {
  const cases: [
    home: string | undefined,
    config: string | undefined,
    hint: string,
    want: string,
  ][] = [
    [undefined, undefined, "keysmith auth login shop", "keysmith auth login shop"],
    ["/k", undefined, "keysmith auth login shop", "keysmith --home /k auth login shop"],
    [
      "keys",
      "a b.yaml",
      "See keysmith config check (keysmith tools list x)",
      "See keysmith --home /work/keys --config '/work/a b.yaml' config check " +
      "(keysmith --home /work/keys --config '/work/a b.yaml' tools list x)",
    ],
    [
      "/k",
      undefined,
      "Add it to keysmith.yaml; keysmith is fine",
      "Add it to keysmith.yaml; keysmith is fine",
    ],
    [undefined, "/it's.yaml", "keysmith call a b", "keysmith --config '/it'\\''s.yaml' call a b"],
  ];
  for (const [homeOption, configOption, hint, want] of cases) {
    const ctx = { homeOption, configOption, workingFolder: "/work" };
    const error = withFlags(new AppError("AUTH_NEEDED", "m", { hint, details: { a: 1 } }), ctx);
    assert.deepEqual([error.hint, error.code, error.details], [want, "AUTH_NEEDED", { a: 1 }]);
  }
});
