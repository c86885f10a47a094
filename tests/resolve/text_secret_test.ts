import assert from "node:assert/strict";
import type { TextSource } from "../../lib/base/config.ts";
import { AppError } from "../../lib/base/error.ts";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { readText, readTextSecret } from "../../lib/resolve/text_secret.ts";
import type { KeychainStore } from "../../lib/store/keychain_store.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

function exec(script: string, timeoutSec = 10): TextSource {
  return { type: "exec", command: ["sh", "-c", script], timeoutSec };
}

function keychainOf(items: Readonly<Record<string, string>>): KeychainStore {
  return {
    get: (service, account) => Promise.resolve(items[`${service}|${account}`] ?? null),
    set: () => assert.fail("Nothing is written"),
    delete: () => assert.fail("Nothing is deleted"),
    available: () => Promise.resolve(true),
  };
}

Deno.test("readTextSecret() registers the secret; readText() is for what is none", async () => {
  const ctx = fakeContext();
  await readText(ctx, { type: "literal", value: "client-id-1" });
  assert.equal(ctx.redactor.redact("client-id-1"), "client-id-1");
  await readTextSecret(ctx, { type: "literal", value: "secret-1" });
  assert.equal(ctx.redactor.redact("secret-1"), "‹secret›");
});

Deno.test("readTextSecret() reads keychain items by service and account", async () => {
  const keychain = keychainOf({ "desk|ann": "k-1", "desk|a:b/c": "k-2", "a:b|c": "k-3" });
  const cases: [string, string][] = [["desk/ann", "k-1"], ["desk:ann", "k-1"], [
    "desk/a:b/c",
    "k-2",
  ], [
    "a:b/c",
    "k-3",
  ]];
  for (const [value, expected] of cases) {
    assert.equal(
      await readTextSecret(fakeContext(), { type: "osKeychain", value }, keychain),
      expected,
    );
  }
  await assert.rejects(
    readTextSecret(fakeContext(), { type: "osKeychain", value: "desk/bob" }, keychain),
    /keychain item "desk\/bob" does not exist/,
  );
});

Deno.test("readTextSecret() reports a keychain that cannot be used", async () => {
  const broken: KeychainStore = {
    ...keychainOf({}),
    get: () => Promise.reject(new AppError("UNSUPPORTED", "Cannot use the system keychain")),
  };
  await assert.rejects(
    readTextSecret(fakeContext(), { type: "osKeychain", value: "a/b" }, broken),
    (error: SecretProblem) => error instanceof SecretProblem,
  );
});

Deno.test("readTextSecret() bounds a program in time, output and success", async () => {
  const cases: [TextSource, RegExp][] = [
    [exec("exit 3"), /failed with exit code 3/],
    [exec("printf half; exit 1"), /failed with exit code 1/],
    [exec("printf ''"), /is empty/],
    [exec("yes"), /wrote too much/],
    [exec("sleep 30", 1), /took longer than 1 s/],
    [exec("sleep 30 & sleep 30", 1), /took longer than 1 s/],
  ];
  await Promise.all(cases.map(async ([source, message]) => {
    await assert.rejects(readTextSecret(fakeContext(), source), (error: SecretProblem) => {
      assert.ok(error instanceof SecretProblem);
      assert.match(error.message, message);
      return true;
    });
  }));
});

Deno.test("readTextSecret() hides what a failing program says", async () => {
  await assert.rejects(
    readTextSecret(fakeContext(), exec("echo top-secret; echo top-secret >&2; exit 1")),
    (error: SecretProblem) => !error.message.includes("top-secret"),
  );
});

Deno.test("readTextSecret() stops a program when the user interrupts", async () => {
  const stop = new AbortController();
  const ctx = fakeContext({ signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await assert.rejects(
    readTextSecret(ctx, exec("sleep 30")),
    (error: AppError) => error.code === "INTERRUPTED",
  );
});

Deno.test("readTextSecret() refuses a file that is not a secret", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/big`;
    await Deno.writeTextFile(path, "x".repeat(300_000));
    const read = (value: string) =>
      readTextSecret(fakeContext(), { type: "file", value, within: null });
    await assert.rejects(read(path), /is too large/);
    await assert.rejects(read(folder), /cannot be read/);
  });
});
