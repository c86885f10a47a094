import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { OAuth2Server } from "oauth2-mock-server";
import { AppError } from "../../lib/base/error.ts";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { explainService } from "../../lib/ops/explain_service.ts";
import { approveService } from "../../lib/ops/approve_service.ts";
import { Home } from "../../lib/store/home.ts";
import { readToken, writeToken } from "../../lib/token/token_file.ts";
import {
  AUTHORITY,
  CERTIFICATE,
  KEY,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../resolve/certificates.ts";
import { type Desk, type DeskAnswer, guarded, startDesk } from "../resolve/desk.ts";
import { tokenState } from "../support/token_home.ts";

const BEARER = { components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } } };

async function failureOf(run: Promise<unknown>): Promise<AppError> {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  return assert.fail("It did not fail");
}

Deno.test("callServiceTool() sends what the document asks for, and nothing else", async () => {
  await using desk = await startDesk(guarded("authorization", "Bearer tok-12345678"));
  await desk.document({ ...BEARER, security: [{ bearer: [] }] });
  await desk.configure({ secrets: { bearer: { type: "env", value: "TOKEN" } } });
  const ctx = desk.context({ env: { TOKEN: "tok-12345678" } });
  const { response, verdict } = await callServiceTool(ctx, {
    service: "desk",
    tool: "listTickets",
    args: { limit: "5" },
  });
  assert.equal(response.status, 200);
  assert.equal(verdict.outcome, "chosen");
  assert.equal(desk.requests[0]?.path, "/tickets?limit=5");
  assert.equal(ctx.redactor.redact("is tok-12345678 here"), "is ‹secret› here");
});

Deno.test("callServiceTool() finds a tool by name, operation id, or method and path", async () => {
  await using desk = await startDesk(() => Response.json({}));
  for (const tool of ["listTickets", "GET /tickets", "get:/tickets"]) {
    await callServiceTool(desk.context(), { service: "desk", tool, args: {} });
  }
  assert.equal(desk.requests.length, 3);
  const unknown = await failureOf(
    callServiceTool(desk.context(), { service: "desk", tool: "nothing", args: {} }),
  );
  assert.equal(unknown.code, "NOT_FOUND");
  const nobody = await failureOf(
    callServiceTool(desk.context(), { service: "shop", tool: "x", args: {} }),
  );
  assert.match(nobody.hint ?? "", /desk/);
});

Deno.test("callServiceTool() names the argument that does not fit before anything is sent", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ["listTickets", { limit: "many" }, /"limit"/],
    ["listTickets", { page: 1 }, /"page"/],
    ["deleteTicket", {}, /"id"/],
    ["deleteTicket", { id: ".." }, /"id"/],
    ["createTicket", { body: "text" }, /"body"/],
  ];
  for (const [tool, args, message] of cases) {
    const error = await failureOf(
      callServiceTool(desk.context(), { service: "desk", tool, args }),
    );
    assert.equal(error.code, "USAGE");
    assert.match(error.message, message);
  }
  assert.equal(desk.requests.length, 0);
});

Deno.test("callServiceTool() takes members of the body, and parameters' own names, as arguments", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    paths: {
      "/search": {
        post: {
          operationId: "search",
          parameters: [{ name: "filter[name]", in: "query" }],
          requestBody: {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["size"],
                  properties: {
                    size: { $ref: "#/components/schemas/Size" },
                    tags: { type: "array" },
                  },
                },
              },
            },
          },
        },
      },
    },
    components: { schemas: { Size: { type: "integer", maximum: 9 } } },
  });
  const search = (args: Record<string, unknown>) =>
    callServiceTool(desk.context(), { service: "desk", tool: "search", args });
  await search({ "filter[name]": "x", size: "5", tags: "a", body: { size: 1, more: true } });
  assert.equal(desk.requests[0]?.path, "/search?filter%5Bname%5D=x");
  assert.deepEqual(JSON.parse(desk.requests[0]!.body), { size: 5, more: true, tags: ["a"] });
  assert.match((await failureOf(search({ size: 50 }))).message, /"size"/);
  assert.match((await failureOf(search({ sise: 5 }))).message, /"sise"/);
});

