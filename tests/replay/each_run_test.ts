/** Each run of a proof counts, and in each of them every number that the site issued is another. */
import assert from "node:assert/strict";
import { capture, trace } from "../support/traces.ts";
import { provenLogin } from "../support/proven_login.ts";

const SITE = "https://dock.example";
const TOKEN = "Zq81mmT0pLx4Rr7wB2";

const reading = trace(`GET ${SITE}/me`, {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: { ok: true },
});

/** A login whose second step carries a number of the first one's answer. */
const numbered = (berth: string | number) =>
  capture(
    trace(`POST ${SITE}/berth`, { json: { app: "web" }, answer: { berth } }),
    trace(`POST ${SITE}/login`, {
      json: { username: "noor.feld", password: "Tarn-88 quay", berth },
      answer: { token: TOKEN },
    }),
    reading,
    reading,
  );

/** Statements before the last request of the script. */
const before = (statement: string) => (source: string) => {
  const at = source.indexOf("  // t_0002");
  assert.ok(at > 0, source);
  return `${source.slice(0, at)}  ${statement}\n${source.slice(at)}`;
};

const THROWS: Readonly<Record<string, string>> = {
  "at the recorded moment": 'if (Date.now() < 1_770_000_000_000) throw new Error("too early");',
  "today": 'if (Date.now() > 1_770_000_000_000) throw new Error("too late");',
  "for a password with a quote": `if (/["'>&]/.test(password)) throw new Error("marks");`,
  "for the recorded password": 'if (password.length === 12) throw new Error("twelve");',
};

for (const [when, statement] of Object.entries(THROWS)) {
  Deno.test(`proveScript() refuses a script that throws ${when}`, async () => {
    const { proof, problems } = await provenLogin(numbered("B-204417"), before(statement));
    assert.equal(proof.passed, false, problems.join("\n"));
    assert.match(problems.join("\n"), /failed: Error|does not come to its end/);
  });
}

for (const berth of [42, "4711", 905_512]) {
  Deno.test(`proveScript() makes another number of ${JSON.stringify(berth)} in each run`, async () => {
    const { proof, problems } = await provenLogin(numbered(berth), (source) => {
      const changed = source.replace(/const berth = [^;]+;/, `const berth = "${berth}";`);
      assert.notEqual(changed, source);
      return changed;
    });
    assert.equal(proof.passed, false, "the recorded number was written down");
    assert.match(problems.join("\n"), /berth/);
  });
}
