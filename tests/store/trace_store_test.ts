import assert from "node:assert/strict";
import { storeError } from "../../lib/store/sqlite_error.ts";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AuthMark, NoiseReason } from "../../lib/http/exchange.ts";
import { requireCapture } from "../../lib/store/require_capture.ts";
import { type NewCapture, type NewTrace, TraceStore } from "../../lib/store/trace_store.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import type { TypedField } from "../../lib/store/typed_field.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function capture(sha256: string): NewCapture {
  return {
    file: `${sha256}.har`,
    sha256,
    importedAt: "2026-01-02T03:04:05.000Z",
    creator: "Firefox 142.0",
    skipped: 2,
    sanitised: false,
  };
}

function newTrace(
  startedAtMs: number,
  extra: { body?: string; marks?: AuthMark[]; noise?: NoiseReason; path?: string } = {},
): NewTrace {
  return {
    startedAtMs,
    request: {
      method: "POST",
      url: `https://garden.example${extra.path ?? "/"}`,
      headers: [["Cookie", "a=1"], ["X-List", "1"], ["x-list", "2"]],
      body: bytes("pin=4711"),
    },
    response: {
      status: 200,
      headers: [["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"]],
      body: extra.body === undefined ? null : bytes(extra.body),
    },
    marks: extra.marks ?? [],
    noise: extra.noise ?? null,
  };
}

async function withStore(work: (store: TraceStore, path: string) => void): Promise<void> {
  await withTempFolder((root) => {
    const path = join(root, "apps", "garden", "captures.db");
    using store = TraceStore.open(path);
    work(store, path);
    return Promise.resolve();
  });
}

Deno.test("TraceStore gives traces back as they were added", async () => {
  await withStore((store) => {
    const full = newTrace(1000.25, { body: "{}", marks: ["url-keyword", "status-401"] });
    const bare: NewTrace = {
      ...newTrace(2000),
      request: { method: "GET", url: "https://garden.example/", headers: [], body: null },
      response: null,
    };
    const empty = newTrace(3000, { body: "" });
    const info = store.addCapture(capture("aa"), [full, bare, empty]);
    assert.deepEqual(info, { id: "c_01", ...capture("aa"), traces: 3 });
    const ids = { captureId: "c_01" };
    assert.deepEqual(store.traces(), [
      { id: "t_0001", ...ids, ...full },
      { id: "t_0002", ...ids, ...bare },
      { id: "t_0003", ...ids, ...empty },
    ]);
    assert.deepEqual(store.trace("t_0002"), { id: "t_0002", ...ids, ...bare });
    assert.deepEqual(
      store.traces({ withoutBodies: true }).map((
        { request, response },
      ) => [request.body, response?.body]),
      [[null, null], [null, undefined], [null, null]],
    );
    for (const id of ["t_0004", "t_", "c_01", "1", ""]) assert.equal(store.trace(id), null);
  });
});

Deno.test("TraceStore.traces() orders all captures by time and numbers them on", async () => {
  await withStore((store) => {
    store.addCapture(capture("late"), [newTrace(5000), newTrace(6000)]);
    store.addCapture(capture("early"), [newTrace(1000), newTrace(5000)]);
    assert.deepEqual(store.traces().map((trace) => trace.id), [
      "t_0003",
      "t_0001",
      "t_0004",
      "t_0002",
    ]);
    assert.deepEqual(store.traces({ captureId: "c_02" }).map((trace) => trace.id), [
      "t_0003",
      "t_0004",
    ]);
    assert.deepEqual(store.traces({ captureId: "c_9" }), []);
    assert.deepEqual(store.traces({ captureId: "nonsense" }), []);
  });
});

Deno.test("TraceStore.traces() leaves noise out unless it is asked for", async () => {
  await withStore((store) => {
    store.addCapture(capture("aa"), [
      newTrace(1, { noise: "static-asset", body: "key" }),
      newTrace(2),
    ]);
    assert.deepEqual(store.traces().map((trace) => trace.id), ["t_0002"]);
    const all = store.traces({ includeNoise: true });
    assert.deepEqual(all.map((trace) => trace.noise), ["static-asset", null]);
    assert.deepEqual(all[0]!.response!.body, bytes("key"));
  });
});

