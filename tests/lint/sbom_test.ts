import assert from "node:assert/strict";
import { PACKAGE_ROOMS } from "../../scripts/rooms.ts";
import { bom } from "../../scripts/sbom.ts";

const INTEGRITY = `sha512-${new Uint8Array(64).fill(1).toBase64()}`;

Deno.test("bom() holds what the executable reaches, with the versions that are locked", () => {
  const npm = {
    "@a/one@1.0.0": { integrity: INTEGRITY, dependencies: ["two@2.0.0", "peer"] },
    "two@1.0.0": { integrity: INTEGRITY },
    "two@2.0.0": { integrity: INTEGRITY, optionalDependencies: ["@a/one"] },
    "peer@3.0.0_two@2.0.0": { integrity: INTEGRITY },
    "for-tests@1.0.0": { integrity: INTEGRITY },
  };
  const { components, dependencies } = bom(["@a/one"], npm, { "npm:@a/one@1.0.0": "1.0.0" });
  assert.deepEqual(components.map(({ purl }) => purl), [
    "pkg:npm/%40a/one@1.0.0",
    "pkg:npm/peer@3.0.0",
    "pkg:npm/two@2.0.0",
  ]);
  assert.equal(components[0]!.hashes[0].content, "01".repeat(64));
  assert.deepEqual(dependencies, [
    { ref: "keysmith", dependsOn: ["pkg:npm/%40a/one@1.0.0"] },
    { ref: "pkg:npm/%40a/one@1.0.0", dependsOn: ["pkg:npm/peer@3.0.0", "pkg:npm/two@2.0.0"] },
    { ref: "pkg:npm/peer@3.0.0", dependsOn: [] },
    { ref: "pkg:npm/two@2.0.0", dependsOn: ["pkg:npm/%40a/one@1.0.0"] },
  ]);
  assert.throws(() => bom(["gone"], npm, {}), /does not hold "gone"/);
});

Deno.test("bom() of this project names every package that lib/ imports, and only locked ones", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("../../deno.lock", import.meta.url)));
  const names = Object.keys(PACKAGE_ROOMS);
  const { components, dependencies } = bom(names, lock.npm, lock.specifiers);
  for (const name of names) {
    assert.ok(components.some((component) => component.name === name), name);
  }
  const refs = new Set(components.map((component) => component["bom-ref"]));
  for (const { dependsOn } of dependencies) {
    for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
  }
  for (const { hashes } of components) assert.match(hashes[0].content, /^[0-9a-f]{128}$/);
  assert.ok(!refs.has("pkg:npm/playwright-core@1.65.1"), "what only tests use is not in it");
});
