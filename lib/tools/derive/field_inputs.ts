/** Query parameters and form fields as tool parameters. */
import type { JsonSchema, JsonValue } from "../../base/json.ts";
import { words } from "../../http/vocabulary.ts";
import type { ToolField } from "../definition.ts";
import { quotedName } from "./describe.ts";
import { isGuardField } from "./guard_field.ts";
import type { ToolFetches } from "./fetched_values.ts";
import type { NewParameter, ParameterSet } from "./parameter_set.ts";
import { emptyOf, inferTextSchema } from "./schema_infer.ts";
import type { SentForm } from "./sent_form.ts";

type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * Parameters that steer an answer instead of carrying content, by the names APIs give them. Their
 * values say nothing about a person, so they may be shown as examples.
 */
const STEERING =
  /\b(page|per ?page|page ?size|limit|offset|start|count|size|take|skip|top|sort|sort ?by|order|order ?by|direction|dir|view|format|fields|include|includes|expand|embed|type|status|state|lang|locale|mode|depth|version|v|api ?version|output|pretty|verbose|recursive|archived|deleted|active|enabled)\b|^(first|last)$/;
/** Of people and things: `first name`, `type name`. */
const NAME = /\bname$/;

/** A value without anything personal: a flag, a small number, a lower-case word or a list of such words. */
const HARMLESS = /^(true|false|\d{1,4}|[a-z][a-z_-]{0,23}([,.:][a-z][a-z_-]{0,23}){0,4})$/;

const MAX_EXAMPLES = 3;

export interface FieldRules {
  /** Names of fields that are always sent as they were recorded. */
  readonly constants?: ReadonlySet<string>;
  /** Where fields that no caller can know are fetched. */
  readonly fetches?: ToolFetches | null;
  /** Names that are never required, whatever the samples of this tool have in common. */
  readonly optional?: ReadonlySet<string>;
  /** Query parameters that all of the app send with one value. */
  readonly steady?: ReadonlySet<string>;
  /** The form of a page that the samples send. */
  readonly form?: SentForm | null;
}

/** The pairs of each sample, as fields of a tool whose parameters are added to `parameters`. */
export function fieldInputs(
  samples: readonly Pairs[],
  parameters: ParameterSet,
  place: "query" | "body",
  rules: FieldRules = {},
): ToolField[] {
  const { constants = new Set(), fetches = null, form = null } = rules;
  const valuesByName = samples.map((pairs) => Map.groupBy(pairs, ([name]) => name));
  const names = [...new Set(valuesByName.flatMap((values) => [...values.keys()]))];
  return names.flatMap((name): ToolField[] => {
    const valuesBySample = valuesByName.map((values) =>
      (values.get(name) ?? []).map(([, value]) => value)
    );
    if (constants.has(name)) {
      return [[name, { kind: "constant", value: valuesBySample.flat()[0] ?? "" }]];
    }
    const role = form?.roleOf(name, valuesBySample) ?? null;
    const fetch = fetches?.forField(name, valuesBySample, role?.kind === "handed out") ?? null;
    if (fetch !== null) return [[name, { kind: "fetched", fetch }]];
    if (fetches?.isCredential(name)) return [];
    if (role?.kind === "constant") return [[name, role]];
    const given = parameterOf(name, valuesBySample, place, rules);
    // Nobody knows what a page made; a server may do without.
    const parameter = role?.kind === "handed out" ? { ...given, required: false } : given;
    const preset = role?.kind === "preset" ? typed(role.value, parameter.schema) : undefined;
    return [[name, {
      kind: "param",
      param: parameters.add(
        preset === undefined ? parameter : { ...parameter, required: false, default: preset },
      ),
    }]];
  });
}

function parameterOf(
  name: string,
  valuesBySample: readonly (readonly string[])[],
  place: "query" | "body",
  { optional = new Set(), steady = new Set() }: FieldRules,
): NewParameter {
  const values = valuesBySample.flat();
  const isList = name.endsWith("[]") || valuesBySample.some((given) => given.length > 1);
  const item = inferTextSchema(values);
  const everywhere = valuesBySample.every((given) => given.length > 0);
  const examples = isList ? [] : examplesOf(name, values, item);
  const isSteady = place === "query" && (valuesBySample.length > 1 || steady.has(name)) &&
    examples.length === 1 && new Set(values).size === 1;
  const empty = isList ? undefined : emptyOf(values);
  const fallback = everywhere ? isSteady ? examples[0] : empty : undefined;
  return {
    name,
    place,
    schema: isList ? { type: "array", items: item as JsonValue } : item,
    description: (place === "query" ? "Query parameter" : "Form field") + quotedName(name),
    required: everywhere && fallback === undefined && !isGuardField(name, values) &&
      !optional.has(name),
    default: fallback,
    examples,
    values,
  };
}

function examplesOf(name: string, values: readonly string[], schema: JsonSchema): JsonValue[] {
  const isFlag = values.every((value) => /^(true|false)$/.test(value));
  if (!isFlag && !isSteering(name)) return [];
  if (!values.every((value) => HARMLESS.test(value))) return [];
  return [...new Set(values)].slice(0, MAX_EXAMPLES).map((value) => typed(value, schema));
}

/** A text as the value that the schema says it is. */
function typed(text: string, schema: JsonSchema): JsonValue {
  const isText = typeof schema === "object" && schema["type"] === "string";
  return isText ? text : JSON.parse(text) as JsonValue;
}

/** Of members of JSON: words, numbers and flags that steer, never content. */
export function memberExamples(name: string, values: readonly JsonValue[]): JsonValue[] {
  if (!values.every((value) => ["string", "number", "boolean"].includes(typeof value))) return [];
  if (!isSteering(name) || !values.every((value) => HARMLESS.test(String(value)))) return [];
  return [...new Set(values)].slice(0, MAX_EXAMPLES);
}

function isSteering(name: string): boolean {
  return STEERING.test(words(name)) && !NAME.test(words(name));
}
