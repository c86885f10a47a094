/**
 * `deno task test`: runs the tests and ends in a line `N passed, N failed`. They are run by the Deno that
 * runs this script; nothing else is needed. Types are for `deno task check`, which `deno task ok` and the gate run
 * before: a second check of all files would take half a minute.
 *
 *     deno task test [PATH…]                     all tests, or those under the paths
 *     deno task test --executable dist/keysmith  also the suites that run the command line, against that file
 */
import { parseArgs } from "node:util";
import { ROOT } from "./build/bundle.ts";
import { sharedFiles } from "./shared_test_files.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What is run a second time against the executable: whole sessions, and the attacks on the sandbox. */
const EXECUTABLE_SUITES = [
  "tests/cli/interrupt_test.ts",
  "tests/cli/prompt_test.ts",
  "tests/cli/scripts_test.ts",
  "tests/cli/session_test.ts",
  "tests/e2e/answered_login_test.ts",
  "tests/e2e/app_export_test.ts",
  "tests/e2e/bound_token_test.ts",
  "tests/e2e/enveloped_client_test.ts",
  "tests/e2e/environments_test.ts",
  "tests/e2e/extended_session_test.ts",
  "tests/e2e/failed_login_reasons_test.ts",
  "tests/e2e/failing_logins_test.ts",
  "tests/e2e/limited_login_test.ts",
  "tests/e2e/lock_out_test.ts",
  "tests/e2e/logins_by_command_test.ts",
  "tests/e2e/posting_session_test.ts",
  "tests/e2e/remedied_refusal_test.ts",
  "tests/e2e/renewal_test.ts",
  "tests/e2e/renewing_token_test.ts",
  "tests/e2e/session_end_test.ts",
  "tests/mcp/stdio_test.ts",
  "tests/ops/keep_given_token_test.ts",
  "tests/sandbox/attacks_test.ts",
  "tests/sandbox/interrupt_test.ts",
  "tests/sandbox/refresh_interrupt_test.ts",
  "tests/sandbox/walls/sandbox_walls_test.ts",
];

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    options: { executable: { type: "string" } },
    allowPositionals: true,
  });
  const runs = [positionals.length > 0 ? await runTests(positionals, {}) : await runAll()];
  if (values.executable !== undefined) {
    const executable = Deno.realPathSync(values.executable);
    console.log(`\nagainst ${executable}`);
    runs.push(await runTests(EXECUTABLE_SUITES, { KEYSMITH_BIN: executable }));
  }
  const passed = runs.reduce((sum, run) => sum + run.passed, 0);
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  Deno.exitCode = failed === 0 ? 0 : 1;
}

/** Every test; of rooms whose files share nothing, many files in one process. */
async function runAll(): Promise<Counts> {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-tests-" });
  try {
    return await runTests(await sharedFiles(`${ROOT}/tests`, folder), {});
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runTests(
  paths: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Counts> {
  const report = await Deno.makeTempFile({ prefix: "keysmith-tests-", suffix: ".xml" });
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "-A",
        "--quiet",
        "--no-check",
        "--parallel",
        "--config=deno.json",
        "--preload=tests/support/fixed_seed.ts",
        `--junit-path=${report}`,
        ...paths,
      ],
      // One more than there are processors: files wait for browsers, processes and clocks.
      env: { DENO_JOBS: String(navigator.hardwareConcurrency + 1), ...env },
      cwd: ROOT,
    }).spawn().status;
    const { passed, failed } = countTests(await Deno.readTextFile(report));
    // A file that does not compile or a leaked failure is none of the report's tests.
    return { passed, failed: failed === 0 && !success ? 1 : failed };
  } finally {
    await Deno.remove(report);
  }
}

/** The totals of a JUnit report: `<testsuites tests="3" failures="1" errors="0" …>`; ignored tests count as neither. */
export function countTests(junit: string): Counts {
  const attribute = (name: string) =>
    Number(new RegExp(`<testsuites [^>]*\\b${name}="(\\d+)"`).exec(junit)?.[1] ?? 0);
  const skipped = [...junit.matchAll(/<skipped\b/g)].length;
  const failed = attribute("failures") + attribute("errors");
  return { passed: attribute("tests") - failed - skipped, failed };
}
