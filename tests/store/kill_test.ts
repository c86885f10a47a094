/**
 * Whoever is killed in the middle of a write leaves every file old or new, and whole. `KEYSMITH_KILL_RUNS`
 * sets the number of kills per test.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readJsonFile } from "../../lib/store/json_file.ts";
import { TraceStore } from "../../lib/store/trace_store.ts";
import { killRuns } from "../support/kill_runs.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const RUNS = { runs: Number(Deno.env.get("KEYSMITH_KILL_RUNS") ?? 5), withinMs: 60 };
const CHILD = new URL("kill_child.ts", import.meta.url).pathname;
const FIXTURES = new URL("../../fixtures/har/", import.meta.url);

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", CHILD, ...args],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

Deno.test("writeFileAtomic() leaves the old or the new file when it is killed", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "apps", "garden", "token.json");
    let rounds = 0;
    await killRuns(RUNS, () => start("write", path), async () => {
      const token = await readJsonFile(path, (value) => value as TokenLike, { private: true });
      if (token === null) return;
      rounds++;
      assert.equal(token.end, token.round);
      assert.equal(token.parts.length, 1 + (token.round * 7919) % 4000);
      assert.ok(token.parts.every((part) => part === token.round));
    });
    assert.ok(rounds > 0, "no child ever wrote");
  });
});

interface TokenLike {
  readonly round: number;
  readonly parts: readonly number[];
  readonly end: number;
}

Deno.test("TraceStore keeps whole imports only when the importer is killed", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "apps", "garden", "captures.db");
    const files = ["firefox.har", "chrome.har"].map((name) => new URL(name, FIXTURES).pathname);
    let imports = 0;
    await killRuns(RUNS, () => start("import", path, ...files), () => {
      using store = TraceStore.open(path, { readOnly: true });
      const captures = store.captures();
      imports = captures.length;
      assert.equal(captures.length % files.length, 0, "one file of an import without the other");
      for (const capture of captures) {
        assert.equal(capture.traces, capture.file === "chrome.har" ? 4 : 3);
      }
      const bodies = store.traces().map(({ response }) => response?.body?.length ?? 0);
      assert.equal(bodies.length, (captures.length / 2) * 7);
      checkIntegrity(path);
    });
    assert.ok(imports > 0, "no child ever imported");
  });
});

function checkIntegrity(path: string): void {
  const db = new DatabaseSync(path);
  try {
    assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    assert.deepEqual(db.prepare("PRAGMA foreign_key_check").all(), []);
  } finally {
    db.close();
  }
}
