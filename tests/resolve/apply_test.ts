import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { applyPlacement } from "../../lib/resolve/apply.ts";
import { EMPTY_PLACEMENT } from "../../lib/resolve/credential.ts";
import { Misfit } from "../../lib/resolve/fit.ts";
import { headerValue } from "../../lib/http/headers.ts";
import type { HttpRequest } from "../../lib/http/exchange.ts";
import {
  AUTHORITY,
  CERTIFICATE,
  KEY,
  VERSION_1_CERTIFICATE,
  VERSION_1_KEY,
} from "./certificates.ts";

const KEYS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: null,
  region: "us-east-1",
  service: "service",
};

/** 2015-08-30T12:36:00Z, the moment of the published test suite. */
const MOMENT = Date.UTC(2015, 7, 30, 12, 36, 0);

async function signed(request: Partial<HttpRequest>, keys: Partial<typeof KEYS> = {}) {
  const aws = { ...KEYS, ...keys };
  const { sign } = await applyPlacement({ ...EMPTY_PLACEMENT, aws }, () => MOMENT);
  return await sign!({
    method: "GET",
    url: "https://example.amazonaws.com/",
    headers: [],
    body: null,
    ...request,
  });
}

Deno.test("applyPlacement() signs as the published AWS test suite has it", async () => {
  const cases: [string, Partial<HttpRequest>, string][] = [
    [
      "get-vanilla",
      {},
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
      "get-vanilla-query-order-key-case",
      { url: "https://example.amazonaws.com/?Param2=value2&Param1=value1" },
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
      "post-vanilla",
      { method: "POST" },
      "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ],
  ];
  for (const [name, request, signature] of cases) {
    const { headers } = await signed(request);
    assert.equal(
      headerValue(headers, "authorization"),
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
        `SignedHeaders=host;x-amz-date, Signature=${signature}`,
      name,
    );
    assert.equal(headerValue(headers, "x-amz-date"), "20150830T123600Z");
    assert.equal(headerValue(headers, "host"), undefined);
  }
});

Deno.test("applyPlacement() signs body and session token, and reads region and service off the host", async () => {
  const request = {
    method: "POST",
    url: "https://abc.execute-api.eu-west-1.amazonaws.com/prod/x",
    body: new TextEncoder().encode("a"),
  };
  const guessed = { region: null, service: null, sessionToken: "session-1" } as never;
  const { headers } = await signed(request, guessed);
  const authorization = headerValue(headers, "authorization") ?? "";
  assert.match(authorization, /\/20150830\/eu-west-1\/execute-api\/aws4_request/);
  assert.match(authorization, /SignedHeaders=host;x-amz-date;x-amz-security-token/);
  assert.equal(headerValue(headers, "x-amz-security-token"), "session-1");
  const other = await signed({ ...request, body: new TextEncoder().encode("b") }, guessed);
  assert.notEqual(headerValue(other.headers, "authorization"), authorization);
});

Deno.test("applyPlacement() joins the cookies of schemes and of an app's token", async () => {
  const placement = {
    ...EMPTY_PLACEMENT,
    headers: { cookie: "sid=1" },
    cookies: { key: "k" },
  };
  assert.deepEqual((await applyPlacement(placement, () => 0)).headers, { cookie: "sid=1; key=k" });
});

Deno.test("applyPlacement() takes certificate and key from one text or two", async () => {
  const both = `${CERTIFICATE}\n${KEY}`;
  for (const [certificate, key] of [[CERTIFICATE, KEY], [both, both]] as const) {
    const applied = await applyPlacement(
      { ...EMPTY_PLACEMENT, certificate: { certificate, key, ca: null } },
      () => 0,
    );
    applied.client!.close();
  }
});

Deno.test("applyPlacement() refuses certificates and keys that cannot be used", async () => {
  const pem = (name: string) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----`;
  const otherKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    .export({ type: "pkcs8", format: "pem" }) as string;
  const oddCurve = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey
    .export({ type: "pkcs8", format: "pem" }) as string;
  const cases: [string, string, RegExp][] = [
    [CERTIFICATE, pem("PRIVATE KEY"), /it cannot be read/],
    [CERTIFICATE, pem("ENCRYPTED PRIVATE KEY"), /it is encrypted/],
    [CERTIFICATE, "no key", /it cannot be read/],
    [CERTIFICATE, otherKey, /does not belong to the client certificate/],
    [`${AUTHORITY}\n${CERTIFICATE}`, KEY, /has to be the first of its file/],
    [CERTIFICATE, oddCurve, /cannot be used/],
    [pem("CERTIFICATE"), KEY, /certificate cannot be read/],
    [`${CERTIFICATE}\n${pem("CERTIFICATE")}`, KEY, /certificate cannot be read/],
    ["", KEY, /certificate cannot be read/],
  ];
  for (const [certificate, key, reason] of cases) {
    await assert.rejects(
      applyPlacement({ ...EMPTY_PLACEMENT, certificate: { certificate, key, ca: null } }, () => 0),
      (error: Misfit) => {
        assert.ok(error instanceof Misfit, String(error));
        assert.match(error.message, reason);
        return true;
      },
    );
  }
});

Deno.test("applyPlacement() has a child try what would end the process, and says what is wrong", async () => {
  const cases: [certificate: string, key: string, ca: string | null, reason: RegExp][] = [
    [VERSION_1_CERTIFICATE, VERSION_1_KEY, null, /X\.509 version 1/],
    [`${CERTIFICATE}\n${VERSION_1_CERTIFICATE}`, KEY, AUTHORITY, /^$/],
  ];
  for (const [certificate, key, ca, reason] of cases) {
    const placement = { ...EMPTY_PLACEMENT, certificate: { certificate, key, ca } };
    const problem = await applyPlacement(placement, () => 0).then(
      ({ client }) => client?.close() ?? "",
      (error) => error instanceof Misfit ? error.message : assert.fail(String(error)),
    );
    assert.match(problem, reason);
  }
});
