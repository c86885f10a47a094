import assert from "node:assert/strict";
import { MASK, Redactor } from "../../lib/base/redact.ts";
import { maskBodyText } from "../../lib/capture/mask_body.ts";
import { maskHeaders, maskUrlParts, maskUrlSecrets } from "../../lib/capture/mask_exchange.ts";
import { secretValues } from "../../lib/capture/secret_values.ts";
import { harHeaders, linesOf, readOne } from "./har_builder.ts";

const none = new Redactor();

function mask(type: string, text: string): string {
  const headers = [["Content-Type", type]] as const;
  return maskBodyText(headers, new TextEncoder().encode(text), text, none);
}

Deno.test("maskHeaders() masks credentials and keeps names, schemes and attributes", () => {
  const masked = maskHeaders([
    ["Authorization", "Bearer abc"],
    ["authorization", "opaque"],
    ["Cookie", "a=1; sid=x=y"],
    ["Set-Cookie", "sid=abc; Path=/; HttpOnly"],
    ["X-API-Key", "k"],
    ["X-CSRF-Token", "t"],
    ["Accept", "text/html"],
  ], none);
  assert.deepEqual(linesOf(masked), [
    `Authorization: Bearer ${MASK}`,
    `authorization: ${MASK}`,
    `Cookie: a=${MASK}; sid=${MASK}`,
    `Set-Cookie: sid=${MASK}; Path=/; HttpOnly`,
    `X-API-Key: ${MASK}`,
    `X-CSRF-Token: ${MASK}`,
    "Accept: text/html",
  ]);
});

Deno.test("maskUrlSecrets() masks passwords and credential parameters", () => {
  const cases: [string, string][] = [
    ["https://a:b@x.example/p?q=1", `https://a:${MASK}@x.example/p?q=1`],
    [
      "https://x.example/?access_token=1&q=2#id_token=3",
      `https://x.example/?access_token=${MASK}&q=2#id_token=${MASK}`,
    ],
    ["/cb?code=1&state=2", `/cb?code=${MASK}&state=2`],
    ["https://x.example/token?token_type=a", "https://x.example/token?token_type=a"],
  ];
  for (const [url, expected] of cases) assert.equal(maskUrlSecrets(url, none), expected);
});

Deno.test("maskUrlParts() masks known values as whole parts, encoded or not", () => {
  const secrets = new Set(["a+b/c==", "9f8e7d6c"]);
  const cases: [string, string][] = [
    ["https://x.example/s/9f8e7d6c/edit?q=1", `https://x.example/s/${MASK}/edit?q=1`],
    ["https://x.example/?k=a%2Bb%2Fc%3D%3D", `https://x.example/?k=${MASK}`],
    ["https://x.example/9f8e7d6c0", "https://x.example/9f8e7d6c0"],
    ["https://x.example/?token=1", `https://x.example/?token=${MASK}`],
  ];
  for (const [url, expected] of cases) assert.equal(maskUrlParts(url, secrets), expected);
});

Deno.test("maskBodyText() masks fields by name, however short their value", () => {
  const form = "application/x-www-form-urlencoded";
  assert.equal(mask(form, "user=a&pwd=1&x=2"), `user=a&pwd=${MASK}&x=2`);
  assert.equal(
    mask("application/json", '{"user":"a","pin": 1234,"deep":[{"Password":"q\\"x"}],"n":1}'),
    `{"user":"a","pin": "${MASK}","deep":[{"Password":"${MASK}"}],"n":1}`,
  );
  assert.equal(
    mask(
      "multipart/form-data; boundary=b",
      '--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n2\r\n--b--\r\n',
    ),
    `--b\r\nContent-Disposition: form-data; name="pin"\r\n\r\n${MASK}\r\n--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n2\r\n--b--\r\n`,
  );
  assert.equal(mask("text/plain", "password=1"), "password=1");
});

Deno.test("secretValues() finds every place of a credential and no short or harmless value", () => {
  const exchange = readOne({
    request: {
      url: "https://x.example/?api_key=query-api-key&q=harmless-query",
      headers: harHeaders(
        "Authorization: Bearer bearer-token",
        `Proxy-Authorization: Basic ${btoa("u:basic-password")}`,
        "Cookie: sid=cookie-value; lang=en",
        "X-Auth-Token: header-token",
        "Accept: harmless-accept",
      ),
      postData: {
        mimeType: "application/x-www-form-urlencoded",
        text: "password=form%2Bpassword&user=harmless-user&pin=1234",
      },
    },
    response: {
      headers: harHeaders(
        "Set-Cookie: sid=fresh-cookie; Path=/harmless",
        "Location: https://u:url-password@x.example/cb?code=authorization-code",
        "Content-Type: application/json",
      ),
      content: {
        text: '{"data":[{"access_token":"json-access-token","token_type":"harmless-bearer"}]}',
        size: 1,
      },
    },
  });
  assert.deepEqual(
    secretValues(exchange).sort(),
    [
      "authorization-code",
      "basic-password",
      "bearer-token",
      "cookie-value",
      "form+password",
      "fresh-cookie",
      "header-token",
      "json-access-token",
      "query-api-key",
      btoa("u:basic-password"),
      "url-password",
    ].sort(),
  );
});
