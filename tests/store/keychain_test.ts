import assert from "node:assert/strict";
import { join } from "node:path";
import { openKeychain } from "../../lib/store/keychain.ts";
import { runTool, type ToolResult } from "../../lib/store/run_tool.ts";
import { withTempFolder } from "../support/temp_folder.ts";

interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

const ok = (stdout = ""): ToolResult => ({ code: 0, stdout, stderr: "" });

/** A keychain behind the command lines of `security` and `secret-tool`, and what it was called with. */
function fakeTools(options: { maxLineLength?: number } = {}) {
  const items = new Map<string, string>();
  const calls: Call[] = [];
  const security = (args: readonly string[], stdin: string): ToolResult => {
    const words = args[0] === "-i"
      ? [...stdin.trim().matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)]
        .map((match) => match[2] ?? match[1]!.replace(/\\(.)/g, "$1"))
      : [...args];
    if (stdin.length > (options.maxLineLength ?? Infinity)) return ok();
    const after = (flag: string) => words[words.indexOf(flag) + 1] ?? "";
    const key = `${after("-s")}\0${after("-a")}`;
    if (words[0] === "add-generic-password") items.set(key, after("-w"));
    else if (!items.has(key)) return { code: 44, stdout: "", stderr: "could not be found" };
    else if (words[0] === "find-generic-password") return ok(`${items.get(key)}\n`);
    else items.delete(key);
    return ok();
  };
  const secretTool = (args: readonly string[], stdin: string): ToolResult => {
    const key = `${args[args.indexOf("service") + 1]}\0${args[args.indexOf("account") + 1]}`;
    if (args[0] === "store") items.set(key, stdin);
    else if (args[0] === "clear") items.delete(key);
    else if (!items.has(key)) return { code: 1, stdout: "", stderr: "" };
    else return ok(items.get(key));
    return ok();
  };
  const run = (command: string, args: readonly string[], stdin: string): Promise<ToolResult> => {
    calls.push({ command, args, stdin });
    return Promise.resolve(
      command === "security" ? security(args, stdin) : secretTool(args, stdin),
    );
  };
  return { run, calls, items };
}

const SECRETS = [
  "",
  "short",
  'with "quotes" and \\ and \n lines',
  "ümläut 🔑",
  JSON.stringify({ token: "x".repeat(20_000) }),
];

for (const os of ["darwin", "linux"]) {
  Deno.test(`openKeychain() on ${os} gives back secrets of any length and text`, async () => {
    const { run, calls, items } = fakeTools({ maxLineLength: 4096 });
    const keychain = openKeychain(os, run);
    assert.equal(await keychain.available(), true);
    assert.equal(await keychain.get("keysmith", 'shop "one"'), null);
    for (const secret of SECRETS) {
      await keychain.set("keysmith", 'shop "one"', secret);
      assert.equal(await keychain.get("keysmith", 'shop "one"'), secret);
    }
    assert.ok(items.size > 1);
    await keychain.set("keysmith", 'shop "one"', "short again");
    assert.equal(items.size, 1, "pieces of the long secret are gone");
    assert.equal(await keychain.delete("keysmith", 'shop "one"'), true);
    assert.equal(await keychain.delete("keysmith", 'shop "one"'), false);
    assert.equal(items.size, 0);
    const args = calls.flatMap((call) => call.args).join("\n");
    for (const secret of SECRETS.slice(1)) {
      assert.ok(!args.includes(secret) && !args.includes(btoa(encodeURI(secret))));
    }
  });

  Deno.test(`openKeychain() on ${os} leaves the old secret whole when it is killed in a write`, async () => {
    const { run } = fakeTools();
    const [old, next] = ["o".repeat(9000), "n".repeat(12_000)];
    for (let allowed = 0;; allowed++) {
      await openKeychain(os, run).set("keysmith", "shop", old);
      let writes = 0;
      const dying = (command: string, args: readonly string[], stdin: string) => {
        if (stdin !== "" && writes++ === allowed) return Promise.reject(new Error("killed"));
        return run(command, args, stdin);
      };
      const done = await openKeychain(os, dying).set("keysmith", "shop", next)
        .then(() => true, () => false);
      assert.equal(await openKeychain(os, run).get("keysmith", "shop"), done ? next : old);
      if (done) return;
    }
  });
}

Deno.test("openKeychain() reads an item that someone else stored", async () => {
  const { run, items } = fakeTools();
  items.set("helpdesk\0token", "plain-token\n");
  assert.equal(await openKeychain("linux", run).get("helpdesk", "token"), "plain-token");
});

Deno.test("openKeychain() tells an incomplete secret from an absent one", async () => {
  const { run, items } = fakeTools();
  const keychain = openKeychain("linux", run);
  await keychain.set("keysmith", "shop", "s".repeat(9000));
  items.delete([...items.keys()].find((key) => key.endsWith("#1"))!);
  await assert.rejects(keychain.get("keysmith", "shop"), { code: "BAD_STORE" });
});

Deno.test("openKeychain() says where there is no keychain and how to go on", async () => {
  const broken = () =>
    Promise.resolve({ code: 1, stdout: "", stderr: "Cannot autolaunch D-Bus without X11" });
  for (const keychain of [openKeychain("windows"), openKeychain("linux", broken)]) {
    assert.equal(await keychain.available(), false);
    await assert.rejects(keychain.get("keysmith", "shop"), {
      code: "UNSUPPORTED",
      hint: "Keep token state in files instead: keysmith config set store file",
    });
  }
});

Deno.test("openKeychain() says what is in the way: no session on macOS, no bus on Linux, no support", async () => {
  const cases: [string, ToolResult, RegExp][] = [
    ["darwin", { code: 36, stdout: "", stderr: "" }, /locked.*"security unlock-keychain"/],
    ["linux", { code: 1, stdout: "", stderr: "No D-Bus\u001b[2J\n" }, /"No D-Bus\\x1b\[2J"/],
    ["windows", ok(), /not supported here/],
  ];
  for (const [os, result, message] of cases) {
    const keychain = openKeychain(os, () => Promise.resolve(result));
    await assert.rejects(keychain.get("keysmith", "shop"), { code: "UNSUPPORTED", message });
  }
});

Deno.test("openKeychain() notices that macOS did not store an item", async () => {
  const { run } = fakeTools({ maxLineLength: 10 });
  await assert.rejects(openKeychain("darwin", run).set("keysmith", "shop", "secret"), {
    code: "UNSUPPORTED",
  });
});

Deno.test({
  name: "runTool() hands stdin over, reports the end, and ends a tool that hangs",
  ignore: Deno.build.os === "windows",
  async fn() {
    const long = "x".repeat(300_000);
    assert.deepEqual(await runTool("cat", [], long, 5000), ok(long));
    assert.deepEqual(await runTool("sh", ["-c", "echo no >&2; exit 44"], long, 5000), {
      code: 44,
      stdout: "",
      stderr: "no\n",
    });
    await assert.rejects(runTool("sleep", ["30"], "", 50), { code: "UNSUPPORTED" });
    await withTempFolder(async (root) => {
      await assert.rejects(runTool(join(root, "absent"), [], "", 50), { code: "UNSUPPORTED" });
    });
  },
});
