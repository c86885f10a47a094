import assert from "node:assert/strict";
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { base64Encode } from "../../lib/http/base64.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { keysmithWithin } from "./keysmith.ts";
import { answeredSecrets, assertNoSecret, printsSecrets, storedSecrets } from "./leaks.ts";
import { APP, tokenState, withApp } from "./token_home.ts";

const TOKEN = "t0ken/of+Nobody=41";

for (
  const [form, shown] of [
    ["as it is", TOKEN],
    ["URL-encoded", encodeURIComponent(TOKEN)],
    ["URL-encoded twice", encodeURIComponent(encodeURIComponent(TOKEN))],
    ["in base64", base64Encode(TOKEN)],
  ] as const
) {
  Deno.test(`assertNoSecret() finds a secret ${form}, and does not repeat it`, () => {
    const show = () => assertNoSecret("keysmith x", `before ${shown} after`, [TOKEN]);
    assert.throws(
      show,
      ({ message }: Error) => /keysmith x/.test(message) && !message.includes(shown),
    );
  });
}

Deno.test("assertNoSecret() looks for the passwords of the accounts too, and lets the rest pass", () => {
  assert.throws(() => assertNoSecret("x", `{"password":"${SECOND.password}"}`, []));
  assertNoSecret("x", `${SECOND.name} ${SECOND.email}`, [TOKEN, "short"]);
});

Deno.test("storedSecrets() knows the credentials of a home, which auth headers alone prints", () =>
  withApp(async (home) => {
    const headers = { Authorization: `Bearer ${TOKEN}`, Cookie: "sid=abcdefgh12; theme=lightness" };
    await writeToken(home, APP, tokenState({ headers }));
    const secrets = storedSecrets(home.root);
    for (const secret of [TOKEN, "abcdefgh12", "lightness", "refresh-token-1"]) {
      assert.ok(secrets.includes(secret), secret);
    }
    const args = ["auth", "headers", APP];
    const { stdout } = await keysmithWithin(args, { home: home.root });
    assert.ok(printsSecrets(args));
    assert.throws(() => assertNoSecret("auth headers", stdout, secrets));
  }));

Deno.test("answeredSecrets() takes the password out of answers, and nothing out of other input", () => {
  const answers = JSON.stringify({ "[shop] Password": TOKEN, Username: "ada.recorded" });
  assert.deepEqual(answeredSecrets(answers), [TOKEN]);
  assert.deepEqual(answeredSecrets("no JSON"), []);
});
