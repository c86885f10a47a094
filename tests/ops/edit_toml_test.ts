import assert from "node:assert/strict";
import { tomlMember, withTomlMember } from "../../lib/ops/edit_toml.ts";

Deno.test("withTomlMember() ends lines as the file does", () => {
  const before = '# mine\r\nmodel = "x"\r\n\r\n[servers.other]\r\ncommand = "y"\r\n';
  const after = withTomlMember(before, "servers", "ours", { command: "z", env: { A: "b" } });
  assert.equal(after.replaceAll("\r\n", "").includes("\n"), false);
  assert.ok(after.startsWith(before));
  assert.deepEqual(tomlMember(after, "servers", "ours"), { command: "z", env: { A: "b" } });
  const again = withTomlMember(after, "servers", "ours", { command: "w" });
  assert.equal(again.replaceAll("\r\n", "").includes("\n"), false);
  for (const empty of ["", "\n \n"]) {
    assert.equal(withTomlMember(empty, "servers", "ours", { a: 1 }), "[servers.ours]\na = 1\n");
  }
});
