import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeError } from "../../lib/store/sqlite_error.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** What SQLite itself throws: `exec()` gives no result code, `prepare()` does. */
const FAILURES: Readonly<
  Record<string, readonly [said: RegExp, fail: (path: string, folder: string) => void]>
> = {
  "exec() on a full disk": [/cannot grow: the disk is full/, (path) => {
    using db = new DatabaseSync(path);
    db.exec("PRAGMA max_page_count = 2; CREATE TABLE a (b); CREATE TABLE c (d);");
  }],
  "run() on a full disk": [/cannot grow: the disk is full/, (path) => {
    using db = new DatabaseSync(path);
    db.exec("CREATE TABLE a (b); PRAGMA max_page_count = 2");
    db.prepare("INSERT INTO a VALUES (zeroblob(100000))").run();
  }],
  "exec() beside a writer": [/is locked: another process writes to it, or/, (path) => {
    using writer = new DatabaseSync(path);
    using db = new DatabaseSync(path);
    writer.exec("BEGIN IMMEDIATE");
    db.exec("BEGIN IMMEDIATE");
  }],
  "exec() on a file of something else": [/is damaged or is not a capture store/, (path) => {
    Deno.writeTextFileSync(path, "x".repeat(5000));
    using db = new DatabaseSync(path);
    db.exec("CREATE TABLE a (b)");
  }],
  "exec() on what can only be read": [/can only be read/, (path) => {
    new DatabaseSync(path).close();
    using db = new DatabaseSync(path, { readOnly: true });
    db.exec("CREATE TABLE a (b)");
  }],
  "opening where no folder is": [/cannot be opened/, (_, folder) => {
    new DatabaseSync(join(folder, "nowhere", "x.db"));
  }],
};

for (const [what, [said, fail]] of Object.entries(FAILURES)) {
  Deno.test(`storeError() names what SQLite failed with and the file: ${what}`, () =>
    withTempFolder((folder) => {
      const path = join(folder, "captures.db");
      try {
        fail(path, folder);
        assert.fail("nothing was thrown");
      } catch (thrown) {
        const error = storeError(path, thrown);
        assert.ok(error !== null, String(thrown));
        assert.match(error.message, said);
        assert.ok(error.message.includes(path) && error.hint !== undefined);
      }
      return Promise.resolve();
    }));
}

Deno.test("storeError() leaves a mistake in a statement what it is", () => {
  using db = new DatabaseSync(":memory:");
  try {
    db.exec("SELECT 1 FROM nowhere");
    assert.fail("nothing was thrown");
  } catch (thrown) {
    assert.equal(storeError("captures.db", thrown), null);
  }
});
