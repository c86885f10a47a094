/** Which arguments of a tool are files, and which are texts, by the schema of its arguments. */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { PART_SCHEMA } from "../openapi/file_schema.ts";
import { propertiesOf } from "../tools/arguments.ts";
import { SchemaView } from "../tools/schema_view.ts";

/** Names of arguments and of members of the body. */
export function fileArgumentNames(parameters: JsonSchema): ReadonlySet<string> {
  const view = new SchemaView(parameters);
  const own = propertiesOf(parameters);
  const bodies = [own["body"], ...view.alternatives(own["body"])];
  const members = bodies.map((body) => view.members(body));
  const all = [...members, own].flatMap((properties) => Object.entries(properties));
  return new Set(all.filter(([, schema]) => isFile(view, schema)).map(([name]) => name));
}

/** True for an argument that may be a text. */
export function takesText(parameters: JsonSchema, name: string): boolean {
  const view = new SchemaView(parameters);
  const schema = propertiesOf(parameters)[name];
  return [schema, ...view.alternatives(schema)].some((one) => view.types(one).includes("string"));
}

const PART = JSON.stringify(PART_SCHEMA);

/** A file, a list of files, or either beside something else. */
function isFile(view: SchemaView, schema: JsonValue): boolean {
  if (JSON.stringify(schema) === PART) return true;
  const { items } = view.keywords(schema);
  return view.alternatives(schema).some((one) => isFile(view, one)) ||
    isRecord(items) && isFile(view, items as JsonValue);
}