Deno.test("callServiceTool() takes members that allOf and alternatives give the body, to every digit", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const id = { type: "integer", format: "int64" };
  const parts = [
    { $ref: "#/components/schemas/Named" },
    { type: "object", properties: { owner: id, due: { type: "string", format: "date" } } },
  ];
  await desk.document({
    paths: {
      "/tasks/{id}": {
        put: {
          operationId: "save",
          parameters: [{ name: "id", in: "path", schema: id }],
          requestBody: { content: { "application/json": { schema: { allOf: parts } } } },
        },
      },
    },
    components: { schemas: { Named: { properties: { label: { type: "string" } } } } },
  });
  const save = (args: Record<string, unknown>) =>
    callServiceTool(desk.context(), { service: "desk", tool: "save", args });
  const large = "9223372036854775807";
  await save({ id: large, owner: large, label: 12, due: null });
  assert.equal(desk.requests[0]?.path, `/tasks/${large}`);
  assert.equal(desk.requests[0]?.body, `{"owner":${large},"label":"12"}`);
  const error = await failureOf(save({ id: 1, due: "soon" }));
  assert.match(error.message, /^The argument "due" is not valid: it is the text "soon"/);
  assert.equal(error.hint, 'For example due="2026-01-31"');
});

Deno.test("callServiceTool() fails with the verdict when nothing can be satisfied", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({ ...BEARER, security: [{ bearer: [] }] });
  const error = await failureOf(
    callServiceTool(desk.context(), { service: "desk", tool: "listTickets", args: {} }),
  );
  assert.equal(error.exitCode, 3);
  assert.match(error.message, /no secret is configured: looked for "desk\.bearer" and "bearer"/);
  const verdict = error.details.verdict as { alternatives: unknown[] };
  assert.equal(verdict.alternatives.length, 1);
  assert.equal(desk.requests.length, 0);
});

Deno.test("callServiceTool() puts API keys into query and cookie, and answers a Digest challenge", async () => {
  const challenge = 'Digest realm="desk", qop="auth", algorithm=SHA-256, nonce="abc"';
  const answer: DeskAnswer = ({ headers, method, path }) => {
    const given = headers.get("authorization") ?? "";
    const part = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? "";
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const expected = hash(
      [hash("ann:desk:pw"), "abc", part("nc"), part("cnonce"), "auth", hash(`${method}:${path}`)]
        .join(":"),
    );
    if (part("response") === expected) return Response.json({});
    return new Response("", { status: 401, headers: { "www-authenticate": challenge } });
  };
  await using desk = await startDesk(answer);
  await desk.document({
    security: [{ digest: [], key: [], sid: [] }],
    components: {
      securitySchemes: {
        digest: { type: "http", scheme: "digest" },
        key: { type: "apiKey", in: "query", name: "key" },
        sid: { type: "apiKey", in: "cookie", name: "sid" },
      },
    },
  });
  const own = join(desk.folder, "xdg", "keysmith");
  await Deno.mkdir(own, { recursive: true });
  await Deno.writeTextFile(join(own, "config.yaml"), "policy: { allowExecSecrets: true }\n");
  const file = join(desk.folder, "digest.txt");
  await Deno.writeTextFile(file, "ann:pw\n", { mode: 0o600 });
  await writeToken(new Home(desk.home), "panel", {
    ...tokenState({ headers: {}, origins: [desk.origin] }),
    computed: [{ kind: "http_digest", username: "ann", password: "pw" }],
  });
  const program = [Deno.execPath(), "eval", "console.log('ann:pw')"];
  const pairs = [
    { type: "literal", value: "ann:pw" },
    { type: "env", value: "DIGEST" },
    { type: "file", value: file },
    { type: "exec", command: program },
    { type: "app", value: "panel" },
    { type: "basic", username: "ann", password: { type: "literal", value: "pw" } },
  ];
  for (const digest of pairs) {
    desk.requests.length = 0;
    await desk.configure({
      secrets: {
        digest,
        key: { type: "literal", value: "k 1" },
        sid: { type: "literal", value: "s1" },
      },
    });
    const { response } = await callServiceTool(desk.context({ env: { DIGEST: "ann:pw" } }), {
      service: "desk",
      tool: "listTickets",
      args: {},
    });
    assert.equal(response.status, 200, digest.type);
    assert.equal(desk.requests.length, 2);
    assert.match(desk.requests[1]!.path, /^\/tickets\?key=k(%20|\+)1$/);
    assert.equal(desk.requests[1]!.headers.get("cookie"), "sid=s1");
  }
});

