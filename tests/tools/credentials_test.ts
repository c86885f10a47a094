import assert from "node:assert/strict";
import {
  type Credentials,
  mergeCookies,
  NO_CREDENTIALS,
  secretTexts,
  setAtPath,
  withCredentials,
} from "../../lib/tools/credentials.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";

const request = (parts: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "POST",
  url: "https://api.example.com/notes?page=2",
  headers: [],
  body: null,
  ...parts,
});

const credentials = (parts: Partial<Credentials>): Credentials => ({ ...NO_CREDENTIALS, ...parts });

const utf8 = (text: string) => new TextEncoder().encode(text);
const textOf = (body: Uint8Array | null) => body === null ? null : new TextDecoder().decode(body);

Deno.test("withCredentials() lets the credential's header win, whatever its case", () => {
  const { headers } = withCredentials(
    request({ headers: [["authorization", "Bearer stale"], ["X-Client", "web"]] }),
    credentials({ headers: { Authorization: "Bearer fresh", "x-csrf-token": "c1" } }),
  );
  assert.deepEqual(headers, [
    ["X-Client", "web"],
    ["Authorization", "Bearer fresh"],
    ["x-csrf-token", "c1"],
  ]);
});

Deno.test("withCredentials() merges cookies by name, the credential's value last", () => {
  const { headers } = withCredentials(
    request({ headers: [["cookie", "theme=dark; sid=old"]] }),
    credentials({ headers: { Cookie: "sid=new; csrf=c" } }),
  );
  assert.deepEqual(headers, [["Cookie", "theme=dark; sid=new; csrf=c"]]);
});

Deno.test("withCredentials() replaces a query value and leaves the rest byte for byte", () => {
  const { url } = withCredentials(
    request({ url: "https://api.example.com/x?a=1,2&key=old&b=c%20d&key=older#part" }),
    credentials({ query_params: { key: "n&w +%" } }),
  );
  assert.equal(url, "https://api.example.com/x?a=1,2&b=c%20d&key=n%26w%20%2B%25");
});

Deno.test("withCredentials() writes body values where the body's type has them", async (t) => {
  const cases: readonly [name: string, type: string, body: string, expected: string][] = [
    ["a member", "application/json", '{"a":1}', '{"a":1,"auth":"T"}'],
    ["a vendor's JSON", "application/vnd.x+json", '{"auth":"old","a":1}', '{"auth":"T","a":1}'],
    [
      "each call of a batch",
      "application/json",
      '[{"a":1},{"a":2}]',
      '[{"a":1,"auth":"T"},{"a":2,"auth":"T"}]',
    ],
    ["JSON sent as text", "text/plain", '{"a":1}', '{"a":1,"auth":"T"}'],
    ["a form field", "application/x-www-form-urlencoded", "a=1&auth=old&b=%20", "a=1&b=%20&auth=T"],
    ["plain text stays", "text/plain", "hello", "hello"],
    ["XML without the element stays", "application/xml", "<a/>", "<a/>"],
    [
      "an empty element",
      "text/xml",
      '<?xml version="1.0"?><auth/>',
      '<?xml version="1.0"?><auth>T</auth>',
    ],
    [
      "an element with a value",
      "application/soap+xml",
      "<n:auth\n>old</n:auth>",
      "<n:auth\n>T</n:auth>",
    ],
  ];
  for (const [name, type, body, expected] of cases) {
    await t.step(name, () => {
      const dressed = withCredentials(
        request({ headers: [["content-type", type]], body: utf8(body) }),
        credentials({ body_params: { auth: "T" } }),
      );
      assert.equal(textOf(dressed.body), expected);
    });
  }
});

Deno.test("withCredentials() adds a multipart field before the closing line", () => {
  const body = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n';
  const dressed = withCredentials(
    request({ headers: [["content-type", "multipart/form-data; boundary=B"]], body: utf8(body) }),
    credentials({ body_params: { token: "T" } }),
  );
  assert.equal(
    textOf(dressed.body),
    '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' +
      '--B\r\nContent-Disposition: form-data; name="token"\r\n\r\nT\r\n--B--\r\n',
  );
});

Deno.test("withCredentials() gives no body to a request that has none", () => {
  const dressed = withCredentials(
    request({ method: "GET" }),
    credentials({ body_params: { auth: "T" } }),
  );
  assert.equal(dressed.body, null);
});

Deno.test("setAtPath() makes what is missing and never touches prototypes", () => {
  const cases: readonly [json: Parameters<typeof setAtPath>[0], path: string, expected: unknown][] =
    [
      [{}, "variables.token", { variables: { token: "T" } }],
      [{ variables: { a: 1 } }, "variables.token", { variables: { a: 1, token: "T" } }],
      [{ "a.b": 1 }, "a.b", { "a.b": "T" }],
      [{ params: ["x", "y"] }, "params.1", { params: ["x", "T"] }],
      [{ a: "text" }, "a.b", { a: { b: "T" } }],
    ];
  for (const [json, path, expected] of cases) {
    assert.deepEqual(setAtPath(json, path, "T"), expected);
  }
  const polluted = setAtPath({}, "__proto__.polluted", "T");
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(JSON.stringify(polluted), '{"__proto__":{"polluted":"T"}}');
});

Deno.test("mergeCookies() keeps the order and replaces in place", () => {
  assert.equal(mergeCookies("a=1; b=2; c=3", "b=9; d=4"), "a=1; b=9; c=3; d=4");
});

Deno.test("secretTexts() names the token behind its scheme and each cookie's value", () => {
  const texts = secretTexts(credentials({
    headers: { Authorization: "Bearer abcdef", Cookie: "sid=s3cret; t=tok" },
    query_params: { key: "K1" },
    body_params: { auth: "B1" },
    computed: [{ kind: "http_digest", username: "ada", password: "pw" }],
  }));
  for (const secret of ["abcdef", "s3cret", "tok", "K1", "B1", "pw"]) {
    assert.ok(texts.includes(secret), secret);
  }
});
