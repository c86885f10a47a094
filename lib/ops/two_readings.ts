/** Texts of a command line that a tool's schema lets mean two things. Values in JSON say which they are. */
import { AppError } from "../base/error.ts";
import type { JsonObject, JsonSchema } from "../base/json.ts";
import { propertiesOf } from "../tools/arguments.ts";
import { type SchemaView, viewOf } from "../tools/schema_view.ts";

/**
 * `null`, where the argument may be that text and may be nothing. Of a service's arguments these are members of
 * the body: what goes into an address is a text in any case.
 *
 * @throws {AppError} `USAGE` naming the argument and both readings.
 */
export function refuseTwoReadings(
  parameters: JsonSchema,
  texts: Readonly<Record<string, string | readonly string[]>>,
): void {
  const view = viewOf(parameters);
  const members = jsonMembers(view, parameters);
  for (const [name, text] of Object.entries(texts)) {
    const schema = text === "null" && Object.hasOwn(members, name) ? members[name] : undefined;
    if (schema === undefined || !view.fits(schema, text) || !view.fits(schema, null)) continue;
    const key = JSON.stringify(name);
    throw new AppError(
      "USAGE",
      `The argument "${name}" is "null", which may be that text or no value`,
      {
        hint:
          `Say which: --body '{${key}: null}' for no value, --body '{${key}: "null"}' for the text`,
        details: { argument: name },
      },
    );
  }
}

/** Arguments that `--body` takes as members of its JSON object: an argument's own name goes before a member's. */
function jsonMembers(view: SchemaView, parameters: JsonSchema): JsonObject {
  const own = propertiesOf(parameters);
  if (!Object.hasOwn(own, "body")) return own;
  const bodies = [...view.alternatives(own["body"]), own["body"]];
  const members = bodies.flatMap((body) => Object.entries(view.members(body)));
  return Object.fromEntries(members.filter(([name]) => !Object.hasOwn(own, name)));
}
