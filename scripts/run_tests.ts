/**
 * Runs all tests, or those of the paths given, and ends in a line `N passed, N failed`. Needs nothing
 * but the Deno that runs it: the tests are run by the same executable.
 */

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

if (import.meta.main) {
  const report = await Deno.makeTempFile({ prefix: "keysmith-tests-", suffix: ".xml" });
  try {
    const paths = Deno.args.length > 0 ? Deno.args : ["tests"];
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--quiet", "--parallel", `--junit-path=${report}`, ...paths],
    }).spawn().status;
    const { passed, failed } = countTests(await Deno.readTextFile(report));
    const lost = !success && failed === 0 ? 1 : 0;
    console.log(`${passed} passed, ${failed + lost} failed`);
    Deno.exitCode = success ? 0 : 1;
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
