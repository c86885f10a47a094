import assert from "node:assert/strict";
import type { ErrorCode } from "../../lib/base/error.ts";
import { parseBodyText } from "../../lib/http/body.ts";
import type { ToolResponse } from "../../lib/tools/response.ts";
import { upstreamError } from "../../lib/tools/upstream_error.ts";

function response(status: number, json?: unknown): ToolResponse {
  const headers = json === undefined ? [] : [["content-type", "application/json"] as const];
  const body = new TextEncoder().encode(json === undefined ? "" : JSON.stringify(json));
  return {
    status,
    headers,
    method: "GET",
    requestedUrl: "https://api.example.com/x?key=…",
    url: "https://api.example.com/x?key=…",
    redirects: 0,
    body,
    mediaType: "",
    ...parseBodyText(headers, body),
    authenticated: true,
    cut: null,
    renewals: [],
  };
}

Deno.test("upstreamError() judges by status, and by the errors of JSON-RPC and GraphQL", async (t) => {
  const error = { message: "secret words of the server" };
  const cases: readonly [name: string, status: number, json: unknown, code: ErrorCode | null][] = [
    ["success", 200, { error: "a field of that name" }, null],
    ["a redirect that leads nowhere", 304, undefined, null],
    ["401", 401, {}, "UPSTREAM_REFUSED"],
    ["404", 404, {}, "UPSTREAM_REFUSED"],
    ["500", 500, undefined, "UPSTREAM_FAILED"],
    ["503", 503, undefined, "UPSTREAM_FAILED"],
    ["JSON-RPC error", 200, { jsonrpc: "2.0", error, id: 1 }, "UPSTREAM_REFUSED"],
    ["JSON-RPC result", 200, { jsonrpc: "2.0", result: { error }, id: 1 }, null],
    ["a batch of one error", 200, [{ jsonrpc: "2.0", error, id: 1 }], "UPSTREAM_REFUSED"],
    [
      "a batch with a result",
      200,
      [{ jsonrpc: "2.0", error, id: 1 }, { jsonrpc: "2.0", result: 1, id: 2 }],
      null,
    ],
    ["an empty list", 200, [], null],
    ["GraphQL errors alone", 200, { data: null, errors: [error] }, "UPSTREAM_REFUSED"],
    ["GraphQL errors and data", 200, { data: { a: 1 }, errors: [error] }, null],
    ["errors of something else", 200, { errors: ["none"], data: null }, null],
  ];
  for (const [name, status, json, code] of cases) {
    await t.step(name, () => {
      const found = upstreamError(response(status, json), "keysmith auth login shop");
      assert.equal(found?.code ?? null, code);
      assert.ok(!found?.message.includes("secret"));
      if (found !== null) assert.equal(found.details["status"], status);
    });
  }
});

Deno.test("upstreamError() ends in the exit codes for refused and failed", () => {
  assert.equal(upstreamError(response(418))?.exitCode, 4);
  assert.equal(upstreamError(response(502))?.exitCode, 5);
  assert.equal(
    upstreamError(response(401), "keysmith auth login shop")?.hint,
    "keysmith auth login shop",
  );
});

Deno.test("upstreamError() knows the faults of XML-RPC and SOAP, and no data of that name", () => {
  const code = (text: string) => {
    const body = new TextEncoder().encode(text);
    const found = { ...response(200, undefined), body, content: { kind: "text", text } as const };
    return upstreamError(found)?.code ?? null;
  };
  const envelope = (inner: string) =>
    `<?xml version="1.0"?><s:Envelope xmlns:s="urn:s"><s:Body>${inner}</s:Body></s:Envelope>`;
  const fault =
    "<value><struct><member><name>faultCode</name><value>4</value></member></struct></value>";
  assert.equal(
    code(`<methodResponse><fault>${fault}</fault></methodResponse>`),
    "UPSTREAM_REFUSED",
  );
  assert.equal(code(envelope("<s:Fault><faultcode>x</faultcode></s:Fault>")), "UPSTREAM_REFUSED");
  assert.equal(code(envelope("<Faults><Fault>leak</Fault></Faults>")), null);
  assert.equal(code("<methodResponse><params/></methodResponse>"), null);
  assert.equal(code("fault"), null);
});

Deno.test("upstreamError() tells a write that failed from the page that it led to", () => {
  const wrote = { ...response(404, {}), method: "POST", written: 303 };
  const found = upstreamError(wrote);
  assert.equal(found?.code, "UPSTREAM_REFUSED");
  assert.match(
    found.message,
    /^"POST .*" was answered with status 303, and the page it leads to was/,
  );
  assert.match(found.hint ?? "", /look before you send it again/);
  assert.match(
    upstreamError({ ...wrote, status: 500 })?.hint ?? "",
    /look before you send it again/,
  );
  assert.match(upstreamError({ ...response(500), method: "POST" })?.hint ?? "", /look before/);
  assert.match(upstreamError(response(500))?.hint ?? "", /Try again later$/);
  const ended = upstreamError({ ...wrote, status: 401 }, "keysmith auth login shop");
  assert.equal(ended?.hint, "keysmith auth login shop");
});
