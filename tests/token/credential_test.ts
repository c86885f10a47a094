import assert from "node:assert/strict";
import { credentialGap } from "../../lib/token/credential.ts";
import type { AuthResult } from "../../lib/script/contract.ts";

const sufficient: [name: string, result: AuthResult][] = [
  ["a bearer token", { headers: { Authorization: "Bearer abc" } }],
  ["a token without a scheme", { headers: { Authorization: "abc.def" } }],
  ["a custom header", { headers: { "X-Session": "1" } }],
  ["a cookie beside an empty one", { headers: { Cookie: "sid=abc; flash=" } }],
  ["a query parameter", { headers: {}, query_params: { key: "k" } }],
  ["a body parameter", { headers: {}, body_params: { "params.sid": "s" } }],
  ["a body parameter that is an object", { headers: {}, body_params: { auth: { token: "t" } } }],
  ["a computed credential", {
    headers: { Accept: "application/json" },
    computed: [{ kind: "http_digest", username: "a", password: "b" }],
  }],
];

for (const [name, result] of sufficient) {
  Deno.test(`credentialGap() accepts ${name}`, () => assert.equal(credentialGap(result), null));
}

const gaps: [name: string, result: AuthResult, problem: RegExp][] = [
  ["nothing at all", { headers: {} }, /no header/],
  ["descriptive headers alone", { headers: { Accept: "*/*", "User-Agent": "x" } }, /no header/],
  ["an empty bearer token", { headers: { Authorization: "Bearer " } }, /"Authorization"/],
  ["a scheme alone", { headers: { authorization: "Token" } }, /"authorization"/],
  ["a missing value", { headers: { Authorization: "Bearer undefined" } }, /"Authorization"/],
  ["an object", { headers: { "X-Token": "[object Object]" } }, /"X-Token"/],
  ["an empty object", { headers: {}, body_params: { auth: {} } }, /"auth"/],
  ["an empty header beside a full one", {
    headers: { "X-A": "a", "X-B": "null" },
  }, /"X-B"/],
  ["empty cookies", { headers: { Cookie: "sid=; b=undefined" } }, /"Cookie"/],
  ["an empty query parameter", { headers: {}, query_params: { key: "" } }, /"key"/],
  ["a null body parameter", { headers: {}, body_params: { sid: null } }, /"sid"/],
];

for (const [name, result, problem] of gaps) {
  Deno.test(`credentialGap() refuses ${name}`, () => {
    assert.match(credentialGap(result) ?? "", problem);
  });
}
