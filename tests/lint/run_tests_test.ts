import assert from "node:assert/strict";
import { countTests } from "../../scripts/run_tests.ts";

const REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.021">
    <testsuite name="./a_test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="one" classname="./a_test.ts" time="0.001"></testcase>
        <testcase name="two" classname="./a_test.ts" time="0.001">
            <skipped/>
        </testcase>
        <testcase name="three" classname="./a_test.ts" time="0.001">
            <failure message="no">no</failure>
        </testcase>
        <testcase name="four" classname="./a_test.ts" time="0.001"></testcase>
    </testsuite>
</testsuites>`;

Deno.test("countTests() counts an ignored test as neither passed nor failed", () => {
  assert.deepEqual(countTests(REPORT), { passed: 2, failed: 1 });
});

Deno.test("countTests() of a report without tests is nothing", () => {
  assert.deepEqual(countTests(`<testsuites name="deno test" tests="0" failures="0">`), {
    passed: 0,
    failed: 0,
  });
});
