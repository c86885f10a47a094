import assert from "node:assert/strict";
import { keepLoopbackFromProxies } from "../../lib/cli/loopback.ts";
import { keysmith } from "../support/keysmith.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { writeToken } from "../../lib/token/token_file.ts";
import { writeTool } from "../../lib/tools/tool_store.ts";
import { sampleTool } from "../tools/sample_tool.ts";
import { Site } from "../tools/site.ts";

Deno.test("keepLoopbackFromProxies() adds to what passes by the proxy, and only where there is one", () => {
  const table: [before: Record<string, string>, after: string | undefined][] = [
    [{}, undefined],
    [{ NO_PROXY: "a.example" }, "a.example"],
    [{ HTTP_PROXY: "http://p:1" }, "localhost,127.0.0.0/8,::1"],
    [{ http_proxy: "http://p:1", no_proxy: "b" }, "b,localhost,127.0.0.0/8,::1"],
  ];
  for (const [variables, after] of table) {
    const env = new Map(Object.entries(variables));
    keepLoopbackFromProxies({
      get: (name) => env.get(name),
      set: (name, value) => void env.set(name, value),
    });
    assert.equal(env.get("NO_PROXY"), after);
  }
});

Deno.test("keysmith call sends credentials for this machine to no proxy", async () => {
  await withApp(async (home) => {
    await using site = new Site(() => Response.json({ ok: true }));
    const leaked: string[] = [];
    await using proxy = new Site(({ headers }) => {
      if (headers.has("authorization")) leaked.push("authorization");
      return new Response("proxied");
    });
    await writeToken(home, APP, tokenState({ origins: [site.origin] }));
    await writeTool(home, APP, sampleTool({ origin: site.origin }));
    for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
      const { code, stdout } = await keysmith(["call", APP, "get_note", "--arg", "note_id=1"], {
        home: home.root,
        env: { [name]: proxy.origin },
      });
      assert.equal(code, 0);
      assert.match(stdout, /"ok": true/);
    }
    assert.deepEqual(leaked, []);
    assert.equal(site.seen.length, 3);
  });
});
