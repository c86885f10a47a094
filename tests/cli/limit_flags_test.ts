import assert from "node:assert/strict";
import { Flags } from "../../lib/cli/flags.ts";
import { LIMIT_OPTIONS, parseLimits } from "../../lib/cli/limit_flags.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";

Deno.test("LIMIT_OPTIONS name the defaults that the sandbox has, in the unit of the option", () => {
  const defaults = LIMIT_OPTIONS.map(({ flags, summary }) => {
    const name = flags.slice(2, flags.indexOf(" ")).replace(/-(.)/g, (_, x) => x.toUpperCase());
    return [name, /\((\d+)\)$/.exec(summary)?.[1]];
  });
  assert.deepEqual(parseLimits(new Flags(Object.fromEntries(defaults))), DEFAULT_GUEST_LIMITS);
});
