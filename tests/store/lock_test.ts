import assert from "node:assert/strict";
import { join } from "node:path";
import { withLock } from "../../lib/store/lock.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("withLock() lets one holder in at a time", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    let inside = 0;
    let highest = 0;
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        withLock(path, { timeoutMs: 10_000 }, async () => {
          highest = Math.max(highest, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 2));
          inside--;
          return index;
        })),
    );
    assert.equal(highest, 1);
    assert.deepEqual(results, Array.from({ length: 12 }, (_, index) => index));
  });
});

Deno.test("withLock() lets hundreds of callers of one process work with files while they hold it", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "count.json");
    await Deno.writeTextFile(path, "0");
    await Promise.all(
      Array.from({ length: 300 }, () =>
        withLock(path, { timeoutMs: 60_000 }, async () => {
          const count = Number(await Deno.readTextFile(path));
          await Deno.writeTextFile(path, String(count + 1));
        })),
    );
    assert.equal(await Deno.readTextFile(path), "300");
  });
});

Deno.test("withLock() leaves threads for other work while others hold many locks", async () => {
  await withTempFolder(async (root) => {
    const paths = Array.from({ length: 64 }, (_, index) => join(root, `${index}.json`));
    const holders = await Promise.all(paths.map(async (path) => {
      const file = await Deno.open(`${path}.lock`, { create: true, read: true, write: true });
      file.lockSync(true);
      return file;
    }));
    const waiting = paths.map((path) =>
      withLock(path, { timeoutMs: 60_000 }, () => Promise.resolve(path))
    );
    await Deno.writeTextFile(join(root, "other"), "written meanwhile");
    for (const holder of holders) holder.close();
    assert.deepEqual(await Promise.all(waiting), paths);
  });
});

Deno.test("withLock() lets the next one in when a caller in front gives up", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const abort = new AbortController();
    const order: string[] = [];
    const note = (name: string) => () => Promise.resolve(void order.push(name));
    const holding = Promise.withResolvers<void>();
    const first = withLock(path, { timeoutMs: 60_000 }, () => holding.promise);
    const second = withLock(path, { timeoutMs: 60_000, signal: abort.signal }, note("second"));
    const third = withLock(path, { timeoutMs: 60_000 }, note("third"));
    abort.abort();
    await assert.rejects(second, { code: "INTERRUPTED" });
    holding.resolve();
    await Promise.all([first, third]);
    assert.deepEqual(order, ["third"]);
  });
});

Deno.test("withLock() hands a wait that was given up to the next caller, and frees what nobody takes", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const other = await Deno.open(`${path}.lock`, { create: true, read: true, write: true });
    other.lockSync(true);
    const never = () => Promise.reject(new Error("got in"));
    for (let times = 0; times < 40; times++) {
      const abort = new AbortController();
      const waiting = withLock(path, { timeoutMs: 60_000, signal: abort.signal }, never);
      abort.abort();
      await assert.rejects(waiting, { code: "INTERRUPTED" });
    }
    await assert.rejects(withLock(path, { timeoutMs: 20 }, never), { code: "LOCKED" });
    const next = withLock(path, { timeoutMs: 60_000 }, () => Promise.resolve("in"));
    other.close();
    assert.equal(await next, "in");
    using again = await Deno.open(`${path}.lock`, { read: true, write: true });
    await again.lock(true);
  });
});

Deno.test("withLock() is free again after the work threw", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const fail = () => Promise.reject(new Error("no"));
    await assert.rejects(withLock(path, { timeoutMs: 100 }, fail), { message: "no" });
    assert.equal(await withLock(path, { timeoutMs: 100 }, () => Promise.resolve("in")), "in");
  });
});

Deno.test("withLock() gives up after the time-out and when it is interrupted", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const never = () => Promise.reject(new Error("got in"));
    await withLock(path, { timeoutMs: 100 }, async () => {
      await assert.rejects(withLock(path, { timeoutMs: 40 }, never), { code: "LOCKED" });
      const signal = AbortSignal.abort();
      await assert.rejects(withLock(path, { timeoutMs: 9e9, signal }, never), {
        code: "INTERRUPTED",
      });
    });
  });
});

Deno.test("withLock() gets in when the process that held the lock is killed", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const lockModule = new URL("../../lib/store/lock.ts", import.meta.url).href;
    const holder = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { withLock } from ${JSON.stringify(lockModule)};
         await withLock(${JSON.stringify(path)}, { timeoutMs: 0 }, () => {
           console.log("held");
           return new Promise((resolve) => setTimeout(resolve, 60_000));
         });`,
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = holder.stdout.getReader();
    await reader.read();
    await assert.rejects(withLock(path, { timeoutMs: 30 }, () => Promise.resolve()), {
      code: "LOCKED",
    });
    holder.kill("SIGKILL");
    assert.equal(await withLock(path, { timeoutMs: 5000 }, () => Promise.resolve("in")), "in");
    await holder.status;
    await reader.cancel();
  });
});

Deno.test("withLock() names the process that holds the lock, and since when", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const never = () => Promise.reject(new Error("got in"));
    const other = await Deno.open(`${path}.lock`, { create: true, read: true, write: true });
    other.lockSync(true);
    const since = "2031-05-06T07:08:09.000Z";
    other.writeSync(new TextEncoder().encode(JSON.stringify({ pid: 424_242, since })));
    await assert.rejects(withLock(path, { timeoutMs: 20 }, never), {
      message: `The keysmith process 424242, at work since ${since}, has held ` +
        `"${path}.lock" for too long`,
      hint: "Wait until it is done, or end process 424242, then run the command again",
    });
    other.truncateSync();
    await assert.rejects(withLock(path, { timeoutMs: 20 }, never), {
      message: `Another keysmith process has held "${path}.lock" for too long`,
    });
    other.close();
    const before = new Date().toISOString();
    await withLock(path, { timeoutMs: 1000 }, () => {
      const holder = JSON.parse(Deno.readTextFileSync(`${path}.lock`));
      assert.equal(holder.pid, Deno.pid);
      assert.ok(holder.since >= before);
      return Promise.resolve();
    });
  });
});
