import assert from "node:assert/strict";
import { visibleText } from "../../lib/http/visible_text.ts";

const CASES: readonly (readonly [what: string, html: string, text: string])[] = [
  ["texts of blocks apart", "<p>Wrong</p><p>password</p>", "Wrong password"],
  ["words that elements of a line divide", "pass<b>word</b>", "password"],
  ["references", "Caf&eacute; &amp; bar", "Café & bar"],
  ["no scripts and styles", "<style>.blocked{}</style>Hi<script>locked()</script>", "Hi"],
  ["no attributes", '<p class="account-locked" title="blocked">Hi</p>', "Hi"],
  [
    "nothing hidden",
    '<div hidden>locked <p>blocked</p></div><p style="display: none">x</p>Hi',
    "Hi",
  ],
  [
    "what stands behind hidden elements without an end tag",
    "<br hidden>Hi<input hidden>you",
    "Hi you",
  ],
  ["a hidden element in another of its name", "<div hidden><div>a</div>b</div>c", "c"],
  ["broken markup", "<p hidden>a<div>b</div", "b"],
  ["the title", "<title>Sign in</title><body>Hello", "Sign in Hello"],
];

for (const [what, html, text] of CASES) {
  Deno.test(`visibleText() shows ${what}`, () => assert.equal(visibleText(html), text));
}
