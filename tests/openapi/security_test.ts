import assert from "node:assert/strict";
import type { SecurityRequirement } from "../../lib/openapi/security.ts";
import { catalogOf, operationOf } from "./documents.ts";

const SCHEMES = `
components:
  securitySchemes:
    bearer: { type: http, scheme: Bearer }
    basic: { type: http, scheme: basic }
    digest: { type: http, scheme: Digest }
    header: { type: apiKey, in: header, name: X-Key }
    cookie: { type: apiKey, in: cookie, name: sid }
    oidc: { type: openIdConnect, openIdConnectUrl: https://id.example.com/.well-known/openid-configuration }
    tls: { type: mutualTLS }
    amazon: { type: apiKey, in: header, name: Authorization, x-amazon-apigateway-authtype: awsSigv4 }
    linked: { $ref: "#/components/securitySchemes/header" }
    oauth:
      type: oauth2
      flows:
        implicit: { authorizationUrl: https://id.example.com/a, scopes: {} }
        deviceAuthorization:
          deviceAuthorizationUrl: https://id.example.com/d
          tokenUrl: https://id.example.com/t
    strange: { type: telepathy }
    nameless: { type: apiKey, in: header }
    lost: { $ref: "#/nowhere" }
`;

function requirementsOf(security: string, atDocument = ""): readonly SecurityRequirement[][] {
  const catalog = catalogOf(`
${atDocument}
paths: { /a: { get: { ${security === "" ? "" : `security: ${security}`} } } }
${SCHEMES}`);
  return operationOf(catalog).security.alternatives.map((alternative) => [...alternative]);
}

Deno.test("readSecurity() keeps alternatives apart and requirements of one together, in order", () => {
  const found = requirementsOf("[{ oauth: [read, write], header: [] }, { bearer: [] }, {}]");
  assert.deepEqual(
    found.map((alternative) => alternative.map(({ name, scopes }) => [name, scopes])),
    [[["oauth", ["read", "write"]], ["header", []]], [["bearer", []]], []],
  );
});

Deno.test("readSecurity() takes the operation's security, even when empty, before the document's", () => {
  const document = "security: [{ bearer: [] }]";
  const cases: [string, string, string, number][] = [
    ["[]", document, "operation", 0],
    ["[{}]", document, "operation", 1],
    ["[{ basic: [] }]", document, "operation", 1],
    ["", document, "document", 1],
    ["", "security: []", "nobody", 0],
    ["", "", "nobody", 0],
  ];
  for (const [own, atDocument, declaredBy, count] of cases) {
    const catalog = catalogOf(`
${atDocument}
paths: { /a: { get: { ${own === "" ? "" : `security: ${own}`} } } }
${SCHEMES}`);
    const { security } = operationOf(catalog);
    assert.deepEqual(
      [security.declaredBy, security.alternatives.length],
      [declaredBy, count],
      `${own} under ${atDocument}`,
    );
  }
});

Deno.test("readSecurity() carries everything a scheme says", () => {
  const names = ["bearer", "digest", "header", "cookie", "oidc", "tls", "amazon", "linked"];
  const found = requirementsOf(`[${names.map((name) => `{ ${name}: [] }`).join(", ")}]`).flat();
  const byName = Object.fromEntries(found.map((requirement) => [requirement.name, requirement]));
  assert.equal(byName.bearer?.scheme, "bearer");
  assert.equal(byName.digest?.scheme, "digest");
  assert.deepEqual([byName.header?.in, byName.header?.parameterName], ["header", "X-Key"]);
  assert.deepEqual([byName.cookie?.in, byName.cookie?.parameterName], ["cookie", "sid"]);
  assert.match(byName.oidc?.openIdConnectUrl ?? "", /openid-configuration/);
  assert.equal(byName.tls?.type, "mutualTLS");
  assert.equal(byName.amazon?.amazonAuthType, "awsSigv4");
  assert.equal(byName.linked?.parameterName, "X-Key");
});

Deno.test("readSecurity() reads the flows, device authorization included", () => {
  const [[oauth]] = requirementsOf("[{ oauth: [] }]") as [[SecurityRequirement]];
  assert.deepEqual(oauth.flows.map(({ type }) => type), ["deviceAuthorization", "implicit"]);
  assert.equal(oauth.flows[0]?.deviceAuthorizationUrl, "https://id.example.com/d");
});

Deno.test("readSecurity() keeps undeclared and unusable schemes, with why", () => {
  const found = requirementsOf(
    "[{ nobody: [], header: [] }, { strange: [] }, { nameless: [] }, { lost: [] }, nonsense]",
  ).flat();
  assert.deepEqual(
    found.map(({ name, type, problem }) => [name, type, problem]),
    [
      ["nobody", "undeclared", "the document does not declare this scheme"],
      ["header", "apiKey", null],
      ["strange", "unknown", `type "telepathy" is not known`],
      ["nameless", "unknown", "its API key has no name"],
      ["lost", "unknown", `Reference "#/nowhere" points to nothing`],
      ["?", "unknown", "the requirement is not an object"],
    ],
  );
});

Deno.test("readSecurity() reads security without any components", () => {
  const catalog = catalogOf("security: [{ key: [] }]\npaths: { /a: { get: {} } }");
  assert.equal(operationOf(catalog).security.alternatives[0]?.[0]?.type, "undeclared");
});

Deno.test("readSecurity() reads the definitions of Swagger 2.0 and renames their flows", () => {
  const catalog = catalogOf(`
swagger: "2.0"
security: [{ a: [x] }, { b: [] }, { c: [] }]
paths: { /a: { get: {} } }
securityDefinitions:
  a: { type: oauth2, flow: accessCode, authorizationUrl: https://i.example/a, tokenUrl: https://i.example/t, scopes: {} }
  b: { type: basic }
  c: { type: oauth2, flow: application, tokenUrl: https://i.example/t, scopes: {} }
`);
  const [a, b, c] = operationOf(catalog).security.alternatives.flat();
  assert.deepEqual([a?.flows[0]?.type, a?.scopes], ["authorizationCode", ["x"]]);
  assert.deepEqual([b?.type, b?.scheme], ["http", "basic"]);
  assert.equal(c?.flows[0]?.type, "clientCredentials");
});
