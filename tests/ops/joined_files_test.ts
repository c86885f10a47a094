/** Several files in one import, as one capture in the store or as several. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { analysisOf } from "../../lib/ops/recorded_analysis.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { joinImported } from "../../lib/ops/join_imported.ts";
import { listCaptures } from "../../lib/ops/list_captures.ts";
import { removeCapture } from "../../lib/ops/remove_capture.ts";
import { Home } from "../../lib/store/home.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { bytesOf, entry, harOf } from "../capture/har_builder.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const RECORDED = new URL("../../fixtures/recordings/json_bearer.har", import.meta.url);

/** The recording in three files: the login is in the second, and they are named against their order. */
async function threeParts(folder: string): Promise<string[]> {
  const { log } = JSON.parse(await Deno.readTextFile(RECORDED));
  const entries: { request: { method: string } }[] = log.entries;
  const login = entries.findIndex(({ request }) => request.method === "POST");
  const parts = [entries.slice(0, login), entries.slice(login, -2), entries.slice(-2)];
  const paths = parts.map((_, index) => join(folder, `${9 - index}.har`));
  for (const [index, part] of parts.entries()) {
    await Deno.writeFile(paths[index]!, bytesOf(harOf(part, `Part ${index % 2}`)));
  }
  return paths;
}

Deno.test("importCapture() makes one capture of the parts of a recording, whatever their order", async () => {
  await withTempFolder(async (folder) => {
    const [first, second, third] = await threeParts(folder) as [string, string, string];
    const home = new Home(join(folder, "home"));
    const ctx = fakeContext({ home: home.root });
    const { captures } = await importCapture(ctx, { app: "shop", files: [third, first, second] });
    const { apps } = await listCaptures(ctx, { app: "shop" });
    const [kept, ...others] = apps[0]!.captures;
    assert.deepEqual(others, []);
    assert.deepEqual([kept!.id, kept!.file], ["c_01", "7.har and 2 more"]);
    assert.equal(kept!.creator, "Part 0 1, Part 1 1");
    assert.equal(kept!.traces, captures.reduce((sum, { requests }) => sum + requests, 0));
    for (const { capture, apart } of captures) {
      assert.deepEqual([capture.id, apart], ["c_01", null]);
    }

    using store = TraceStore.open(home.appFile("shop", "captures.db"), { readOnly: true });
    const traces = store.traces({ includeNoise: true });
    assert.deepEqual(
      traces.map(({ id }) => id),
      traces.map((_, index) => `t_${String(index + 1).padStart(4, "0")}`),
    );
    assert.equal(analysisOf(home, "shop").analysis.kind, "flow");
    const again = await importCapture(ctx, { app: "shop", files: [second, third] });
    assert.deepEqual(again.captures.map(({ status, capture }) => [status, capture.id]), [
      ["duplicate", "c_01"],
      ["duplicate", "c_01"],
    ]);
  });
});

Deno.test("importCapture() keeps another site between the parts apart, and removing one frees its files", async () => {
  await withTempFolder(async (folder) => {
    const [first, second, third] = await threeParts(folder) as [string, string, string];
    const other = join(folder, "other.har");
    await Deno.writeFile(
      other,
      bytesOf(harOf([entry({ request: { url: "https://tides.example/" } })])),
    );
    const home = new Home(join(folder, "home"));
    const ctx = fakeContext({ home: home.root });
    const files = [first, other, second, third];
    const { captures } = await importCapture(ctx, { app: "shop", files });
    assert.deepEqual(captures.map(({ capture, apart }) => [capture.id, capture.traces, apart]), [
      ["c_01", captures[0]!.capture.traces, null],
      ["c_02", 1, "another-site"],
      ["c_01", captures[0]!.capture.traces, null],
      ["c_01", captures[0]!.capture.traces, null],
    ]);
    await removeCapture(ctx, { app: "shop", capture: "c_01" });
    const again = await importCapture(ctx, { app: "shop", files: [second] });
    assert.equal(again.captures[0]!.status, "imported");
  });
});

Deno.test("joinImported() compares headers and short bodies where the files are large", async () => {
  await withTempFolder(async (folder) => {
    const parts = await threeParts(folder);
    const home = new Home(join(folder, "home"));
    const ctx = fakeContext({ home: home.root });
    for (const part of parts) await importCapture(ctx, { app: "shop", files: [part] });
    using store = TraceStore.open(home.appFile("shop", "captures.db"));
    const sizes = store.captures().map(({ id }) => store.sizesOf(id));
    const headers = sizes.reduce((sum, one) => sum + one.headers, 0);
    const longest = Math.max(...sizes.flatMap(({ bodies }) => bodies));
    const all = headers + sizes.flatMap(({ bodies }) => bodies).reduce((sum, one) => sum + one, 0);
    const rollBack = new Error("seen");
    const joinedWithin = async (maxBytes: number) => {
      let found: (string | null)[] = [];
      await assert.rejects(
        store.adding(() => {
          found = joinImported(store, store.captures(), maxBytes)
            .map(({ capture, apart }) => apart ?? capture.id);
          return Promise.reject(rollBack);
        }),
        rollBack,
      );
      return found;
    };
    assert.deepEqual(await joinedWithin(all - longest), ["c_01", "c_01", "c_01"]);
    assert.deepEqual(await joinedWithin(headers - 1), ["c_01", "too-large", "too-large"]);
  });
});
