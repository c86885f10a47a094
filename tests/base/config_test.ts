import assert from "node:assert/strict";
import fc from "fast-check";
import { type ConfigFile, readConfigText } from "../../lib/base/config_schema.ts";
import { AppError } from "../../lib/base/error.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

const FILE = "/etc/desk/keysmith.yaml";

function read(text: string): ConfigFile {
  return readConfigText(text, { layer: "project", file: FILE });
}

function refusal(text: string): AppError {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof AppError);
    return error;
  }
  return assert.fail(`Accepted: ${text}`);
}

Deno.test("readConfigText() reads every section, relative paths taken from the file's folder", () => {
  const config = read(`
services:
  helpdesk:
    openapi: ./tickets.openapi.yaml
    server: https://help.example.com/v2
    attach: [bearerAuth, { scheme: key, type: apiKey, in: header, name: X-Key }]
    origins: [https://help.example.com]
    refs: [common.yaml, https://schemas.example.com/all.json]
    serverVariables: { region: eu }
secrets:
  helpdesk.bearerAuth: { type: env, value: HELPDESK_TOKEN }
  session: { type: app, value: myapp }
model: small
`);
  const service = config.services.get("helpdesk");
  assert.equal(service?.openapi, "/etc/desk/tickets.openapi.yaml");
  assert.equal(service.server, "https://help.example.com/v2");
  assert.deepEqual(service.refs, [
    "/etc/desk/common.yaml",
    "https://schemas.example.com/all.json",
  ]);
  assert.deepEqual(service.attach[1], {
    scheme: "key",
    type: "apiKey",
    httpScheme: null,
    in: "header",
    name: "X-Key",
  });
  assert.deepEqual(config.secrets.get("helpdesk.bearerAuth")?.source, {
    type: "env",
    value: "HELPDESK_TOKEN",
    prefix: "",
  });
  assert.equal(config.model?.name, "small");
});

Deno.test("readConfigText() reads environments, one origin or one for each recorded one", () => {
  const { apps } = read(`
apps:
  shop:
    environments:
      staging: https://staging.shop.example/
      v2.test: { "https://shop.example": "http://127.0.0.1:8080", "https://id.example": "https://id.example" }
  shop:staging@bob: { answers: { Username: bob } }
`);
  assert.deepEqual([...apps.get("shop")!.environments], [
    ["staging", "https://staging.shop.example"],
    ["v2.test", {
      "https://shop.example": "http://127.0.0.1:8080",
      "https://id.example": "https://id.example",
    }],
  ]);
  assert.equal(apps.get("shop:staging@bob")?.answers.size, 1);
});

for (
  const [problem, text, message] of [
    ["a path", "shop: { environments: { s: https://a.example/x } }", /must be an origin/],
    ["no address", "shop: { environments: { s: a.example } }", /must be an origin/],
    ["no name", 'shop: { environments: { "S 1": https://a.example } }', /not the name of an env/],
    [
      "no recorded origin",
      "shop: { environments: { s: { a: https://b.example } } }",
      /which is not an origin/,
    ],
    ["a part of an app", "shop@bob: { environments: { s: https://a.example } }", /app itself/],
  ] as const
) {
  Deno.test(`readConfigText() refuses an environment with ${problem}, by line and column`, () => {
    const error = refusal(`apps:\n  ${text}`);
    assert.match(error.message, message);
    assert.match(error.message, /keysmith\.yaml:2:\d+/);
  });
}

Deno.test("readConfigText() reads JSON too", () => {
  const config = read(`{\n\t"services": {"a": {"openapi": "https://x.example/openapi.json"}}}`);
  assert.equal(config.services.get("a")?.openapi, "https://x.example/openapi.json");
});

Deno.test("readConfigText() takes an empty file and one of comments alone as nothing", () => {
  for (const text of ["", "  \n", "# services:\n"]) assert.equal(read(text).services.size, 0);
});

Deno.test("readConfigText() names line and column of what is wrong", () => {
  const cases: [string, string, number, number, RegExp][] = [
    ["unknown top-level key", "service:\n  a: {}\n", 1, 1, /"service" is not a known key/],
    [
      "unknown service key",
      "services:\n  a:\n    openapi: x.yaml\n    sever: y\n",
      4,
      5,
      /sever/,
    ],
    ["unknown secret key", "secrets:\n  k: { type: env, value: A, valu: b }\n", 2, 29, /valu/],
    ["unknown type", "secrets:\n  k: { type: vault, value: A }\n", 2, 8, /must be one of/],
    ["missing type", "secrets:\n  k: { value: A }\n", 2, 3, /needs a "type"/],
    ["missing value", "secrets:\n  k: { type: env }\n", 2, 3, /needs "value"/],
    ["server is not a URL", "services:\n  a: { openapi: x, server: help }\n", 2, 20, /URL/],
    ["origin is not an origin", "services:\n  a: { openapi: x, origins: [x] }\n", 2, 30, /origin/],
    ["list expected", "services:\n  a: { openapi: x, attach: b }\n", 2, 20, /must be a list/],
    ["service name", 'services:\n  "a b": { openapi: x }\n', 2, 3, /not a service name/],
    ["not YAML", "services:\n  a: b: c\n", 2, 7, /Cannot read/],
    [
      "keychain reference",
      "secrets:\n  k: { type: osKeychain, value: x }\n",
      2,
      26,
      /service\/acc/,
    ],
    [
      "redirect off the machine",
      "secrets:\n  k:\n    type: oauth2\n    clientId: a\n    redirectURI: https://x.example/cb\n",
      5,
      5,
      /127\.0\.0\.1/,
    ],
  ];
  for (const [name, text, line, column, message] of cases) {
    const error = refusal(text);
    assert.equal(error.code, "BAD_CONFIG", name);
    assert.match(error.message, message, name);
    assert.deepEqual(
      { line: error.details.line, column: error.details.column },
      { line, column },
      name,
    );
  }
});

Deno.test("readConfigText() refuses client authentication without what it needs", () => {
  const oauth = (rest: string) => `secrets:\n  k: { type: oauth2, clientId: a, ${rest} }\n`;
  assert.match(refusal(oauth("clientAuth: private_key_jwt")).message, /privateKey/);
  assert.match(refusal(oauth("clientAuth: client_secret_post")).message, /clientSecret/);
});

Deno.test("readConfigText() never fails with anything but BAD_CONFIG", () => {
  const words = fc.constantFrom(
    "services",
    "secrets",
    "type",
    "env",
    "oauth2",
    "openapi",
    ":",
    ": ",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "<<",
    "!!map",
    '"',
    "'",
    "__proto__",
    "#",
    "|",
    "\t",
  );
  const texts = fc.oneof(
    fc.array(words, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        read(text);
      } catch (error) {
        assert.ok(error instanceof AppError && error.code === "BAD_CONFIG", String(error));
      }
    }),
    { numRuns: fuzzRuns(1500) },
  );
});
