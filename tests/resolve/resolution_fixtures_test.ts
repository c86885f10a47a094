import assert from "node:assert/strict";
import { isDigest } from "../../lib/http/computed_credential.ts";
import { isRecord, type JsonValue } from "../../lib/base/json.ts";
import { parseYaml } from "../../lib/base/yaml.ts";
import { unresolvedError } from "../../lib/ops/service_auth_error.ts";
import { applyPlacement } from "../../lib/resolve/apply.ts";
import type { Placement } from "../../lib/resolve/credential.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { type CaseParts, type CaseRun, KNOWN_PARTS, runCase } from "./resolution_case.ts";

const FOLDER = new URL("../../fixtures/resolution/", import.meta.url);

/** Everything the credentials add to a request, place by place. */
async function sentBy(placement: Placement): Promise<Record<string, string>> {
  const applied = await applyPlacement({ ...placement, certificate: null }, () => 0);
  return Object.fromEntries([
    ...Object.entries(applied.headers).map(([name, value]) => [`header ${name}`, value]),
    ...Object.entries(applied.query_params).map(([name, value]) => [`query ${name}`, value]),
    ...applied.computed.filter(isDigest).map((
      { kind, username, password },
    ) => [kind, `${username}:${password}`]),
    ...(placement.certificate === null ? [] : [["certificate", "client"]]),
    ...(placement.aws === null ? [] : [["signature", `AWS ${placement.aws.accessKeyId}`]]),
  ]);
}

async function checkCase(parts: CaseParts, run: CaseRun): Promise<void> {
  const { placement, verdict } = run.resolution;
  if (parts.refuses !== undefined) {
    assert.equal(placement, null, "Something was sent");
    const reasons = verdict.alternatives.map(({ requirements }) =>
      requirements.map(({ reason }) => reason).join("; ")
    );
    for (const [index, fragment] of (parts.refuses as string[]).entries()) {
      assert.ok(reasons[index]?.includes(fragment), `"${fragment}" is not in "${reasons[index]}"`);
    }
    const error = unresolvedError("desk", "tickets", run.resolution);
    assert.equal(error.code, parts.error ?? "AUTH_NEEDED");
    assert.ok(error.hint);
  } else {
    assert.notEqual(placement, null, JSON.stringify(verdict, null, 1));
    const expected = parts.sends === "nothing" ? {} : parts.sends;
    assert.deepEqual(await sentBy(placement!), expected);
  }
  if (parts.alternatives !== undefined) {
    assert.deepEqual(verdict.alternatives.map(({ status }) => status), parts.alternatives);
  }
  for (const [part, count] of counts(run)) {
    if (parts[part] !== undefined) assert.equal(count, parts[part], part);
  }
}

function counts(run: CaseRun): [string, number][] {
  return [
    ["token requests", run.tokenRequests],
    ["browser logins", run.browserLogins],
    ["program runs", run.programRuns],
  ];
}

for (const { name } of [...Deno.readDirSync(FOLDER)].filter(({ name }) => name.endsWith(".yaml"))) {
  const file = parseYaml(Deno.readTextFileSync(new URL(name, FOLDER)), name);
  assert.ok(isRecord(file) && Array.isArray(file.cases));
  const shared = file["unless a case says otherwise"] as CaseParts;
  for (const own of file.cases as readonly Record<string, JsonValue>[]) {
    Deno.test(`resolution, ${name.replace(".yaml", "")}: ${own.case}`, async () => {
      const parts: CaseParts = { ...shared, ...own };
      assert.deepEqual(Object.keys(parts).filter((part) => !KNOWN_PARTS.includes(part)), []);
      assert.ok(
        (parts.sends === undefined) !== (parts.refuses === undefined),
        "A case either sends or refuses",
      );
      await withTempFolder(async (folder) => checkCase(parts, await runCase(parts, folder)));
    });
  }
}
