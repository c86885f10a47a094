import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import { readAuthRecord, writeAuthRecord } from "../../lib/token/auth_file.ts";
import { askConsent, hasConsent, hostsNamed } from "../../lib/token/consent.ts";
import { requireAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, authRecord, withApp } from "../support/token_home.ts";

const SOURCE = 'const login = "https://login.example.com/token";\n';
const HOSTS = ["login.example.com:443", "api.example.com:443"];
const AGREED = authRecord(SOURCE, { hosts: HOSTS });

const changes: [name: string, consented: boolean, parts: Parameters<typeof authRecord>[1]][] = [
  ["the same script and hosts", true, {}],
  ["fewer hosts", true, { hosts: HOSTS.slice(1) }],
  ["a host more", false, { hosts: [...HOSTS, "evil.example:443"] }],
  ["no consent", false, { consent: null }],
];

for (const [name, consented, parts] of changes) {
  Deno.test(`hasConsent() with ${name} is ${consented}`, () => {
    const record = { ...AGREED, ...parts };
    assert.equal(hasConsent(record, { sha256: AGREED.scriptSha256 }), consented);
  });
}

Deno.test("hasConsent() of a changed script is false", () => {
  assert.equal(hasConsent(AGREED, { sha256: "other" }), false);
});

const asking: [
  name: string,
  options: Parameters<typeof fakeContext>[0],
  yes: boolean,
  given: boolean,
][] = [
  ["at the terminal", { interactive: true, confirmations: [true] }, false, true],
  ["with a yes given beforehand", {}, true, true],
  ["without a terminal", {}, false, false],
  ["with a no", { interactive: true, confirmations: [false] }, false, false],
];

for (const [name, options, yes, given] of asking) {
  Deno.test(`askConsent() ${name} ${given ? "remembers the yes" : "fails"}`, async () => {
    await withApp(async (home) => {
      const ctx = fakeContext(options);
      const script = await requireAuthScript(home, APP);
      const record = { ...AGREED, consent: null };
      await writeAuthRecord(home, APP, record);
      const asked = askConsent(ctx, home, APP, { record, script, yes });
      if (given) await asked;
      else {
        await assert.rejects(
          asked,
          (error: AppError) => error.code === "CONSENT_NEEDED" && /--yes/.test(error.hint ?? ""),
        );
      }
      const stored = await readAuthRecord(home, APP);
      assert.equal(hasConsent(stored!, script), given);
    }, { source: SOURCE });
  });
}

Deno.test("askConsent() shows script and hosts, and which of them the script names", async () => {
  await withApp(async (home) => {
    const ctx = fakeContext();
    const script = await requireAuthScript(home, APP);
    const record = { ...AGREED, consent: null };
    await askConsent(ctx, home, APP, { record, script, yes: true });
    const shown = ctx.lines.join("\n");
    assert.ok(shown.includes(script.path));
    assert.match(shown, /login\.example\.com:443, which it names/);
    assert.match(shown, /api\.example\.com:443, which it does not name/);
  }, { source: SOURCE });
});

Deno.test("askConsent() says where plain http is allowed: to other machines, when the user said so", async () => {
  await withApp(async (home) => {
    const script = await requireAuthScript(home, APP);
    const record = authRecord(SOURCE, { hosts: [...HOSTS, "127.0.0.1:80"], consent: null });
    for (const word of ["1", "", "0", undefined]) {
      const ctx = fakeContext();
      const env = { get: (name: string) => name === "KEYSMITH_ALLOW_HTTP" ? word : undefined };
      await askConsent({ ...ctx, env }, home, APP, { record, script, yes: true });
      const shown = ctx.lines.filter((line) => line.includes("over plain http"));
      assert.equal(shown.length, word === "1" ? HOSTS.length : 0, word);
    }
  }, { source: SOURCE });
});

const reasons: [name: string, said: RegExp, unsaid: RegExp][] = [
  [APP, /has not run live before/, /for this/],
  [`${APP}@ada`, /not agreed to for this account; each account has its own/, /run live/],
  [`${APP}:test`, /not agreed to for this environment; each environment/, /run live/],
];

for (const [name, said, unsaid] of reasons) {
  Deno.test(`askConsent() says of ${name} why it asks`, async () => {
    await withApp(async (home) => {
      const ctx = fakeContext();
      const script = await requireAuthScript(home, APP);
      const record = { ...AGREED, consent: null };
      await askConsent(ctx, home, name, { record, script, yes: true });
      assert.match(ctx.lines[0]!, said);
      assert.doesNotMatch(ctx.lines[0]!, unsaid);
    }, { source: SOURCE });
  });
}

Deno.test("askConsent() takes what was shown and begun for a yes to exactly that", async () => {
  await withApp(async (home) => {
    const script = await requireAuthScript(home, APP);
    const record = { ...AGREED, consent: null };
    const shown = { scriptSha256: script.sha256, hosts: HOSTS };
    const ctx = fakeContext({ interactive: true });
    const kept = await askConsent(ctx, home, APP, { record, script, yes: false, begun: shown });
    assert.ok(hasConsent(kept, script));
    assert.deepEqual([ctx.asked, ctx.lines], [[], []]);
    const others = [
      { begun: { ...shown, scriptSha256: "another" }, env: ctx.env },
      { begun: { ...shown, hosts: HOSTS.slice(1) }, env: ctx.env },
      { begun: shown, env: { get: (name: string) => name === "KEYSMITH_ALLOW_HTTP" ? "1" : "" } },
    ];
    for (const { begun, env } of others) {
      const other = fakeContext({ interactive: true, confirmations: [false] });
      const asked = askConsent({ ...other, env }, home, APP, { record, script, yes: false, begun });
      await assert.rejects(asked, { code: "CONSENT_NEEDED" });
      assert.equal(other.asked.length, 1);
    }
  }, { source: SOURCE });
});

Deno.test("askConsent() asks nothing that was agreed to", async () => {
  await withApp(async (home) => {
    const ctx = fakeContext({ interactive: true });
    const script = await requireAuthScript(home, APP);
    await askConsent(ctx, home, APP, { record: AGREED, script, yes: false });
    assert.deepEqual([ctx.asked, ctx.lines], [[], []]);
  }, { source: SOURCE });
});

Deno.test("hostsNamed() finds the hosts of all URLs in the text", () => {
  const source =
    'fetch("https://a.example/x"); fetch(`http://127.0.0.1:8080/${path}`); // https://B.example';
  assert.deepEqual([...hostsNamed(source)].sort(), [
    "127.0.0.1:8080",
    "a.example:443",
    "b.example:443",
  ]);
});

Deno.test("askConsent() takes no proof for a yes", async () => {
  const proof = {
    passed: true,
    steps: [],
    mismatches: [],
    assumptions: [],
    refresh: "none" as const,
    scriptSha256: AGREED.scriptSha256,
    provedAt: "2026-11-22T08:00:00.000Z",
  };
  const record = { ...AGREED, source: "correlation" as const, proof, consent: null };
  await withApp(async (home) => {
    const script = await requireAuthScript(home, APP);
    await writeAuthRecord(home, APP, record);
    const asked = askConsent(fakeContext({}), home, APP, { record, script, yes: false });
    await assert.rejects(asked, { code: "CONSENT_NEEDED" });
  }, { source: SOURCE });
});
