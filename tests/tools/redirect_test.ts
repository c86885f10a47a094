import assert from "node:assert/strict";
import type { HttpRequest, HttpResponse } from "../../lib/http/exchange.ts";
import { redirectedRequest } from "../../lib/tools/redirect.ts";

const BODY = new TextEncoder().encode("a=1");

const request = (method: string, body: Uint8Array | null = null): HttpRequest => ({
  method,
  url: "https://api.example.com/a/b?x=1",
  headers: [["Content-Type", "text/plain"], ["X-App", "1"], ["Accept", "*/*"]],
  body,
});

const response = (status: number, location?: string): HttpResponse => ({
  status,
  headers: location === undefined ? [] : [["location", location]],
  body: null,
});

Deno.test("redirectedRequest() rewrites the method as the Fetch standard does", () => {
  const cases: readonly [status: number, method: string, expected: string, keepsBody: boolean][] = [
    [301, "POST", "GET", false],
    [302, "POST", "GET", false],
    [301, "PUT", "PUT", true],
    [302, "DELETE", "DELETE", true],
    [303, "PUT", "GET", false],
    [303, "HEAD", "HEAD", true],
    [303, "GET", "GET", true],
    [307, "POST", "POST", true],
    [308, "PATCH", "PATCH", true],
  ];
  for (const [status, method, expected, keepsBody] of cases) {
    const next = redirectedRequest(request(method, BODY), response(status, "/c"));
    assert.equal(next?.method, expected, `${status} ${method}`);
    assert.equal(next?.body, keepsBody ? BODY : null, `${status} ${method}`);
    const hasType = next?.headers.some(([name]) => name === "Content-Type");
    assert.equal(hasType, keepsBody, `${status} ${method}`);
  }
});

Deno.test("redirectedRequest() resolves the target and drops user info and fragment", () => {
  const cases: readonly [location: string, expected: string | undefined][] = [
    ["../c?y=2#z", "https://api.example.com/c?y=2"],
    ["https://ada:pw@api.example.com/d", "https://api.example.com/d"],
    ["//cdn.example.com/d", "https://cdn.example.com/d"],
    ["javascript:alert(1)", undefined],
    ["file:///etc/passwd", undefined],
    ["http://[bad", undefined],
  ];
  for (const [location, expected] of cases) {
    assert.equal(redirectedRequest(request("GET"), response(302, location))?.url, expected);
  }
});

Deno.test("redirectedRequest() takes the app's own headers to no other origin", () => {
  const same = redirectedRequest(request("GET"), response(302, "/c"));
  assert.deepEqual(same?.headers.map(([name]) => name), ["Content-Type", "X-App", "Accept"]);
  const cross = redirectedRequest(request("GET"), response(302, "https://other.example/c"));
  assert.deepEqual(cross?.headers.map(([name]) => name), ["Content-Type", "Accept"]);
});

Deno.test("redirectedRequest() is null for what is not a redirect", () => {
  assert.equal(redirectedRequest(request("GET"), response(302)), null);
  for (const status of [200, 300, 304, 305, 401]) {
    assert.equal(redirectedRequest(request("GET"), response(status, "/c")), null);
  }
});