Deno.test("TraceStore keeps equal bodies once, over captures too", async () => {
  await withStore((store, path) => {
    const big = "config ".repeat(20_000);
    for (const name of ["aa", "bb", "cc"]) {
      store.addCapture(capture(name), [1, 2, 3].map((at) => newTrace(at, { body: big })));
    }
    assert.ok(Deno.statSync(path).size < 2 * big.length);
    assert.ok(store.traces().every((trace) => trace.response!.body!.length === big.length));
  });
});

Deno.test("TraceStore.adding() adds all captures or none", async () => {
  await withTempFolder(async (root) => {
    using store = TraceStore.open(join(root, "captures.db"));
    store.addCapture(capture("aa"), [newTrace(1)]);
    const work = async (isCutOff: boolean) => {
      for (const name of ["bb", "cc"]) {
        const writer = store.newCapture(capture(name));
        writer.write(newTrace(3));
        await Promise.resolve();
        if (isCutOff && name === "cc") throw new Error("bad entry");
        writer.finish(capture(name));
      }
    };
    await assert.rejects(store.adding(() => work(true)), { message: "bad entry" });
    assert.deepEqual(store.captures().map(({ id }) => id), ["c_01"]);
    assert.equal(store.traces().length, 1);
    assert.equal(store.captureOf("bb"), null);

    await store.adding(() => work(false));
    assert.deepEqual(store.captures().map(({ file }) => file), ["aa.har", "bb.har", "cc.har"]);
    assert.equal(store.captureOf("cc")!.id, "c_03");
    assert.equal(requireCapture(store, "garden", "c_02").sha256, "bb");
    assert.throws(() => requireCapture(store, "garden", "c_04"), { code: "NOT_FOUND" });
  });
});

Deno.test("CaptureWriter numbers exchanges by time, and those without one after their neighbour", async () => {
  await withStore((store) => {
    store.addCapture(capture("aa"), [newTrace(1)]);
    const times = [null, null, 5000, null, 4000, 6000, 5000, null];
    const writer = store.newCapture(capture("bb"));
    times.forEach((startedAtMs, at) =>
      writer.write({ ...newTrace(0, { path: `/${at}` }), startedAtMs })
    );
    store.capture(writer.finish(capture("bb")));
    store.addCapture(capture("cc"), [newTrace(9000)]);
    const shown = store.traces({ captureId: "c_02" })
      .map(({ id, startedAtMs, request }) => [id, startedAtMs, new URL(request.url).pathname]);
    assert.deepEqual(shown, [
      ["t_0002", 4000, "/4"],
      ["t_0003", 5000, "/0"],
      ["t_0004", 5000, "/1"],
      ["t_0005", 5000, "/2"],
      ["t_0006", 5000, "/3"],
      ["t_0007", 5000, "/6"],
      ["t_0008", 5000, "/7"],
      ["t_0009", 6000, "/5"],
    ]);
    assert.equal(store.traces().at(-1)!.id, "t_0010");
  });
});

Deno.test("TraceStore.discardEmpty() leaves a store that holds something, and no other writer to a lost file", async () => {
  await withTempFolder((root) => {
    const path = join(root, "garden", "captures.db");
    const first = TraceStore.open(path);
    using waiting = TraceStore.open(path);
    first.discardEmpty();
    assert.throws(() => Deno.statSync(join(root, "garden")), Deno.errors.NotFound);
    assert.throws(() => waiting.addCapture(capture("aa"), []), { code: "LOCKED" });
    const second = TraceStore.open(path);
    second.addCapture(capture("aa"), [newTrace(1)]);
    second.discardEmpty();
    using kept = TraceStore.open(path);
    assert.equal(kept.traces().length, 1);
    return Promise.resolve();
  });
});

