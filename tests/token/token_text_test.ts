import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import {
  type GivenParts,
  partsFromGiven,
  partsFromText,
  type TokenParts,
} from "../../lib/token/token_text.ts";

const EMPTY: TokenParts = {
  headers: {},
  body_params: {},
  query_params: {},
  refresh_token: null,
  expires_in: null,
};

const texts: [name: string, text: string, parts: Partial<TokenParts>][] = [
  ["a bare token", "abc.def\n", { headers: { Authorization: "Bearer abc.def" } }],
  ["a token with its scheme", "Bearer abc", { headers: { Authorization: "Bearer abc" } }],
  ["a token of another scheme", "Token abc", { headers: { Authorization: "Token abc" } }],
  ["header lines", "X-Api-Key: k1\r\nCookie:a=1; b=2\n\n", {
    headers: { "X-Api-Key": "k1", Cookie: "a=1; b=2" },
  }],
  ["a header without a space", "Authorization:Bearer abc", {
    headers: { Authorization: "Bearer abc" },
  }],
  [
    "a JSON object",
    JSON.stringify({
      headers: { "X-Session": "s" },
      cookies: { sid: "c" },
      body_params: { "params.sid": 7 },
      query_params: { key: "k" },
      refresh_token: "r",
      expires_in: "60",
    }),
    {
      headers: { "X-Session": "s", Cookie: "sid=c" },
      body_params: { "params.sid": 7 },
      query_params: { key: "k" },
      refresh_token: "r",
      expires_in: 60,
    },
  ],
  ["a JSON object with a bare token", '{"token":"Bearer abc"}', {
    headers: { Authorization: "Bearer abc" },
  }],
];

for (const [name, text, parts] of texts) {
  Deno.test(`partsFromText() reads ${name}`, () => {
    assert.deepEqual(partsFromText(text), { ...EMPTY, ...parts });
  });
}

const refusals: [name: string, text: string][] = [
  ["nothing", " \n"],
  ["an empty token", "Bearer "],
  ["a line that is not a header", "X-Api-Key: k1\ns3cret"],
  ["a header value that cannot be sent", "X-Api-Key: s3cret\u0000"],
  ["JSON that is cut off", '{"token":"s3cret'],
  ["an unknown member", '{"password":"s3cret"}'],
  ["a header that is not a text", '{"headers":{"X-Key":["s3cret"]}}'],
  ["a half character", '{"query_params":{"key":"s3cret\\ud800"}}'],
  ["a lifetime that is none", '{"token":"s3cret","expires_in":"soon"}'],
];

for (const [name, text] of refusals) {
  Deno.test(`partsFromText() refuses ${name} without quoting it`, () => {
    assert.throws(
      () => partsFromText(text),
      (error: AppError) => error.code === "BAD_INPUT" && !error.message.includes("s3cret"),
    );
  });
}

const given: [name: string, given: GivenParts, parts: Partial<TokenParts>][] = [
  ["the last of a repeated header", { headers: ["X-Key: a", "x-key: b"] }, {
    headers: { "X-Key": "b" },
  }],
  ["cookies joined to a Cookie header", { headers: ["Cookie: a=1"], cookies: ["b=2", "c=x=y"] }, {
    headers: { Cookie: "a=1; b=2; c=x=y" },
  }],
  ["parameters", { bodyParams: ["variables.token=t"], queryParams: ["key=a=b"] }, {
    body_params: { "variables.token": "t" },
    query_params: { key: "a=b" },
  }],
  ["refresh token and lifetime", { refreshToken: "r", expiresInSec: 9 }, {
    refresh_token: "r",
    expires_in: 9,
  }],
];

for (const [name, parts, expected] of given) {
  Deno.test(`partsFromGiven() takes ${name}`, () => {
    assert.deepEqual(partsFromGiven(parts), { ...EMPTY, ...expected });
  });
}

const malformed: [name: string, given: GivenParts][] = [
  ["a cookie without a name", { cookies: ["=x"] }],
  ["a cookie with a semicolon", { cookies: ["a=1; b=2"] }],
  ["a parameter without a value", { queryParams: ["key"] }],
  ["a header without a name", { headers: [": x"] }],
  ["a header without a value", { headers: ["X-Key:"] }],
];

for (const [name, parts] of malformed) {
  Deno.test(`partsFromGiven() refuses ${name}`, () => {
    assert.throws(() => partsFromGiven(parts), (error: AppError) => error.code === "BAD_INPUT");
  });
}

Deno.test("partsFromText() answers parts or BAD_INPUT, whatever it is given", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'{}[]":,ab=;\n \0é'), maxLength: 60 }),
    fc.json(),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        partsFromText(given);
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === "BAD_INPUT", String(error));
      }
    }),
    { numRuns: 10_000 },
  );
});