async function withMockServer(run: (server: OAuth2Server, issuer: string) => Promise<void>) {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  try {
    await run(server, `http://127.0.0.1:${server.address().port}`);
  } finally {
    await server.stop();
  }
}

function machineDocument(issuer: string, security: unknown = [{ machine: ["read"] }]) {
  const flows = { clientCredentials: { tokenUrl: `${issuer}/token`, scopes: {} } };
  return { security, components: { securitySchemes: { machine: { type: "oauth2", flows } } } };
}

const MACHINE = {
  machine: {
    type: "oauth2",
    clientId: "robot",
    clientSecret: { type: "literal", value: "robot-secret-1" },
  },
};

Deno.test("callServiceTool() replaces a token the API no longer takes, once", async () => {
  await withMockServer(async (server, issuer) => {
    let issued = 0;
    server.service.on("beforeResponse", (answer: { body: Record<string, unknown> }) => {
      answer.body.access_token = `token-number-${++issued}`;
    });
    await using desk = await startDesk(guarded("authorization", "Bearer token-number-2"));
    await desk.document(machineDocument(issuer));
    await desk.configure({ secrets: MACHINE });
    const call = { service: "desk", tool: "listTickets", args: {} };
    assert.equal((await callServiceTool(desk.context(), call)).response.status, 200);
    assert.equal(issued, 2);
    assert.deepEqual(desk.requests.length, 2);
    assert.equal((await callServiceTool(desk.context(), call)).response.status, 200);
    assert.equal(issued, 2, "The good token is kept");
  });
});

Deno.test("callServiceTool() gives up getting credentials when the time of the call is over", async () => {
  const over = Promise.withResolvers<Response>();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => over.promise,
  );
  await using desk = await startDesk(() => Response.json([]));
  await desk.document(machineDocument(`http://127.0.0.1:${server.addr.port}`));
  await desk.configure({ secrets: MACHINE });
  const call = { service: "desk", tool: "listTickets", args: {}, timeoutMs: 200 };
  const failures = await Promise.all(
    Array.from({ length: 3 }, () => failureOf(callServiceTool(desk.context(), call))),
  );
  for (const failure of failures) {
    assert.equal(failure.code, "UNREACHABLE");
    assert.match(failure.message, /within the 0.2 s of the call/);
  }
  // What they waited for goes on, and its token is that of the next call.
  const late = callServiceTool(desk.context(), { ...call, timeoutMs: 60_000 });
  over.resolve(Response.json({ access_token: "late-token-1", token_type: "bearer" }));
  assert.equal((await late).response.status, 200);
  assert.equal(desk.requests.length, 1);
});

Deno.test("callServiceTool() gives up after one replacement, and repeats only what is harmless", async () => {
  await withMockServer(async (_, issuer) => {
    await using desk = await startDesk(() => Response.json({}, { status: 401 }));
    await desk.document(machineDocument(issuer));
    await desk.configure({ secrets: MACHINE });
    const { response } = await callServiceTool(desk.context(), {
      service: "desk",
      tool: "listTickets",
      args: {},
    });
    assert.equal(response.status, 401);
    assert.equal(desk.requests.length, 2);
    const post = await failureOf(
      callServiceTool(desk.context(), {
        service: "desk",
        tool: "createTicket",
        args: { body: {} },
      }),
    );
    assert.equal(post.code, "AUTH_NEEDED");
    assert.match(post.hint ?? "", /same call again/);
    assert.equal(desk.requests.length, 3);
  });
});

