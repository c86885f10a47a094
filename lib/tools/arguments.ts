/** The arguments of a call, held against the tool's parameter schema. */
import { AppError, messageOf } from "../base/error.ts";
import { isRecord, type JsonObject, type JsonSchema, type JsonValue } from "../base/json.ts";
import { type Misfit, misfitIn } from "./misfit.ts";
import { readValue } from "./read_value.ts";
import { type SchemaView, viewOf } from "./schema_view.ts";
import { exampleFor } from "./schema_words.ts";

export type Arguments = { readonly [name: string]: JsonValue };

/** Members of the body were given as if they were arguments: errors name them so. */
export interface FlatMembers {
  /** The argument that is the body. */
  readonly body: string;
}

/**
 * The arguments as the schema wants them: read as `readValue` reads them, defaults filled in, everything
 * checked. Whole numbers beyond those of JavaScript are raw values (`base/exact_json.ts`).
 *
 * @throws {AppError} `USAGE` naming the argument, what came, what fits and an example; `BAD_INPUT` for a
 * schema that cannot be used.
 */
export function checkArguments(
  schema: JsonSchema,
  given: Readonly<Record<string, unknown>>,
  flat?: FlatMembers,
): Arguments {
  refuseUnknown(schema, given);
  const view = viewOf(schema);
  const args = withDefaults(schema, definedOf(given));
  try {
    if (view.fits(schema, args)) return args;
    const read = withDefaults(schema, readValue(view, schema, args) as JsonObject);
    refuseMissing(view, schema, read);
    const misfit = misfitIn(view, schema, read);
    if (misfit !== null) throw refusal(misfit, flat);
    return read;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("BAD_INPUT", `The arguments cannot be checked: ${messageOf(error)}`, {
      hint: "Derive the tools again, or correct the tool's file",
    });
  }
}

/** The properties of an object schema, by name. */
export function propertiesOf(schema: JsonSchema): JsonObject {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties) ? properties as JsonObject : {};
}

/** The names an object schema requires. */
export function requiredOf(schema: JsonSchema): string[] {
  const required = isRecord(schema) ? schema["required"] : undefined;
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function definedOf(given: Readonly<Record<string, unknown>>): JsonObject {
  const args = Object.create(null);
  for (const name of Object.keys(given)) if (given[name] !== undefined) args[name] = given[name];
  return args;
}

function withDefaults(schema: JsonSchema, args: JsonObject): JsonObject {
  const missing = defaultsOf(schema).filter(([name]) => !Object.hasOwn(args, name));
  if (missing.length === 0) return args;
  return Object.assign(Object.create(null), args, Object.fromEntries(missing));
}

type Default = readonly [name: string, value: JsonValue];

/** By the schema: schemas do not change, and each call of a tool looks at the same. */
const defaults = new WeakMap<object, readonly Default[]>();

function defaultsOf(schema: JsonSchema): readonly Default[] {
  const known = typeof schema === "object" ? defaults.get(schema) : undefined;
  if (known !== undefined) return known;
  const made = Object.entries(propertiesOf(schema)).flatMap(([name, property]): Default[] =>
    isRecord(property) && property["default"] !== undefined
      ? [[name, property["default"] as JsonValue]]
      : []
  );
  if (typeof schema === "object") defaults.set(schema, made);
  return made;
}

function refuseUnknown(schema: JsonSchema, given: object): void {
  if (!isRecord(schema) || schema["additionalProperties"] !== false) return;
  const properties = propertiesOf(schema);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(properties, name));
  if (unknown === undefined) return;
  const names = Object.keys(properties);
  throw new AppError("USAGE", `There is no argument "${unknown}"`, {
    hint: names.length === 0 ? "The tool takes no arguments" : `It takes: ${names.join(", ")}`,
    details: { argument: unknown },
  });
}

function refuseMissing(view: SchemaView, schema: JsonSchema, args: Arguments): void {
  const missing = requiredOf(schema).find((name) => !Object.hasOwn(args, name));
  if (missing === undefined) return;
  const property = propertiesOf(schema)[missing];
  const description = isRecord(property) ? property["description"] : undefined;
  const hint = [
    ...(typeof description === "string" ? [`${missing}: ${description}`] : []),
    ...exampleHint(missing, exampleFor(view, property)),
  ].join(". ");
  throw new AppError("USAGE", `The argument "${missing}" is missing`, {
    ...(hint === "" ? {} : { hint }),
    details: { argument: missing },
  });
}

function refusal({ path, problem, example }: Misfit, flat: FlatMembers | undefined): AppError {
  const isFlat = flat !== undefined && path[0] === flat.body && path.length > 1;
  const [argument = "", ...inner] = isFlat ? path.slice(1) : path;
  const place = inner.length === 0 ? "" : ` at ${inner.join(".")}`;
  const [hint] = exampleHint([argument, ...inner].join("."), example);
  return new AppError("USAGE", `The argument "${argument}" is not valid${place}: ${problem}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { argument, path },
  });
}

function exampleHint(name: string, example: JsonValue | undefined): string[] {
  return example === undefined ? [] : [`For example ${name}=${JSON.stringify(example)}`];
}