Deno.test("who waits in vain for a store is told which process writes to it", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "captures.db");
    using store = TraceStore.open(path);
    const busy = () => storeError(path, Object.assign(new Error("locked"), { errcode: 5 }))!;
    await store.adding(() => {
      const { code, message, hint, details } = busy();
      const { since, pid } = details["holder"] as { since: string; pid: number };
      assert.deepEqual([code, pid], ["LOCKED", Deno.pid]);
      assert.equal(message, `This very process, at work since ${since}, is writing to "${path}"`);
      Deno.writeTextFileSync(`${path}.holder`, JSON.stringify({ pid: 4242, since }));
      assert.match(busy().message, /^The keysmith process 4242, at work since /);
      assert.match(busy().hint!, /, or end process 4242, /);
      assert.equal(hint, "Wait until it is done or end it, then run the command again");
      return Promise.resolve();
    });
    await assert.rejects(store.adding(() => Promise.reject(new Error("no"))), /no/);
    assert.deepEqual([...Deno.readDirSync(root)].map(({ name }) => name), ["captures.db"]);
    const unnamed = "is locked: another process writes to it, or its file system has no locks";
    assert.equal(busy().message, `"${path}" ${unnamed}`);
  });
});

Deno.test("TraceStore.open() read-only creates nothing and writes nothing", async () => {
  await withTempFolder((root) => {
    const path = join(root, "captures.db");
    using absent = TraceStore.open(path, { readOnly: true });
    assert.deepEqual(absent.captures(), []);
    assert.equal(Deno.readDirSync(root)[Symbol.iterator]().next().done, true);

    using writer = TraceStore.open(path);
    writer.addCapture(capture("aa"), [newTrace(1)]);
    using reader = TraceStore.open(path, { readOnly: true });
    assert.equal(reader.traces().length, 1);
    assert.throws(() => reader.addCapture(capture("bb"), []));
    assert.equal(writer.captures().length, 1);
    return Promise.resolve();
  });
});

Deno.test({
  name: "TraceStore.open() creates the file 0600 and its folder 0700",
  ignore: Deno.build.os === "windows",
  async fn() {
    const umask = Deno.umask(0);
    try {
      await withStore((store, path) => {
        store.addCapture(capture("aa"), [newTrace(1)]);
        assert.equal(Deno.statSync(path).mode! & 0o777, 0o600);
        assert.equal(Deno.statSync(join(path, "..")).mode! & 0o777, 0o700);
      });
    } finally {
      Deno.umask(umask);
    }
  },
});

Deno.test("TraceStore.open() names a damaged file and one of a newer version, and keeps both", async () => {
  await withTempFolder(async (root) => {
    const damaged = join(root, "damaged.db");
    const text = "this is not a database ".repeat(100);
    await Deno.writeTextFile(damaged, text);
    assert.throws(() => TraceStore.open(damaged), {
      code: "BAD_STORE",
      message: `"${damaged}" is damaged or is not a capture store`,
      details: { file: damaged },
    });
    assert.equal(await Deno.readTextFile(damaged), text);

    const newer = join(root, "newer.db");
    TraceStore.open(newer).close();
    const db = new DatabaseSync(newer);
    db.exec("PRAGMA user_version = 99");
    db.close();
    assert.throws(() => TraceStore.open(newer), {
      code: "BAD_STORE",
      message: `"${newer}" was written by a newer keysmith`,
    });
  });
});

Deno.test("TraceStore opens a store of the first version and adds what it lacks", async () => {
  await withTempFolder((root) => {
    const path = join(root, "first.db");
    TraceStore.open(path).close();
    const db = new DatabaseSync(path);
    db.exec(
      `DROP TABLE capture_files; DROP TABLE spent; DROP TABLE frames; ALTER TABLE captures DROP COLUMN typed;
      ALTER TABLE captures DROP COLUMN forget; ALTER TABLE captures DROP COLUMN forgotten;
      PRAGMA user_version = 1`,
    );
    db.exec("INSERT INTO captures VALUES (1, 'old.har', 'x', '2026', 'old', 0, 0)");
    db.close();
    using store = TraceStore.open(path, { readOnly: true });
    assert.equal(store.captures()[0]!.file, "old.har");
    assert.deepEqual(store.typedFields("c_01"), []);
    assert.equal(store.holdings("c_01").bodies, "kept");
    return Promise.resolve();
  });
});