Deno.test("callServiceTool() repeats any request the server says it refused for its token", async () => {
  await withMockServer(async (_, issuer) => {
    const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
    await using desk = await startDesk((_request, count) =>
      count === 1 ? new Response("", { status: 401, headers }) : Response.json({})
    );
    await desk.document(machineDocument(issuer));
    await desk.configure({ secrets: MACHINE });
    const { response } = await callServiceTool(desk.context(), {
      service: "desk",
      tool: "createTicket",
      args: { body: { subject: "x" } },
    });
    assert.equal(response.status, 200);
    assert.deepEqual(desk.requests.map(({ body }) => body), ['{"subject":"x"}', '{"subject":"x"}']);
  });
});

Deno.test("callServiceTool() steps up once when the server asks for more scopes", async () => {
  await withMockServer(async (server, issuer) => {
    const scopes: unknown[] = [];
    server.service.on(
      "beforeTokenSigning",
      (_token: unknown, request: { body: { scope?: string } }) => {
        scopes.push(request.body.scope);
      },
    );
    const headers = { "www-authenticate": 'Bearer error="insufficient_scope", scope="read write"' };
    await using desk = await startDesk((_request, count) =>
      count === 1 ? new Response("", { status: 403, headers }) : Response.json({})
    );
    await desk.document(machineDocument(issuer));
    await desk.configure({ secrets: MACHINE });
    const { response } = await callServiceTool(desk.context(), {
      service: "desk",
      tool: "listTickets",
      args: {},
    });
    assert.equal(response.status, 200);
    assert.deepEqual(scopes, ["read", "read write"]);
  });
});

Deno.test("callServiceTool() leaves an answer alone that more scopes would not change", async () => {
  await withMockServer(async (_, issuer) => {
    await using desk = await startDesk(() => Response.json({}, { status: 403 }));
    await desk.document(machineDocument(issuer));
    await desk.configure({ secrets: MACHINE });
    const call = { service: "desk", tool: "listTickets", args: {} };
    assert.equal((await callServiceTool(desk.context(), call)).response.status, 403);
    assert.equal(desk.requests.length, 1);
  });
});

Deno.test("callServiceTool() asks for a login when a person has to widen the scopes", async () => {
  const headers = { "www-authenticate": 'Bearer error="insufficient_scope", scope="admin"' };
  await using desk = await startDesk(() => new Response("", { status: 403, headers }));
  const flows = {
    authorizationCode: {
      authorizationUrl: "https://id.example.com/a",
      tokenUrl: "https://id.example.com/t",
      scopes: {},
    },
  };
  await desk.document({
    security: [{ person: [] }],
    components: { securitySchemes: { person: { type: "oauth2", flows } } },
  });
  await desk.configure({
    secrets: { person: { type: "oauth2", clientId: "app", tokenStorage: "file" } },
  });
  await seedLogin(desk);
  const error = await failureOf(
    callServiceTool(desk.context(), { service: "desk", tool: "listTickets", args: {} }),
  );
  assert.equal(error.code, "AUTH_NEEDED");
  assert.match(error.message, /does not cover the scopes admin/);
  assert.equal(error.hint, "keysmith auth login desk");
});

/** Puts a token into the cache of the one secret of the desk. */
async function seedLogin(desk: Desk): Promise<void> {
  const explained = await explainService(desk.context(), { service: "desk", tool: "listTickets" });
  assert.equal(explained.verdict.alternatives[0]?.status, "interactive-required");
  const { OAuthAccount } = await import("../../lib/resolve/oauth/acquire.ts");
  const { loadService } = await import("../../lib/ops/service_catalog.ts");
  const ctx = desk.context();
  const { config, catalog } = await loadService(ctx, new Home(desk.home), "desk");
  const source = config.secrets.get("person")!.source;
  assert.equal(source.type, "oauth2");
  const requirement = catalog.operations[0]!.security.alternatives[0]![0]!;
  const account = await OAuthAccount.open(ctx, new Home(desk.home), {
    source: source as Extract<typeof source, { type: "oauth2" }>,
    requirement,
    scopes: [],
    baseUrl: desk.origin,
  }, { store: "file", memory: new Map() });
  await account.cache.write([{
    access_token: "person-token-1",
    refresh_token: null,
    scopes: [],
    expires_at: null,
    obtained_at: 0,
  }]);
}

