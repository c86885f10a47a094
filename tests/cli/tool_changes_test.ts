import assert from "node:assert/strict";
import { harText } from "../support/har_text.ts";
import { keysmithWithin } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { recording } from "../tools/trace_builder.ts";

Deno.test("capture import names tools that follow, and keeps the recording where they cannot", () =>
  withTempFolder(async (home) => {
    const run = (...args: string[]) => keysmithWithin(args, { home });
    const record = async (...paths: string[]) => {
      const traces = recording(paths.map((path) => ({ to: `GET ${path}`, answer: [{ id: 1 }] })));
      await Deno.writeTextFile(`${home}/new.har`, harText(traces));
      return await run("capture", "import", "quay", `${home}/new.har`);
    };
    const first = await record("/api/boats");
    assert.doesNotMatch(first.stderr, /tools/);
    assert.equal((await run("tools", "quay")).code, 0);
    const second = await record("/api/cranes");
    assert.match(second.stderr, /tools added: list_cranes/);

    await Deno.writeTextFile(`${home}/apps/quay/token.json`, "{");
    const third = await record("/api/docks");
    assert.equal(third.code, 0);
    assert.match(third.stdout + third.stderr, /c_03/);
    assert.match(third.stderr, /the tools of "quay" do not follow it: .*token\.json/);
    assert.match(third.stderr, /when that is mended: keysmith tools analyze quay/);
  }));
