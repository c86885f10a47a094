import assert from "node:assert/strict";
import { type Attack, fillIn, parseAttack, readAttacks } from "./attacks/attack.ts";
import { openCanary } from "./attacks/canary.ts";
import { runAttacks } from "./attacks/run_all.ts";
import { judge } from "./attacks/judge.ts";
import { testedKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** At least so many scripts of each class: a suite that lost its files must not pass. */
const LEAST: Readonly<Record<string, number>> = {
  network: 36,
  import: 74,
  escape: 63,
  system: 20,
  protocol: 15,
  result: 24,
  pollution: 4,
  resource: 45,
  terminal: 14,
  legitimate: 6,
};

Deno.test("attack suite: no script gets out, and legitimate scripts work", async (t) => {
  const attacks = await readAttacks();
  for (const [name, least] of Object.entries(LEAST)) {
    const count = attacks.filter((attack) => attack.class === name).length;
    assert.ok(count >= least, `only ${count} scripts of the class "${name}"`);
  }
  for (const { attack, problems } of await runAttacks(attacks, 2, testedKeysmith)) {
    await t.step(`${attack.class}: ${attack.name}`, () => assert.deepEqual(problems, []));
  }
});

Deno.test("openCanary() notices a connection, a written file and a changed file", async () => {
  await withTempFolder(async (home) => {
    const canary = await openCanary(home);
    assert.deepEqual(await canary.touched(), []);
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: canary.port });
    await connection.read(new Uint8Array(1));
    connection.close();
    await Deno.writeTextFile(canary.writePath, "x");
    await Deno.writeTextFile(canary.filePath, "x");
    assert.deepEqual(await canary.touched(), [
      "the canary server saw 1 connections",
      "a file was written",
      "the canary file was changed",
    ]);
    await canary.close();
  });
});

const ATTACK: Attack = parseAttack(
  "sample",
  "// Class: network\n// Tries: Something.\n// Expect: failed\n// Message: /not among/\n",
);

const HELD = {
  run: { code: 1, stdout: errorDocument("SCRIPT_FAILED", "x is not among y"), stderr: "[a] x\n" },
  received: ["GET http://127.0.0.1:80/\nhost: 127.0.0.1:80\n"],
  approved: "127.0.0.1:80",
  token: "",
  secret: "canary-secret",
};

function errorDocument(code: string, message: string): string {
  return `${JSON.stringify({ error: { code, message } })}\n`;
}

Deno.test("judge() finds nothing where the attack was held", () => {
  assert.deepEqual(judge(ATTACK, HELD).problems, []);
});

Deno.test("judge() names every way in which an attack can get through", () => {
  const { run } = HELD;
  const table: [evidence: Partial<typeof HELD>, problem: RegExp][] = [
    [{ run: { ...run, code: 0, stdout: "{}" } }, /expected failed, got result/],
    [{ run: { ...run, stdout: errorDocument("SCRIPT_FAILED", "other") } }, /does not match/],
    [{ run: { ...run, stdout: errorDocument("INTERNAL", "x") } }, /got INTERNAL/],
    [{ run: { ...run, stdout: "crash" } }, /got exit code 1/],
    [{ run: { ...run, stderr: "\x1b[2J" } }, /unescaped/],
    [{ run: { ...run, stderr: "a\u202e" } }, /unescaped/],
    [{ run: { ...run, stderr: "keysmith: enter your master password:\n" } }, /passes for/],
    [{ run: { ...run, stderr: "canary-secret" } }, /secret was read/],
    [{ token: btoa("canary-secret") }, /secret was read/],
    [{ received: ["GET /?canary-secret\nhost: 127.0.0.1:80\n"] }, /secret was read/],
    [{ received: ["GET /\nhost: localhost:80\n"] }, /another name/],
    [{ received: ["GET /\nhost: 127.0.0.1:80\nkeysmith-replay-url: x\n"] }, /replay/],
  ];
  for (const [evidence, problem] of table) {
    const { problems } = judge(ATTACK, { ...HELD, ...evidence });
    assert.equal(problems.length, 1, `${problem}: ${problems}`);
    assert.match(problems[0] ?? "", problem);
  }
});

Deno.test("judge() holds a limit to its name", () => {
  const attack: Attack = { ...ATTACK, message: null, expect: { kind: "limit", limit: "time" } };
  const document = (limit: string) =>
    JSON.stringify({ error: { code: "SCRIPT_LIMIT", message: "x", details: { limit } } });
  const evidence = (limit: string) => ({ ...HELD, run: { ...HELD.run, stdout: document(limit) } });
  assert.deepEqual(judge(attack, evidence("time")).problems, []);
  assert.match(
    judge(attack, evidence("cpu")).problems[0] ?? "",
    /expected limit time, got limit cpu/,
  );
  const any: Attack = { ...attack, expect: { kind: "limit", limit: null } };
  assert.deepEqual(judge(any, evidence("cpu")).problems, []);
});

Deno.test("parseAttack() refuses a header that says too little", () => {
  assert.throws(() => parseAttack("x", "// Class: network\n// Expect: failed\n"), /"Tries"/);
  assert.throws(
    () => parseAttack("x", "// Class: a\n// Tries: b\n// Expect: nothing\n"),
    /expects "nothing"/,
  );
});

Deno.test("fillIn() replaces every placeholder it knows", () => {
  const attack = { ...ATTACK, source: "http://CANARY_HOST/ CANARY_PORT CANARY_X ALLOWED_HOST" };
  const values = { CANARY_HOST: "127.0.0.1:1", CANARY_PORT: "1", ALLOWED_HOST: "h" };
  assert.equal(fillIn(attack, values), "http://127.0.0.1:1/ 1 CANARY_X h");
});