Deno.test("callServiceTool() marks the token of an app stale when the API refuses it", async () => {
  await using desk = await startDesk(() => Response.json({}, { status: 401 }));
  await desk.document({ ...BEARER, security: [{ bearer: [] }] });
  await desk.configure({ secrets: { bearer: { type: "app", value: "shop" } } });
  const home = new Home(desk.home);
  await Deno.mkdir(home.appDir("shop"), { recursive: true });
  await writeToken(home, "shop", {
    headers: { Authorization: "Bearer app-token-1" },
    query_params: {},
    body_params: {},
    computed: [],
    refresh_token: null,
    expires_at: null,
    obtained_at: 0,
    origins: [desk.origin],
    stale: false,
  });
  const error = await failureOf(
    callServiceTool(desk.context(), { service: "desk", tool: "listTickets", args: {} }),
  );
  assert.equal(error.hint, "keysmith auth login shop");
  assert.equal((await readToken(home, "shop"))?.stale, true);
});

Deno.test("callServiceTool() is not led into a private network by a public document", async () => {
  await using desk = await startDesk(() => assert.fail("Nothing may be sent"));
  const document = (server: string) => ({
    openapi: "3.1.0",
    servers: [{ url: server }],
    paths: { "/": { get: { operationId: "look" } } },
  });
  const cases: [string, Record<string, unknown>, string | null][] = [
    ["http://169.254.169.254", {}, "ORIGIN_REFUSED"],
    ["http://10.0.0.8:8080", {}, "ORIGIN_REFUSED"],
    [desk.origin, {}, "ORIGIN_REFUSED"],
    ["http://10.0.0.8:8080", { server: "https://api.example.com" }, null],
  ];
  for (const [server, service, code] of cases) {
    await desk.configure({ service: { openapi: "https://docs.example.com/api.json", ...service } });
    const context = desk.context();
    const ctx = {
      ...context,
      fetch: (input: RequestInfo | URL) =>
        Promise.resolve(
          String(input).startsWith("https://docs.")
            ? Response.json(document(server))
            : Response.json({}),
        ),
    };
    const call = callServiceTool(ctx, { service: "desk", tool: "look", args: {} });
    if (code === null) assert.equal((await call).response.status, 200);
    else assert.equal((await failureOf(call)).code, code, server);
  }
});

Deno.test("callServiceTool() follows a changed document only after it was approved", async () => {
  await using desk = await startDesk(guarded("x-key", "k-12345678"));
  const keyIn = (name: string) => ({
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: "apiKey", in: "header", name } } },
  });
  const call = { service: "desk", tool: "listTickets", args: {} };
  await desk.document(keyIn("X-Key"));
  await desk.configure({ secrets: { key: { type: "literal", value: "k-12345678" } } });
  assert.equal((await callServiceTool(desk.context(), call)).response.status, 200);

  await desk.document(keyIn("X-Leak"));
  const error = await failureOf(callServiceTool(desk.context(), call));
  assert.match(error.message, /changed this scheme/);
  assert.equal(error.hint, "keysmith config approve desk");
  assert.equal(desk.requests.length, 1);

  const preview = await approveService(desk.context(), { service: "desk", preview: true });
  assert.deepEqual(preview.additions.filter((line) => line.includes("X-Leak")).length, 1);
  await approveService(desk.context(), { service: "desk" });
  assert.equal((await callServiceTool(desk.context(), call)).response.status, 401);
  assert.equal(desk.requests[1]?.headers.get("x-leak"), "k-12345678");
});