Deno.test("TraceStore keeps typed fields and frames beside what they belong to", async () => {
  await withStore((store) => {
    const typed = [
      { kind: "password", name: "pin", value: "4711", filledBy: "browser", atMs: 5 },
    ] as const;
    const frames = [
      { atMs: 2, sender: "server", kind: "text", payload: bytes("hello") },
      { atMs: 1, sender: "client", kind: "binary", payload: new Uint8Array([0, 1]) },
    ] as const;
    const { id } = store.addCapture({ ...capture("a"), typed }, [
      { ...newTrace(1), frames },
      newTrace(2),
    ]);
    assert.deepEqual(store.typedFields(id), typed);
    assert.deepEqual(store.frames("t_0001"), frames.toReversed());
    assert.deepEqual(store.frames("t_0002"), []);
    assert.ok(!("typed" in store.captures()[0]!));
  });
});

Deno.test("TraceStore.forgetBodies() leaves no body and nothing typed of the capture, and says so", async () => {
  await withStore((store, path) => {
    const typed = [{
      kind: "password",
      name: "pin",
      value: "Nixe-4711",
      filledBy: "person",
      atMs: 1,
    }];
    const { id } = store.addCapture({ ...capture("a"), typed: typed as TypedField[] }, [
      newTrace(1, { body: "secret of a", marks: ["credential-field"] }),
      newTrace(2, { body: "shared" }),
    ]);
    const other = store.addCapture({ ...capture("b"), forgetsBodies: true }, [
      newTrace(3, { body: "shared" }),
    ]);
    assert.deepEqual(store.holdings(id), { passwords: true, sessions: true, bodies: "kept" });
    assert.equal(store.holdings(other.id).bodies, "until-analyze");
    store.forgetBodies(id);
    assert.deepEqual(store.holdings(id), { passwords: false, sessions: true, bodies: "forgotten" });
    assert.deepEqual(store.typedFields(id), []);
    const kept = store.traces().map(({ captureId, request, response }) => [
      captureId,
      request.body,
      response!.body === null ? null : new TextDecoder().decode(response!.body),
    ]);
    assert.deepEqual(kept.slice(0, 2), [[id, null, null], [id, null, null]]);
    assert.equal(kept[2]![2], "shared");
    const text = new TextDecoder("latin1").decode(Deno.readFileSync(path));
    for (const gone of ["secret of a", "Nixe-4711"]) assert.ok(!text.includes(gone), gone);
    assert.ok(text.includes("shared"));
  });
});

Deno.test("TraceStore.removeCapture() leaves nothing of the capture, and all of the others", async () => {
  await withStore((store, path) => {
    const frames = [
      { atMs: 1, sender: "client", kind: "text", payload: bytes("frame-secret-77") },
    ] as const;
    const first = store.addCapture(capture("a"), [
      { ...newTrace(1, { body: "shared" }), frames },
      newTrace(2, { body: "only-here-4711" }),
    ]);
    const second = store.addCapture(capture("b"), [newTrace(3, { body: "shared" })]);
    store.removeCapture(first.id);
    assert.deepEqual(store.captures().map(({ id }) => id), [second.id]);
    assert.deepEqual(store.traces().map(({ response }) => response!.body), [bytes("shared")]);
    store.removeCapture(second.id);
    const third = store.addCapture(capture("c"), [newTrace(4, {}), newTrace(2, {})]);
    assert.equal(third.id, "c_03", "a number was given out twice");
    assert.deepEqual(store.traces().map(({ id }) => id), ["t_0004", "t_0005"]);
    const file = new TextDecoder("latin1").decode(Deno.readFileSync(path));
    assert.ok(!file.includes("only-here-4711") && !file.includes("frame-secret-77"));
  });
});
