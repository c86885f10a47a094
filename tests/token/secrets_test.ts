import assert from "node:assert/strict";
import { Redactor } from "../../lib/base/redact.ts";
import { registerToken } from "../../lib/token/secrets.ts";
import { tokenState } from "../support/token_home.ts";

function masked(cookie: string, text: string): boolean {
  const redactor = new Redactor();
  registerToken(redactor, tokenState({ headers: { Cookie: cookie } }));
  return redactor.redact(text) !== text;
}

const CASES: readonly (readonly [cookie: string, text: string, isMasked: boolean])[] = [
  ["sid=k3Xw9QzL7mNp", "sid k3Xw9QzL7mNp", true],
  ["app_session=abcdefghijkl", "abcdefghijkl", true],
  ["lang=en-GB", "en-GB", false],
  ["siteUserName=Ann.Bergman", "hello Ann.Bergman", false],
  ["email=ann%40mail.example", "ann@mail.example", false],
  ["user_name=k3Xw9QzL7mNp", "k3Xw9QzL7mNp", true],
  ["user=eyJhbGciOiJub25lIn0.e30.x", "eyJhbGciOiJub25lIn0.e30.x", true],
];

for (const [cookie, text, isMasked] of CASES) {
  Deno.test(`registerToken() ${isMasked ? "masks" : "leaves"} ${cookie}`, () => {
    assert.equal(masked(cookie, text), isMasked);
  });
}
