/**
 * An attack is a script with a header that says what must happen:
 *
 *     // Class: network
 *     // Tries: Another port of the approved host.
 *     // Expect: failed | refused | result | limit [name]
 *     // Message: /regular expression the error must match/      (optional)
 *     // Flags: --timeout 1                                       (optional)
 *
 * `ALLOWED_HOST`, `ALLOWED_PORT`, `CANARY_HOST`, `CANARY_PORT`, `CANARY_FILE`, `CANARY_MODULE` and
 * `CANARY_WRITE` in its text are replaced before it runs. Scripts of the class `legitimate` must
 * work: they keep a sandbox that refuses everything from passing.
 */
import { fileURLToPath } from "node:url";

export type Expectation =
  | { readonly kind: "failed" | "refused" | "result" }
  | { readonly kind: "limit"; readonly limit: string | null };

export interface Attack {
  /** The file's name without `.ts`. */
  readonly name: string;
  readonly class: string;
  readonly tries: string;
  readonly expect: Expectation;
  readonly message: RegExp | null;
  readonly flags: readonly string[];
  readonly source: string;
}

const FOLDER = fileURLToPath(new URL("../../../fixtures/attacks", import.meta.url));

/** All attacks, by name. */
export async function readAttacks(): Promise<Attack[]> {
  const attacks: Attack[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (!name.endsWith(".ts")) continue;
    attacks.push(parseAttack(name.slice(0, -3), await Deno.readTextFile(`${FOLDER}/${name}`)));
  }
  return attacks.sort((a, b) => a.name < b.name ? -1 : 1);
}

export function parseAttack(name: string, source: string): Attack {
  const field = (title: string) => new RegExp(`^// ${title}: (.*)$`, "m").exec(source)?.[1];
  const required = (title: string) => {
    const text = field(title);
    if (text === undefined) throw new Error(`Attack "${name}" has no header "${title}"`);
    return text;
  };
  const message = /^\/(.*)\/([a-z]*)$/.exec(field("Message") ?? "");
  return {
    name,
    class: required("Class"),
    tries: required("Tries"),
    expect: parseExpectation(name, required("Expect")),
    message: message === null ? null : new RegExp(message[1] ?? "", message[2]),
    flags: field("Flags")?.split(" ") ?? [],
    source,
  };
}

function parseExpectation(name: string, text: string): Expectation {
  const [kind, limit = null] = text.split(" ");
  if (kind === "limit") return { kind, limit };
  if (kind === "failed" || kind === "refused" || kind === "result") return { kind };
  throw new Error(`Attack "${name}" expects "${text}"`);
}

/** The text with its placeholders filled in. */
export function fillIn(attack: Attack, values: Readonly<Record<string, string>>): string {
  return attack.source.replace(
    /(?:ALLOWED|CANARY)_(?:HOST|PORT|FILE|MODULE|WRITE)/g,
    (placeholder) => values[placeholder] ?? placeholder,
  );
}
