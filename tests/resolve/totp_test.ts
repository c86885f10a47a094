import assert from "node:assert/strict";
import { type AnswerContext, askSource } from "../../lib/resolve/answer_source.ts";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { codeOf, stepAt, totpKey } from "../../lib/resolve/totp.ts";
import { reserveWindow } from "../../lib/resolve/totp_windows.ts";
import { Home } from "../../lib/store/home.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const UNSET = { algorithm: null, digits: null, periodSec: null };

/** The seeds of RFC 6238, appendix B: `12345678901234567890…` of 20, 32 and 64 bytes, in base 32. */
const SEEDS = {
  "SHA-1": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  "SHA-256": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
  "SHA-512": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQ" +
    "OJQGEZDGNBVGY3TQOJQGEZDGNA",
} as const;

const VECTORS: readonly (readonly [number, keyof typeof SEEDS, string])[] = [
  [59, "SHA-1", "94287082"],
  [59, "SHA-256", "46119246"],
  [59, "SHA-512", "90693936"],
  [1111111109, "SHA-1", "07081804"],
  [1111111109, "SHA-256", "68084774"],
  [1234567890, "SHA-512", "93441116"],
  [20000000000, "SHA-1", "65353130"],
  [20000000000, "SHA-512", "47863826"],
];

Deno.test("codeOf() gives the codes of RFC 6238, appendix B", () => {
  for (const [atSec, algorithm, code] of VECTORS) {
    const key = totpKey(SEEDS[algorithm], { algorithm, digits: 8, periodSec: 30 });
    assert.equal(codeOf(key, stepAt(key, atSec * 1000)), code, `${algorithm} at ${atSec}`);
    const short = totpKey(SEEDS[algorithm], { algorithm, digits: 6, periodSec: null });
    assert.equal(codeOf(short, stepAt(short, atSec * 1000)), code.slice(2));
  }
});

Deno.test("totpKey() reads an otpauth address, and the configuration counts more", () => {
  const address =
    "otpauth://totp/Shop:ada?secret=gezd%20GNBV-gy3t qojq&issuer=Shop&algorithm=SHA512" +
    "&digits=8&period=60";
  const key = totpKey(address, UNSET);
  assert.equal(new TextDecoder().decode(key.secret), "1234567890");
  assert.deepEqual({ ...key, secret: null }, {
    secret: null,
    algorithm: "SHA-512",
    digits: 8,
    periodSec: 60,
  });
  assert.equal(totpKey(address, { ...UNSET, digits: 7 }).digits, 7);
});

const UNUSABLE = [
  "",
  "not base 32!",
  "otpauth://hotp/Shop?secret=GEZDGNBV",
  "otpauth://totp/Shop",
  "otpauth://totp/Shop?secret=GEZDGNBV&digits=12",
  "otpauth://totp/Shop?secret=GEZDGNBV&algorithm=MD5",
];

for (const text of UNUSABLE) {
  Deno.test(`totpKey() refuses ${JSON.stringify(text)} without quoting a secret`, () => {
    assert.throws(() => totpKey(text, UNSET), (error: unknown) => {
      assert.ok(error instanceof SecretProblem);
      assert.doesNotMatch(error.message, /GEZDGNBV/);
      return true;
    });
  });
}

/** A context whose sleep moves its clock. */
function sleepingContext(home: string) {
  const ctx = fakeContext({ home, nowMs: 1_800_000_005_000 });
  const slept: number[] = [];
  const sleep: AnswerContext["sleep"] = (ms) => {
    slept.push(ms);
    ctx.nowMs += ms;
    return Promise.resolve();
  };
  return Object.assign(ctx, { slept, sleep });
}

const CODES = {
  type: "totp",
  secret: { type: "literal", value: SEEDS["SHA-1"] },
  ...UNSET,
} as const;

Deno.test("a one-time code is given once: the next waits for its window", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const ctx = sleepingContext(folder);
    const key = totpKey(SEEDS["SHA-1"], UNSET);
    const first = await askSource(ctx, home, CODES);
    assert.deepEqual([first, ctx.slept], [codeOf(key, 60_000_000), []]);
    const second = await askSource(ctx, home, CODES);
    assert.deepEqual([second, ctx.slept], [codeOf(key, 60_000_001), [25_000]]);
    ctx.nowMs += 3_600_000;
    assert.equal(await askSource(ctx, home, CODES), codeOf(key, stepAt(key, ctx.nowMs)));
    assert.equal(ctx.redactor.redact(SEEDS["SHA-1"]), "‹secret›");
    const { mode } = await Deno.stat(home.path("totp.json"));
    assert.equal(mode! & 0o077, 0);
  });
});

Deno.test("reserveWindow() gives many processes a window each, and forgives a clock set back", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const ctx = fakeContext({ home: folder, nowMs: 1_800_000_000_000 });
    const key = totpKey(SEEDS["SHA-256"], UNSET);
    const steps = await Promise.all(
      Array.from({ length: 8 }, () => reserveWindow(ctx, home, key)),
    );
    assert.deepEqual(steps.toSorted(), Array.from({ length: 8 }, (_, i) => 60_000_000 + i));
    ctx.nowMs -= 86_400_000;
    assert.equal(await reserveWindow(ctx, home, key), 60_000_000 - 2880);
  });
});

Deno.test("a source with a wait is asked again until its answer is there, and is a new one", async () => {
  await withTempFolder(async (folder) => {
    const ctx = sleepingContext(folder);
    const file = `${folder}/code`;
    const source = { type: "file", value: file, within: null, waitSec: 5 } as const;
    const { sleep } = ctx;
    ctx.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (ctx.slept.length === 3) await Deno.writeTextFile(file, "112233\n");
    };
    assert.equal(await askSource(ctx, new Home(folder), source), "112233");
    assert.deepEqual(ctx.slept, [1000, 1000, 1000]);
    await assert.rejects(askSource(ctx, new Home(folder), source, ["112233"]), {
      name: "SecretProblem",
      message: /only what was given before/,
    });
    assert.equal(ctx.slept.length, 8);
  });
});
