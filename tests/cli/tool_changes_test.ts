import assert from "node:assert/strict";
import type { Session } from "../../lib/cli/command.ts";
import { toolChanges } from "../../lib/cli/tool_changes.ts";
import { fakeContext } from "../support/fake_context.ts";
import { harText } from "../support/har_text.ts";
import { keysmithWithin } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { recording } from "../tools/trace_builder.ts";

Deno.test("a new recording is told to tools that were derived, and kept where they cannot follow", () =>
  withTempFolder(async (home) => {
    const run = (...args: string[]) => keysmithWithin(args, { home });
    const record = async (...paths: string[]) => {
      const traces = recording(
        paths.map((path) =>
          path.startsWith("/")
            ? { to: `GET ${path}`, answer: [{ id: 1 }] }
            : { to: "POST /rpc", send: { jsonrpc: "2.0", id: 1, method: path }, answer: {} }
        ),
      );
      await Deno.writeTextFile(`${home}/new.har`, harText(traces));
      return await run("capture", "import", "quay", `${home}/new.har`);
    };
    const notes: string[] = [];
    const session = {
      ctx: fakeContext({ home }),
      output: { note: (line: string) => notes.push(line) },
    } as unknown as Session;

    const behind =
      /the tools of "quay" do not know the new requests yet: keysmith tools analyze quay/;
    assert.doesNotMatch((await record("/api/boats")).stderr, behind);
    assert.equal(await toolChanges(session, "quay"), null);
    assert.equal((await run("tools", "quay")).code, 0);
    assert.doesNotMatch((await record("/api/boats", "/api/boats")).stderr, behind, "nothing new");
    assert.match((await record("/api/boats?deck=1")).stderr, behind);
    assert.match((await record("berth.list")).stderr, behind);
    assert.match((await record("berth.free")).stderr, behind, "another method at one address");
    assert.doesNotMatch((await record("berth.list", "berth.free")).stderr, behind);
    assert.match((await record("/api/cranes")).stderr, behind);
    const { added } = (await toolChanges(session, "quay"))!;
    assert.deepEqual(added, ["berth_list", "berth_free", "list_cranes"]);

    await Deno.writeTextFile(`${home}/apps/quay/token.json`, "{");
    await record("/api/docks");
    assert.equal(await toolChanges(session, "quay"), null);
    assert.match(notes.join("\n"), /the tools of "quay" do not follow it: .*token\.json/);
    assert.match(notes.join("\n"), /when that is mended: keysmith tools analyze quay/);
  }));
