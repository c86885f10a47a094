import assert from "node:assert/strict";
import { AppError, ERROR_EXIT_CODES, type ErrorCode } from "../../lib/base/error.ts";
import { shownDebug } from "../../lib/base/debug_line.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { reportError } from "../../lib/cli/error_report.ts";

function report(thrown: unknown, options: { interrupted?: boolean; debug?: boolean } = {}) {
  const redactor = new Redactor();
  redactor.add("hunter22");
  return reportError(thrown, { redactor, interrupted: false, debug: false, ...options });
}

Deno.test("reportError() prints message and hint, and gives --json the whole error", () => {
  const error = new AppError("NOT_FOUND", 'There is no app "shop"', {
    hint: "keysmith capture import shop FILE",
    details: { app: "shop" },
  });
  const { exitCode, text, document } = report(error);
  assert.equal(exitCode, 1);
  assert.equal(
    text,
    'keysmith: There is no app "shop"\n  hint: keysmith capture import shop FILE',
  );
  assert.deepEqual(document, {
    error: {
      code: "NOT_FOUND",
      message: 'There is no app "shop"',
      hint: "keysmith capture import shop FILE",
      details: { app: "shop" },
    },
  });
});

Deno.test("reportError() masks secrets in message, hint and details", () => {
  const error = new AppError("BAD_INPUT", "Cannot use hunter22", {
    hint: "not hunter22",
    details: { value: "hunter22", nested: [{ again: "x hunter22" }] },
  });
  const { text, document } = report(error);
  assert.ok(!text.includes("hunter22"));
  assert.ok(!JSON.stringify(document).includes("hunter22"));
});

Deno.test("reportError() shows the last lines of debug(), what looks made masked", () => {
  const debug = ["status 200", "token fxt_8Jq2Lm5Vx0Rt of Nora", "hunter22"].map(shownDebug);
  const lines = [...Array(30).keys()].map((line) => `line ${line}`);
  const short = report(new AppError("SCRIPT_FAILED", "Failed", { details: { debug } })).text;
  assert.deepEqual(short.split("\n").slice(1), [
    "  debug: status 200",
    "  debug: token … of Nora",
    "  debug: ‹secret›",
  ]);
  const long = report(new AppError("SCRIPT_FAILED", "Failed", { details: { debug: lines } })).text;
  assert.deepEqual(long.split("\n").slice(1, 3), ["  debug: (10 more before)", "  debug: line 10"]);
});

Deno.test("reportError() escapes what a server put into a message", () => {
  const { text } = report(new AppError("UPSTREAM_REFUSED", "Server said \x1b]0;title\x07"));
  assert.equal(text, "keysmith: Server said \\x1b]0;title\\x07");
});

Deno.test("reportError() ends in 1 for what was not thrown on purpose, the stack only on request", () => {
  const bug = new TypeError("x is undefined, hunter22");
  const { exitCode, text, document } = report(bug);
  assert.equal(exitCode, 1);
  assert.match(text, /^keysmith: Unexpected failure: TypeError: x is undefined, ‹secret›\n/);
  assert.equal(text.split("\n").length, 2);
  assert.equal(document.error["code"], "INTERNAL");
  assert.match(report(bug, { debug: true }).text, /error_report_test/);
});

Deno.test("reportError() takes a home that cannot be used for no bug", () => {
  const file = Deno.makeTempFileSync();
  try {
    let refused: unknown;
    try {
      Deno.mkdirSync(`${file}/apps`);
    } catch (error) {
      refused = error;
    }
    const { exitCode, text, document } = report(refused);
    assert.equal(exitCode, 1);
    assert.equal(document.error["code"], "BAD_STORE");
    assert.ok(text.includes(file), text);
    assert.match(text, /hint: .*KEYSMITH_HOME/);
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("reportError() says interrupted whatever the interruption broke", () => {
  const { exitCode, text } = report(new Error("connection lost"), { interrupted: true });
  assert.equal(exitCode, 130);
  assert.equal(text, "keysmith: Interrupted");
});

const DOCUMENTED = [0, 1, 2, 3, 4, 5, 130];

for (const code of Object.keys(ERROR_EXIT_CODES) as ErrorCode[]) {
  Deno.test(`reportError() of ${code} ends in its documented exit code`, () => {
    const { exitCode } = report(new AppError(code, "x"));
    assert.equal(exitCode, ERROR_EXIT_CODES[code]);
    assert.ok(DOCUMENTED.includes(exitCode));
  });
}

function thrownBy(work: () => unknown): Error {
  try {
    work();
  } catch (thrown) {
    return thrown as Error;
  }
  throw new Error("Nothing was thrown");
}

Deno.test("reportError() calls an endless recursion a bug", () => {
  const descend = (): number => 1 + descend();
  const options = { redactor: new Redactor(), interrupted: false, debug: false };
  assert.match(reportError(thrownBy(descend), options).text, /bug in keysmith/);
});

Deno.test("reportError() names faults of the machine, and none of them a bug", () => {
  const coded = (code: string, message = "m") => Object.assign(new Error(message), { code });
  const faults: [Error, RegExp][] = [
    [coded("ENOLCK"), /no locks[\s\S]*local disk/],
    [new Error("No locks available (os error 37)"), /no locks/],
    [coded("ENOSPC"), /disk is full[\s\S]*Free some space/],
    [new Error("Http: Error: Too many open files (os error 24)"), /ulimit -n/],
    [new Error("No space left on device (os error 28)"), /disk is full[\s\S]*df -i/],
    [coded("EDQUOT"), /quota/],
    [coded("EROFS"), /only be read/],
    [coded("EIO"), /disk fails/],
    [coded("EMFILE"), /ulimit -n/],
    [new RangeError("Invalid string length"), /512 MB/],
    [coded("ERR_STRING_TOO_LONG"), /512 MB/],
    [
      thrownBy(() => /"(?:[^"\\]|\\.)*"/.exec(`"${"a".repeat(16_000_000)}"`)),
      /larger than can be searched/,
    ],
  ];
  for (const [thrown, said] of faults) {
    const { text, exitCode } = reportError(thrown, {
      redactor: new Redactor(),
      interrupted: false,
      debug: false,
    });
    assert.match(text, said);
    assert.doesNotMatch(text, /bug in keysmith/);
    assert.equal(exitCode, 1);
  }
});
