import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { loginService } from "../../lib/ops/service_login.ts";
import { logoutService } from "../../lib/ops/service_logout.ts";
import { serviceStatus } from "../../lib/ops/service_status.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";
import { browserOf } from "../resolve/oauth_setup.ts";
import { type OidcServer, startOidcServer } from "../resolve/oidc_server.ts";

const CALL = { service: "desk", tool: "listTickets", args: {} };

/** A desk whose operations ask for a person's login at the OpenID provider. */
async function configured(desk: Desk, server: OidcServer): Promise<void> {
  await desk.document({
    security: [{ person: ["openid", "read"] }],
    components: {
      securitySchemes: {
        person: {
          type: "openIdConnect",
          openIdConnectUrl: `${server.issuer}/.well-known/openid-configuration`,
        },
      },
    },
  });
  await desk.configure({
    secrets: { person: { type: "oauth2", clientId: "app", scopes: ["offline_access"] } },
  });
}

async function withLogin(run: (desk: Desk, server: OidcServer) => Promise<void>): Promise<void> {
  await using server = await startOidcServer();
  await using desk = await startDesk(({ headers }) =>
    headers.has("authorization") ? Response.json({}) : Response.json({}, { status: 401 })
  );
  await configured(desk, server);
  await run(desk, server);
}

Deno.test("loginService() logs in, calls then need nobody, logoutService() ends it", async () => {
  await withLogin(async (desk, server) => {
    const ctx = desk.context();
    const before = await callServiceTool(ctx, CALL).catch((error: AppError) => error);
    assert.ok(before instanceof AppError);
    assert.equal(before.hint, "keysmith auth login desk");
    assert.equal((await serviceStatus(ctx, { service: "desk" }))[0]?.state, "none");

    const [login] = await loginService(ctx, {
      service: "desk",
      tool: "listTickets",
      scopes: ["write"],
      browser: browserOf([]),
    });
    assert.deepEqual(login, {
      secret: "person",
      grant: "authorizationCode",
      scopes: ["offline_access", "openid", "read", "write"],
      unchanged: false,
    });
    assert.equal((await callServiceTool(ctx, CALL)).response.status, 200);
    const [status] = await serviceStatus(ctx, { service: "desk" });
    assert.deepEqual([status?.state, status?.refreshable], ["valid", true]);
    assert.equal((await loginService(ctx, { service: "desk" }))[0]?.unchanged, true);

    const [logout] = await logoutService(ctx, { service: "desk" });
    assert.deepEqual(logout, { secret: "person", forgotten: 1, revoked: 1 });
    assert.equal((await serviceStatus(ctx, { service: "desk" }))[0]?.state, "none");
    assert.deepEqual(server.tokenRequests, ["authorization_code ok"]);
  });
});

Deno.test("callServiceTool() sends the user to the browser where there is one", async () => {
  await withLogin(async (desk) => {
    const ctx = desk.context({ interactive: true });
    const { response } = await callServiceTool(ctx, { ...CALL, browser: browserOf([]) });
    assert.equal(response.status, 200);
  });
});

Deno.test("loginService() says when there is nothing to log in to", async () => {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } } },
  });
  await desk.configure({ secrets: { key: { type: "app", value: "shop" } } });
  await assert.rejects(loginService(desk.context(), { service: "desk" }), (error: AppError) => {
    assert.equal(error.code, "UNSUPPORTED");
    assert.equal(error.hint, "keysmith auth login shop");
    return true;
  });
  const [status] = await serviceStatus(desk.context(), { service: "desk" });
  assert.deepEqual([status?.type, status?.state], ["app", "configured"]);
});

Deno.test("loginService() sends nobody to a changed provider", async () => {
  await using desk = await startDesk(() => Response.json({}));
  const scheme = (host: string) => ({
    security: [{ person: [] }],
    components: {
      securitySchemes: {
        person: {
          type: "oauth2",
          flows: {
            authorizationCode: {
              authorizationUrl: `https://${host}/authorize`,
              tokenUrl: `https://${host}/token`,
              scopes: {},
            },
          },
        },
      },
    },
  });
  await desk.document(scheme("id.example.com"));
  await desk.configure({ secrets: { person: { type: "oauth2", clientId: "app" } } });
  const browser = {
    listen: () => assert.fail("Nobody is sent anywhere"),
    open: () => assert.fail("Nobody is sent anywhere"),
  };
  await assert.rejects(callServiceTool(desk.context(), CALL), AppError);
  await desk.document(scheme("evil.example.com"));
  await assert.rejects(
    loginService(desk.context(), { service: "desk", browser }),
    (error: AppError) => error.hint === "keysmith config approve desk",
  );
});
