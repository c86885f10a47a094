/** docs/secrets.md against the keys that the configuration takes. */
import assert from "node:assert/strict";
import { ConfigNode } from "../../lib/base/config_node.ts";
import { readSecretSource } from "../../lib/base/config_secret.ts";
import type { AppError } from "../../lib/base/error.ts";
import type { JsonValue } from "../../lib/base/json.ts";

const ORIGIN = { layer: "user", file: "/config.yaml" } as const;
const EXEC_KEYS = ["command", "timeoutSec"];

/** What is wrong with a secret, with what would be right. */
function complaint(secret: JsonValue): string {
  try {
    readSecretSource(new ConfigNode(secret, ORIGIN.file, new Map()), ORIGIN);
  } catch (error) {
    const { message, hint = "" } = error as AppError;
    return `${message} ${hint}`.trim();
  }
  throw new Error("nothing is wrong");
}

function listIn(text: string): string[] {
  return text.slice(text.lastIndexOf(": ") + 2).split(", ").filter((key) => key !== "type").sort();
}

/** The rows of the table with this heading: the first cell, and the names in the last. */
async function rows(heading: string): Promise<Map<string, string[]>> {
  const text = await Deno.readTextFile(new URL("../../docs/secrets.md", import.meta.url));
  const [table = ""] = text.slice(text.indexOf(`| ${heading}`)).split("\n\n");
  return new Map(
    table.split("\n").slice(2).map((line) => {
      const cells = line.split("|").slice(1, -1);
      const names = [...cells.at(-1)!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
      return [cells[0]!.trim().replaceAll("`", ""), names] as const;
    }),
  );
}

Deno.test("docs/secrets.md has every type and every key of it", async () => {
  const documented = await rows("type ");
  assert.deepEqual([...documented.keys()].sort(), listIn(complaint({ type: "none" })));
  documented.set("oauth2", [...(await rows("key of `oauth2`")).keys()]);
  for (const [type, keys] of documented) {
    const isText = keys.includes("value") && type !== "app";
    const elsewhere = isText && type !== "exec" ? EXEC_KEYS : [];
    const known = listIn(complaint({ type, none: 1 }));
    assert.deepEqual([...keys, ...elsewhere].sort(), known, type);
  }
});

Deno.test("docs/secrets.md has every choice of an oauth2 secret", async () => {
  const documented = await rows("key of `oauth2`");
  for (const key of ["clientAuth", "mode", "tokenStorage"]) {
    const known = listIn(complaint({ type: "oauth2", clientId: "c", [key]: "none of them" }));
    const choices = known.filter((choice) => !["implicit", "password"].includes(choice));
    assert.deepEqual(documented.get(key)!.toSorted(), choices, key);
  }
});
