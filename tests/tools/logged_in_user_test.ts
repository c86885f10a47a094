/** Tools whose paths name the user that was recorded: whoever is logged in, unless the caller says. */
import assert from "node:assert/strict";
import { writeLoginName } from "../../lib/token/login_name.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { callAppTool } from "../../lib/tools/call.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { openApiOf } from "../../lib/tools/openapi_export.ts";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { API, recording } from "./trace_builder.ts";
import { Site } from "./site.ts";

const options = {
  apiOrigins: [API],
  credentials: { ...NO_SPOTS, headers: ["authorization"] },
  personal: ["mirabel"],
};

Deno.test("deriveTools() takes the recorded user's name out of a path, inside a segment too", () => {
  const cases: [path: string, expected: string][] = [
    ["/people/mirabel/boards", "/people/{user}/boards"],
    ["/~mirabel/inbox", "/~{user}/inbox"],
    ["/feeds/mirabel.ics", "/feeds/{user}.ics"],
    ["/lists/mirabel-shopping/items", "/lists/{user}-shopping/items"],
    ["/lists/mirabelle/items", "/lists/mirabelle/items"],
    ["/people/mirabel/boards/~mirabel", "/people/{user}/boards/~{user}"],
  ];
  for (const [path, expected] of cases) {
    const [tool] = deriveTools(recording([{ to: `GET ${path}`, answer: [] }]), options);
    assert.equal(tool!.path, expected);
    assert.equal(tool!.user, expected.includes("{user}") ? "user" : undefined);
    assert.equal((tool!.parameters as { required?: unknown }).required, undefined);
    validateTool(JSON.parse(JSON.stringify(tool)));
  }
  const [twice] = deriveTools(
    recording([{ to: "GET /people/mirabel/boards/mirabel", answer: [] }]),
    options,
  );
  assert.equal(
    new URL(buildAppRequest(twice!, { user: "kim o" }).url).pathname,
    "/people/kim%20o/boards/kim%20o",
  );
  const app = {
    name: "p",
    displayName: "P",
    tools: [twice!],
    credentials: options.credentials,
    authorizationScheme: null,
  };
  const { paths } = openApiOf(app) as { paths: Record<string, unknown> };
  assert.deepEqual(Object.keys(paths), ["/people/{user}/boards/{user_2}"]);
  assert.match(JSON.stringify(paths), /"The same as user"/);
  const [admin] = deriveTools(recording([{ to: "GET /admin-tasks", answer: [] }]), {
    ...options,
    personal: ["admin"],
  });
  assert.equal(admin!.path, "/admin-tasks", "a role is not a name");
});

Deno.test("callAppTool() fills in who is logged in", async () => {
  await withApp(async (home) => {
    await using site = new Site(() => Response.json([]));
    const recorded = recording([{ to: `GET ${site.origin}/people/mirabel/boards`, answer: [] }]);
    const [tool] = deriveTools(recorded, { ...options, apiOrigins: [site.origin] });
    const claims = btoa(JSON.stringify({ preferred_username: "jo from jwt" }));
    const jwt = `${btoa('{"alg":"none"}')}.${claims}.c2ln`.replaceAll("=", "");
    const call = async (args: Record<string, unknown>, authorization: string) => {
      const headers = { Authorization: authorization };
      await writeToken(home, APP, tokenState({ headers, origins: [site.origin] }));
      await callAppTool(fakeContext({ home: home.root }), home, APP, tool!, args);
      return site.seen.at(-1)!.target;
    };
    await assert.rejects(call({}, "Bearer opaque-1"), {
      code: "USAGE",
      message: 'The argument "user" is missing: nobody knows who is logged in',
    });
    assert.equal(await call({}, `Bearer ${jwt}`), "/people/jo%20from%20jwt/boards");
    assert.equal(await call({}, `Basic ${btoa("ann:pw")}`), "/people/ann/boards");
    await writeLoginName(home, APP, "zoe");
    assert.equal(await call({}, "Bearer opaque-1"), "/people/zoe/boards");
    assert.equal(await call({ user: "kim" }, "Bearer opaque-1"), "/people/kim/boards");
  });
});