Deno.test("callServiceTool() presents a client certificate", async () => {
  const server = createServer({
    cert: SERVER_CERTIFICATE,
    key: SERVER_KEY,
    ca: [AUTHORITY],
    requestCert: true,
    rejectUnauthorized: false,
  }, (request, response) => {
    const { authorized } = request.socket as unknown as { authorized: boolean };
    response.end(JSON.stringify({ authorized }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await using desk = await startDesk(() => assert.fail("Not this server"));
  await desk.document({
    servers: [{ url: `https://127.0.0.1:${port}` }],
    security: [{ tls: [] }],
    components: { securitySchemes: { tls: { type: "mutualTLS" } } },
  });
  const literal = (value: string) => ({ type: "literal", value });
  await desk.configure({
    secrets: {
      tls: {
        type: "certificate",
        certificate: literal(CERTIFICATE),
        key: literal(KEY),
        ca: literal(AUTHORITY),
      },
    },
  });
  try {
    const { response } = await callServiceTool(desk.context(), {
      service: "desk",
      tool: "listTickets",
      args: {},
    });
    assert.deepEqual(JSON.parse(new TextDecoder().decode(response.body)), { authorized: true });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

Deno.test("explainService() says what would be sent where, and sends and asks nothing", async () => {
  await using desk = await startDesk(() => assert.fail("Nothing may be sent"));
  await desk.document(machineDocument("http://127.0.0.1:9", [{ machine: [] }, { key: [] }]));
  await desk.configure({
    secrets: { machine: { ...MACHINE.machine, clientSecret: { type: "env", value: "SET" } } },
  });
  const explained = await explainService(desk.context({ env: { SET: "robot-secret-7" } }), {
    service: "desk",
    tool: "listTickets",
    args: { limit: 3 },
  });
  assert.equal(explained.verdict.alternatives[0]?.status, "chosen");
  assert.deepEqual(explained.places, ["header Authorization"]);
  assert.equal(explained.request?.url, `${desk.origin}/tickets?limit=3`);
  assert.ok(explained.lines.some((line) => line.includes("a token would be asked for")));
  const written = [...Deno.readDirSync(desk.home)].map(({ name }) => name);
  assert.deepEqual(
    written,
    ["catalogs"],
    "what was made of the document, and no approval or token",
  );
});

Deno.test("explainService() looks whether what a secret is made of is there, and runs and shows nothing", async () => {
  await using desk = await startDesk(() => assert.fail("Nothing may be sent"));
  const schemes = {
    ...machineDocument("http://127.0.0.1:9").components.securitySchemes,
    pair: { type: "http", scheme: "basic" },
  };
  const unasked = { type: "osKeychain", value: "desk/robot" };
  const unset = { type: "env", value: "UNSET" };
  const set = { type: "env", value: "SET" };
  const machine = { type: "oauth2", clientId: "robot" };
  const pair = { type: "basic", username: unasked, password: unset };
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [{ machine: { ...machine, clientSecret: unset } }, "rejected", /variable UNSET is not set/],
    [{ machine: { ...machine, privateKey: unset } }, "rejected", /variable UNSET is not set/],
    [{ machine: { ...machine, clientSecret: set } }, "chosen", /would be asked for$/],
    [{ machine: { ...machine, clientSecret: unasked } }, "chosen", /asked for; .* was not asked/],
    [{ pair }, "rejected", /variable UNSET is not set/],
    [{ pair: { ...pair, password: set } }, "chosen", /was not asked/],
  ];
  for (const [secrets, status, reason] of cases) {
    const security = Object.keys(secrets).map((name) => ({ [name]: [] }));
    await desk.document({ security, components: { securitySchemes: schemes } });
    await desk.configure({ secrets });
    const ctx = desk.context({ env: { SET: "robot-secret-7" } });
    const { verdict, lines } = await explainService(ctx, { service: "desk", tool: "listTickets" });
    const [alternative] = verdict.alternatives;
    assert.equal(alternative?.status, status, lines.join("\n"));
    assert.match(alternative?.requirements[0]?.reason ?? "", reason);
    assert.doesNotMatch(lines.join("\n"), /robot-secret-7/);
  }
});
