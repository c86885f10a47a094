import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError } from "../../lib/base/error.ts";
import { checkAppName, Home, openHome } from "../../lib/store/home.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const UNIX = Deno.build.os !== "windows";

function context(env: Record<string, string>, homeOption?: string) {
  return { env: { get: (name: string) => env[name] }, homeOption };
}

Deno.test({
  name: "openHome() takes --home, KEYSMITH_HOME, XDG_DATA_HOME and HOME in this order",
  ignore: !UNIX,
  fn() {
    const env = { KEYSMITH_HOME: "/k", XDG_DATA_HOME: "/x", HOME: "/h" };
    const cases: [ReturnType<typeof context>, string][] = [
      [context(env, "/o"), "/o"],
      [context(env), "/k"],
      [context({ ...env, KEYSMITH_HOME: "" }), "/x/keysmith"],
      [context({ XDG_DATA_HOME: "relative", HOME: "/h" }), "/h/.local/share/keysmith"],
      [context({ HOME: "/h" }, "keys"), join(Deno.cwd(), "keys")],
    ];
    for (const [ctx, root] of cases) assert.equal(openHome(ctx).root, root);
    assert.throws(() => openHome(context({})), { code: "USAGE" });
  },
});

Deno.test("checkAppName() accepts words joined by hyphens and nothing that leaves the home", () => {
  for (const name of ["shop", "my-shop", "a1-b2-c3", "7"]) checkAppName(name);
  const bad = [
    "",
    "Shop",
    "my--shop",
    "-shop",
    "shop-",
    "a_b",
    "a/b",
    "..",
    "a.b",
    "ä",
    "x\0",
    "a\n",
  ];
  for (const name of [...bad, "a".repeat(65)]) {
    assert.throws(() => checkAppName(name), { code: "USAGE" }, JSON.stringify(name));
    assert.throws(() => new Home("/k").appFile(name, "token.json"), { code: "USAGE" });
  }
});

Deno.test("Home lists its apps and names those there are when one is missing", async () => {
  await withTempFolder(async (root) => {
    const home = new Home(root);
    assert.deepEqual(await home.listApps(), []);
    for (const name of ["shop", "garden", "Not an app"]) {
      await Deno.mkdir(join(root, "apps", name), { recursive: true });
    }
    await Deno.writeTextFile(join(root, "apps", "file"), "");
    assert.deepEqual(await home.listApps(), ["garden", "shop"]);
    await home.requireApp("shop");
    const error = await home.requireApp("bank").catch((thrown) => thrown);
    assert.ok(error instanceof AppError);
    assert.equal(error.code, "NOT_FOUND");
    assert.equal(error.message, 'No app is named "bank"; there are: garden, shop');
    assert.equal(
      error.hint,
      "keysmith learn bank URL records it in a browser, keysmith capture import bank FILE takes a recording",
    );
    const near = await home.requireApp("gardn").catch((thrown) => thrown);
    assert.equal(near.hint, "Did you mean garden?");
  });
});
