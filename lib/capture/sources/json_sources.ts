/** Tells what JSON or YAML holds: a collection, the session of a proxy, exchanges. */
import { AppError } from "../../base/error.ts";
import { type JsonValue, parseJson } from "../../base/json.ts";
import { parseYaml } from "../../base/yaml.ts";
import { InputProblem } from "../input_error.ts";
import { isCharles, readCharles } from "./charles.ts";
import { exchangesIn, exchangesInLines, exchangeSource } from "./exchanges.ts";
import type { ForeignSource } from "./foreign_source.ts";
import { isInsomnia, readInsomnia } from "./insomnia.ts";
import { isPostman, isPostmanEnvironment, readPostman, readPostmanEnvironment } from "./postman.ts";

/** The type of a document stands among its first characters. */
const HEAD = 2_000;

/** `null` for JSON of another kind. */
export function readJsonSource(text: string): ForeignSource | null {
  const json = parseJson(text);
  if (json === undefined) return exchangeSource(exchangesInLines(text));
  if (isPostman(json)) return readPostman(json);
  if (isPostmanEnvironment(json)) return readPostmanEnvironment(json);
  if (isInsomnia(json)) return readInsomnia(json);
  if (isCharles(json)) return readCharles(json);
  return exchangeSource(exchangesIn(json));
}

/**
 * `null` for YAML of another kind, by the type that Insomnia writes at its beginning.
 *
 * @throws {InputProblem} for an export that is damaged.
 */
export function readYamlSource(text: string): ForeignSource | null {
  const head = text.slice(0, HEAD);
  if (!/^type: *["']?(?:collection|spec)\.insomnia\.rest\//m.test(head)) return null;
  const document = documentIn(text);
  return isInsomnia(document) ? readInsomnia(document) : null;
}

function documentIn(text: string): JsonValue {
  try {
    return parseYaml(text, "export");
  } catch (error) {
    const line = error instanceof AppError ? error.details["line"] : undefined;
    const place = line === undefined ? "" : `line ${line}`;
    const where = place === "" ? "" : ` near ${place}`;
    throw new InputProblem(place, `it is not YAML${where}`, "Export the collection again");
  }
}
