/** What of a recording stands in a text that is handed on, in whatever form. */
import assert from "node:assert/strict";
import { Evidence } from "../../lib/judge/evidence.ts";
import { recordedTexts } from "../../lib/judge/handed_on_texts.ts";
import { capture, trace } from "../support/traces.ts";

const SESSION = "s_9fK2mQ7xT4vB1nZ8";

const evidence = new Evidence(capture(
  trace("GET https://shop.example/", { html: "<h1>Acme Orders</h1><p>Call +1 555 0100</p>" }),
  trace("POST https://shop.example/login", {
    form: { email: "mia@corp.example", password: "tulip-Garden-77" },
    setCookies: [`sid=${SESSION}; Path=/`],
    answer: { ok: true, user: { name: "Mia Holm", company: "Acme Orders" } },
  }),
  trace("GET https://shop.example/api/me", {
    cookie: `sid=${SESSION}`,
    answer: { firstName: "Miakatarina", phone: "+4670123456", plan: "standard", orders: 7 },
  }),
  trace("GET https://shop.example/orders", {
    cookie: `sid=${SESSION}`,
    html: `<h1>Orders</h1><script>fetch("/api/orders?page=1&per=20").then(show)</script>`,
  }),
));

function found(text: string): string[] {
  return recordedTexts([{ where: "here", text }], [evidence], []).map(({ what }) => what);
}

const jwt = ["e30", btoa('{"email":"mia@corp.example"}').replace(/=+$/, ""), "c2ln"].join(".");

for (
  const [what, text] of [
    ["a password", 'const a = "tulip-Garden-77";'],
    ["a password in base64 behind its user", btoa("mia@corp.example:tulip-Garden-77")],
    ["an address in a URL", "https://shop.example/u?e=mia%40corp.example"],
    ["an address in a token", `Bearer ${jwt}`],
    ["a session in JSON in JSON", JSON.stringify(JSON.stringify({ sid: SESSION }))],
    ["what somebody is called", "dear Mia Holm, welcome"],
    ["a first name", '{"a":"Miakatarina"}'],
    ["a telephone number", "+4670123456"],
  ] as const
) {
  Deno.test(`recordedTexts() finds ${what}`, () => assert.notDeepEqual(found(text), []));
}

for (
  const [what, text] of [
    ["what everybody is shown", "Acme Orders"],
    ["a part of a longer word", "Miakatarinas"],
    ["a word", "standard"],
    ["an address that a page asks", "https://shop.example/api/orders?page=1&per=20"],
    ["another user's credentials", 'btoa("kim@corp.example:other-Garden-12")'],
  ] as const
) {
  Deno.test(`recordedTexts() lets ${what} pass`, () => assert.deepEqual(found(text), []));
}

Deno.test("recordedTexts() says what it is, and never the value", () => {
  const said = recordedTexts([{ where: "tool a", text: SESSION }], [evidence], []);
  assert.deepEqual(said, [{
    where: "tool a",
    what: "a value that the answer of t_0002 issued",
  }]);
});
