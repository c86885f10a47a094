/**
 * `deno task sbom`: `dist/keysmith.cdx.json`, which packages the executable holds, as CycloneDX 1.6
 * (https://cyclonedx.org/docs/1.6/json/), from `deno.lock`. Of one commit it is always the same, byte for byte.
 */
import project from "../deno.json" with { type: "json" };
import { ROOT } from "./build/bundle.ts";
import { PACKAGE_ROOMS } from "./rooms.ts";

interface LockedPackage {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
}

export interface Component {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly [{ readonly alg: "SHA-512"; readonly content: string }];
}

if (import.meta.main) {
  await Deno.mkdir(`${ROOT}/dist`, { recursive: true });
  const { npm, specifiers } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.lock`));
  const document = bom(Object.keys(PACKAGE_ROOMS), npm, specifiers);
  await Deno.writeTextFile(
    `${ROOT}/dist/keysmith.cdx.json`,
    `${JSON.stringify(document, null, 2)}\n`,
  );
  console.log(`dist/keysmith.cdx.json  ${document.components.length} packages`);
}

/**
 * `roots`: the packages that `lib/` imports. `npm`, `specifiers`: of `deno.lock`, version 5.
 *
 * @throws {Error} for a package that the lock file does not hold.
 */
export function bom(
  roots: readonly string[],
  npm: Readonly<Record<string, LockedPackage>>,
  specifiers: Readonly<Record<string, string>>,
) {
  const keyOf = keysByName(npm);
  const rootKeys = roots.map((name) => keyOf(lockedSpecifier(name, specifiers)));
  const found = new Set(rootKeys);
  for (const key of found) for (const name of dependenciesOf(npm[key]!)) found.add(keyOf(name));
  const keys = [...found].sort();
  const refs = (names: readonly string[]) => names.map(purlOf).sort();
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": project.name,
        name: project.name,
        version: project.version,
        licenses: [{ license: { id: project.license } }],
      },
    },
    components: keys.map((key) => component(key, npm[key]!)),
    dependencies: [
      { ref: project.name, dependsOn: refs(rootKeys) },
      ...keys.map((key) => ({
        ref: purlOf(key),
        dependsOn: refs(dependenciesOf(npm[key]!).map(keyOf)),
      })),
    ],
  };
}

function dependenciesOf({ dependencies = [], optionalDependencies = [] }: LockedPackage): string[] {
  return [...dependencies, ...optionalDependencies];
}

/** `name@version` for a package that `deno.json` names. */
function lockedSpecifier(name: string, specifiers: Readonly<Record<string, string>>): string {
  const found = Object.entries(specifiers).find(([key]) => key.startsWith(`npm:${name}@`));
  if (found === undefined) throw new Error(`deno.lock does not hold "${name}"`);
  return `${name}@${found[1]}`;
}

/** A dependency stands in the lock by its name, with its version where there are several; peers follow a `_`. */
function keysByName(npm: Readonly<Record<string, LockedPackage>>): (name: string) => string {
  const keys = Object.keys(npm);
  return (name) => {
    const isVersioned = name.lastIndexOf("@") > 0;
    const found = Object.hasOwn(npm, name)
      ? name
      : keys.find((key) => key.startsWith(isVersioned ? `${name}_` : `${name}@`));
    if (found === undefined) throw new Error(`deno.lock does not hold "${name}"`);
    return found;
  };
}

function component(key: string, { integrity }: LockedPackage): Component {
  const { name, version } = partsOf(key);
  const content = Uint8Array.fromBase64(integrity.replace("sha512-", "")).toHex();
  const purl = purlOf(key);
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    purl,
    hashes: [{ alg: "SHA-512", content }],
  };
}

/** `pkg:npm/%40scope/name@1.2.3` (https://github.com/package-url/purl-spec). */
function purlOf(key: string): string {
  const { name, version } = partsOf(key);
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function partsOf(key: string): { readonly name: string; readonly version: string } {
  const at = key.indexOf("@", 1);
  return { name: key.slice(0, at), version: key.slice(at + 1).split("_", 1)[0]! };
}
