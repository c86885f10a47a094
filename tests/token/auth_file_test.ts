import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AuthRecord,
  readAuthRecord,
  updateAuthRecord,
  validateAuthRecord,
  writeAuthRecord,
} from "../../lib/token/auth_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, authRecord, IDLE_SCRIPT, withApp } from "../support/token_home.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

const full: AuthRecord = authRecord(IDLE_SCRIPT, {
  inputs: [{ name: "password", label: "Password", secret: true, kind: "password" }],
  proof: {
    passed: false,
    steps: [{ step: "s1", trace: "t_0001", method: "POST", url: "https://a/", status: "mismatch" }],
    mismatches: [{ step: null, trace: null, where: "result", problem: "no header" }],
    assumptions: [{ trace: null, where: "result", as: "typed", why: "told", isSettled: true }],
    refresh: "none",
    scriptSha256: "ab",
    provedAt: "2026-01-01T00:00:00.000Z",
  },
  probe: { method: "GET", url: "https://a/me", headers: [["X-App", "1"]] },
  values: [{ where: "t_0001 POST /login body password", from: "typed", kind: "credential" }],
});

Deno.test("writeAuthRecord() and readAuthRecord() keep every member", async () => {
  await withApp(async (home) => {
    await writeAuthRecord(home, APP, full);
    assert.deepEqual(await readAuthRecord(home, APP), full);
  });
});

Deno.test("readAuthRecord() reads a proof from before assumptions were kept", () => {
  const { assumptions: _, ...proof } = full.proof!;
  assert.deepEqual(validateAuthRecord({ ...full, proof }).proof?.assumptions, []);
});

Deno.test("updateAuthRecord() changes what it is given and nothing else", async () => {
  await withApp(async (home) => {
    await writeAuthRecord(home, APP, full);
    await updateAuthRecord(fakeContext(), home, APP, { consent: null });
    assert.deepEqual(await readAuthRecord(home, APP), { ...full, consent: null });
  });
});

Deno.test("updateAuthRecord() of several at once loses none", async () => {
  await withApp(async (home) => {
    const consent = { scriptSha256: "cd", hosts: [], givenAt: "" };
    await Promise.all([
      updateAuthRecord(fakeContext(), home, APP, { consent }),
      updateAuthRecord(fakeContext(), home, APP, { scriptSha256: "ef" }),
    ]);
    const record = await readAuthRecord(home, APP);
    assert.deepEqual([record?.consent, record?.scriptSha256], [consent, "ef"]);
  });
});

const damage: [name: string, change: Record<string, unknown>, problem: RegExp][] = [
  ["hosts that are no list", { hosts: "a:1" }, /"hosts"/],
  ["an unknown refresh", { refresh: "sometimes" }, /"refresh" is not one of recorded/],
  ["an unknown source", { source: "magic" }, /"source"/],
  ["a proof without a verdict", { proof: { ...full.proof, passed: "yes" } }, /"passed"/],
  ["a proof step of an unknown status", {
    proof: { ...full.proof, steps: [{ ...full.proof!.steps[0], status: "maybe" }] },
  }, /"status"/],
  ["a consent without a hash", { consent: { hosts: [], givenAt: "" } }, /"scriptSha256"/],
  ["a probe header that is not a pair", {
    probe: { method: "GET", url: "https://a/", headers: [["X"]] },
  }, /"headers"/],
  ["a value of an unknown kind", { values: [{ where: "", from: "", kind: "x" }] }, /"kind"/],
  ["an unknown member", { password: "x" }, /unknown member "password"/],
];

for (const [name, change, problem] of damage) {
  Deno.test(`validateAuthRecord() refuses ${name}`, () => {
    assert.throws(() => validateAuthRecord({ ...full, ...change }), problem);
  });
}

/** A copy whose member at a random place is something else; `turns` choose the way down. */
function damaged(value: unknown, turns: readonly number[], other: unknown): unknown {
  if (typeof value !== "object" || value === null || turns.length === 0) return other;
  const keys = Object.keys(value);
  if (keys.length === 0) return other;
  const key = keys[turns[0]! % keys.length]!;
  const member = (value as Record<string, unknown>)[key];
  const copy = Array.isArray(value) ? [...value] : { ...value };
  return Object.assign(copy, { [key]: damaged(member, turns.slice(1), other) });
}

Deno.test("validateAuthRecord() answers a record or names the problem, whatever it is given", () => {
  const turns = fc.array(fc.nat(), { maxLength: 5 });
  const anything = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(turns, anything, (way, other) => {
      const value = damaged(full, way, other);
      try {
        assert.deepEqual(validateAuthRecord(value), value);
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error));
      }
    }),
    { numRuns: fuzzRuns(2_000) },
  );
});
