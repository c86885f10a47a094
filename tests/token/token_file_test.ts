import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { readToken, removeToken, writeToken } from "../../lib/token/token_file.ts";
import { validateTokenState } from "../../lib/token/validate_token.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

Deno.test("writeToken() and readToken() keep every member, in a private file", async () => {
  await withApp(async (home) => {
    const token = tokenState({
      body_params: { "params.sid": "s", n: 1 },
      query_params: { key: "k" },
      computed: [{ kind: "http_digest", username: "ada", password: "secret" }],
      expires_at: 1_800_000_000,
      obtained_at: 1_700_000_000.123,
      stale: true,
    });
    await writeToken(home, APP, token);
    assert.deepEqual(await readToken(home, APP), token);
    const { mode } = await Deno.stat(home.appFile(APP, "token.json"));
    if (Deno.build.os !== "windows") assert.equal(mode! & 0o777, 0o600);
  });
});

Deno.test("readToken() answers null where there is none", async () => {
  await withApp(async (home) => {
    assert.equal(await readToken(home, APP), null);
    assert.equal(await removeToken(home, APP), false);
  });
});

Deno.test({
  name: "readToken() refuses a file that others can read and says how to repair it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await withApp(async (home) => {
      await writeToken(home, APP, tokenState());
      const path = home.appFile(APP, "token.json");
      await Deno.chmod(path, 0o640);
      await assert.rejects(readToken(home, APP), (error: AppError) => {
        assert.equal(error.code, "BAD_STORE");
        assert.match(error.hint ?? "", /chmod 600/);
        assert.ok(error.message.includes(path));
        return true;
      });
    });
  },
});

const damage: [name: string, change: Record<string, unknown>, problem: RegExp][] = [
  ["a missing member", { origins: undefined }, /"origins"/],
  ["an unknown member", { extra: 1 }, /unknown member "extra"/],
  ["a header that is not a text", { headers: { Authorization: 1 } }, /"headers"/],
  ["a header with a line break", { headers: { Authorization: "a\r\nX: y" } }, /"headers"/],
  ["a header name with a space", { headers: { "A B": "x" } }, /"headers"/],
  ["headers that are a list", { headers: [] }, /"headers"/],
  ["a query parameter that is not a text", { query_params: { a: 1 } }, /"query_params"/],
  ["an unknown computation", { computed: [{ kind: "ntlm" }] }, /"computed" has|unknown kind/],
  ["a computation without password", {
    computed: [{ kind: "http_digest", username: "a" }],
  }, /"password"/],
  ["a refresh token that is not a text", { refresh_token: 7 }, /"refresh_token"/],
  ["an expiry that is a text", { expires_at: "tomorrow" }, /"expires_at"/],
  ["an origin with a path", { origins: ["https://api.example.com/v1"] }, /"origins"/],
  ["an origin of another scheme", { origins: ["ftp://api.example.com"] }, /"origins"/],
  ["an origin that is not a URL", { origins: ["api.example.com"] }, /"origins"/],
  ["a stale that is not a truth value", { stale: 0 }, /"stale"/],
];

for (const [name, change, problem] of damage) {
  Deno.test(`validateTokenState() refuses ${name} without quoting it`, () => {
    const value = JSON.parse(JSON.stringify({ ...tokenState(), ...change }));
    assert.throws(() => validateTokenState(value), problem);
  });
}

Deno.test("readToken() reports a half-written file and leaves it as it is", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState());
    const path = home.appFile(APP, "token.json");
    const half = (await Deno.readTextFile(path)).slice(0, 60);
    await Deno.writeTextFile(path, half);
    await assert.rejects(
      readToken(home, APP),
      (error: AppError) =>
        error.code === "BAD_STORE" && error.message.includes(path) &&
        !error.message.includes("access-token"),
    );
    assert.equal(await Deno.readTextFile(path), half);
  });
});

const member = fc.constantFrom(...Object.keys(tokenState()));
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record({ member, value: fc.jsonValue({ maxDepth: 2 }) }).map(({ member, value }) => ({
    ...tokenState(),
    [member]: value,
  })),
);

Deno.test("validateTokenState() answers a token or names the problem, whatever it is given", () => {
  fc.assert(
    fc.property(anything, (value) => {
      try {
        assert.deepEqual(validateTokenState(value), value);
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error));
      }
    }),
    { numRuns: fuzzRuns(10_000) },
  );
});

Deno.test("readToken() reports any file that is not a token by its path", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState());
    const path = home.appFile(APP, "token.json");
    const whole = await Deno.readFile(path);
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(whole.length - 3).map((end) => whole.slice(0, end)),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        await Deno.writeFile(path, bytes);
        await assert.rejects(
          readToken(home, APP),
          (error: AppError) => error.code === "BAD_STORE" && error.message.includes(path),
        );
      }),
      { numRuns: fuzzRuns(200) },
    );
  });
});

Deno.test("validateTokenState() refuses a query value that cannot be written into a URL", () => {
  assert.throws(
    () => validateTokenState(tokenState({ query_params: { key: "\ud800" } })),
    /"query_params" is not/,
  );
});
