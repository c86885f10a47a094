import assert from "node:assert/strict";
import { followTools } from "../../lib/ops/follow_tools.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { listTools } from "../../lib/ops/list_tools.ts";
import { fakeContext } from "../support/fake_context.ts";
import { harText } from "../support/har_text.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { recording } from "../tools/trace_builder.ts";

Deno.test("followTools() derives the tools anew that somebody has asked for, and no others", async () => {
  await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: `${folder}/home` });
    const record = async (...paths: string[]) => {
      const traces = recording(paths.map((path) => ({ to: `GET ${path}`, answer: [{ id: 1 }] })));
      await Deno.writeTextFile(`${folder}/new.har`, harText(traces));
      await importCapture(ctx, { app: "quay", files: [`${folder}/new.har`] });
      return await followTools(ctx, "quay");
    };
    const names = async () =>
      (await listTools(ctx, { owner: "quay" }))[0]!.tools.map(({ name }) => name);
    assert.equal(await record("/api/boats"), null);
    assert.deepEqual(await names(), ["list_boats"]);
    assert.deepEqual(await record("/api/cranes", "/api/boats?page=2"), {
      added: ["list_cranes"],
      changed: ["list_boats"],
      removed: [],
    });
    const again = await record("/api/boats?page=2", "/api/cranes");
    assert.deepEqual(again, { added: [], changed: [], removed: [] });
    assert.deepEqual((await names()).toSorted(), ["list_boats", "list_cranes"]);
  });
});
