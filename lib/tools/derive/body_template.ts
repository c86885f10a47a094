/** Bodies of samples as the template of a tool's body; what varies becomes parameters. */
import { isRecord, type JsonObject, type JsonSchema, type JsonValue } from "../../base/json.ts";
import type { ToolBody, ToolField, ToolJson } from "../definition.ts";
import { quotedName } from "./describe.ts";
import type { ToolFetches } from "./fetched_values.ts";
import { fieldInputs, memberExamples } from "./field_inputs.ts";
import type { ParameterSet } from "./parameter_set.ts";
import type { GraphqlCall, JsonRpcCall } from "./rpc_call.ts";
import type { Sample } from "./sample.ts";
import { isGuardField } from "./guard_field.ts";
import { emptyOf, inferSchema } from "./schema_infer.ts";
import type { SentForm } from "./sent_form.ts";
import { textBody } from "./text_body.ts";

type Entry = readonly [string, ToolJson];

export interface BodyRules {
  /** Names of fields that hold a constant of the client. */
  readonly clients?: ReadonlySet<string>;
  /** Where fields that no caller can know are fetched. */
  readonly fetches?: ToolFetches | null;
  /** Names that are never required, whatever the samples of this tool have in common. */
  readonly optional?: ReadonlySet<string>;
  /** The form of a page that the samples send. */
  readonly form?: SentForm | null;
}

/** The body of a tool; `null` when the samples have none. All samples have bodies of one kind. */
export function bodyTemplate(
  samples: readonly Sample[],
  parameters: ParameterSet,
  rules: BodyRules = {},
): ToolBody | null {
  const { clients = new Set(), fetches = null, form = null, optional = new Set() } = rules;
  const [first] = samples;
  const call = first?.call ?? null;
  switch (first?.body.kind) {
    case "json":
      return { kind: "json", template: jsonTemplate(samples, parameters, rules) };
    case "form": {
      if (call?.kind === "graphql" && call.carrier === "form") {
        return { kind: "form", fields: graphqlFields(graphqlCalls(samples), parameters) };
      }
      const constants = call?.kind === "controller" && call.carrier === "form"
        ? [call.parameter]
        : [];
      const pairs = samples.map(({ body }) => body.kind === "form" ? body.fields : []);
      return {
        kind: "form",
        fields: fieldInputs(pairs, parameters, "body", {
          constants: clients.union(new Set(constants)),
          fetches,
          form,
          optional,
        }),
      };
    }
    case "multipart": {
      const pairs = samples.map(({ body }) =>
        body.kind === "multipart" ? body.parts.map(({ name, value }) => [name, value] as const) : []
      );
      return {
        kind: "multipart",
        fields: fieldInputs(pairs, parameters, "body", {
          constants: clients,
          fetches,
          form,
          optional,
        }),
      };
    }
    case "text":
    case "html":
      return textBody(samples, parameters);
    default:
      return null;
  }
}

function jsonTemplate(
  samples: readonly Sample[],
  parameters: ParameterSet,
  rules: BodyRules,
): ToolJson {
  const call = samples[0]!.call;
  if (call?.kind === "graphql") {
    const message = graphqlMessage(graphqlCalls(samples), parameters);
    return call.carrier === "json-batch" ? { kind: "array", items: [message] } : message;
  }
  if (call?.kind === "json-rpc") {
    const message = jsonRpcMessage(jsonRpcCalls(samples), parameters, rules);
    return call.batch ? { kind: "array", items: [message] } : message;
  }
  const values = samples.map(({ body }) => body.kind === "json" ? body.value : null);
  if (values.every(isRecord)) {
    const constants = call?.kind === "controller" ? [call.parameter] : [];
    const clients = new Set([...constants, ...rules.clients ?? []]);
    const entries = members(values as JsonObject[], parameters, "the JSON body", {
      ...rules,
      clients,
    });
    return { kind: "object", entries };
  }
  return wholeBody(parameters, inferSchema(values), "The JSON body");
}

function wholeBody(
  parameters: ParameterSet,
  schema: JsonSchema,
  description: string,
): { readonly kind: "param"; readonly param: string } {
  const param = parameters.add({
    name: "body",
    place: "body",
    schema,
    description,
    required: true,
  });
  return { kind: "param", param };
}

/** Each member as a parameter, but for constants; required when all objects have it and one says something. */
function members(
  objects: readonly JsonObject[],
  parameters: ParameterSet,
  where: string,
  { clients = new Set(), fetches = null, optional = new Set() }: BodyRules = {},
): Entry[] {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  return names.flatMap((name): Entry[] => {
    const values = objects.filter((object) => Object.hasOwn(object, name))
      .map((object) => object[name]!);
    if (clients.has(name)) return [[name, { kind: "constant", value: values[0]! }]];
    const held = objects.map((object) => Object.hasOwn(object, name) ? [object[name]!] : []);
    const fetch = fetches?.forField(name, held) ?? null;
    if (fetch !== null) return [[name, { kind: "fetched", fetch }]];
    if (fetches?.isCredential(name)) return [];
    const isEverywhere = values.length === objects.length;
    const fallback = isEverywhere ? emptyOf(values) : undefined;
    const param = parameters.add({
      name,
      place: "body",
      schema: inferSchema(values),
      description: `Member${quotedName(name)} of ${where}`,
      required: isEverywhere && fallback === undefined && !optional.has(name) &&
        !isGuardField(name, values),
      default: fallback,
      values,
      examples: memberExamples(name, values),
    });
    return [[name, { kind: "param", param }]];
  });
}

function graphqlCalls(samples: readonly Sample[]): GraphqlCall[] {
  return samples.map(({ call }) => call).filter((call) => call?.kind === "graphql");
}

function jsonRpcCalls(samples: readonly Sample[]): JsonRpcCall[] {
  return samples.map(({ call }) => call).filter((call) => call?.kind === "json-rpc");
}

/** The GraphQL request with its variables as parameters (GraphQL over HTTP, "Request Parameters"). */
function graphqlMessage(calls: readonly GraphqlCall[], parameters: ParameterSet): ToolJson {
  const { constants } = calls[0]!;
  const entries = Object.entries(constants)
    .map(([name, value]): Entry => [name, { kind: "constant", value }]);
  const variables = variableEntries(calls, parameters);
  if (variables.length > 0) entries.push(["variables", { kind: "object", entries: variables }]);
  return { kind: "object", entries };
}

/** The same in a query or a form, where variables and extensions are JSON text. */
export function graphqlFields(
  calls: readonly GraphqlCall[],
  parameters: ParameterSet,
): ToolField[] {
  const fields = Object.entries(calls[0]!.constants).map(([name, value]): ToolField => [
    name,
    isRecord(value)
      ? { kind: "json-text", template: { kind: "constant", value } }
      : { kind: "constant", value },
  ]);
  const entries = variableEntries(calls, parameters);
  if (entries.length > 0) {
    fields.push(["variables", { kind: "json-text", template: { kind: "object", entries } }]);
  }
  return fields;
}

/** The document's declarations first, what it leaves open (`{}`) by the recorded values. */
function variableEntries(calls: readonly GraphqlCall[], parameters: ParameterSet): Entry[] {
  const recorded = calls.map(({ variables }) => variables);
  const document = calls[0]!.document;
  if (document === null) return members(recorded, parameters, "the GraphQL variables");
  return document.variables.map(({ name, schema, required }): Entry => {
    const values = recorded.filter((given) => Object.hasOwn(given, name) && given[name] !== null)
      .map((given) => given[name]!);
    const param = parameters.add({
      name,
      place: "variable",
      schema: Object.keys(schema).length === 0 ? inferSchema(values) : schema,
      description: `GraphQL variable "${name}"`,
      required,
    });
    return [name, { kind: "param", param }];
  });
}

function jsonRpcMessage(
  calls: readonly JsonRpcCall[],
  parameters: ParameterSet,
  rules: BodyRules,
): ToolJson {
  const first = calls[0]!;
  const entries: Entry[] = Object.entries(first.constants)
    .map(([name, value]): Entry => [name, { kind: "constant", value }]);
  entries.push(["method", { kind: "constant", value: first.name }]);
  const params = jsonRpcParams(calls.map((call) => call.params), parameters, rules);
  if (params !== null) entries.push(["params", params]);
  entries.push(...members(calls.map(({ extra }) => extra), parameters, "the JSON-RPC request"));
  if (first.hasId) entries.push(["id", { kind: "constant", value: 1 }]);
  return { kind: "object", entries };
}

/** By name or by position (JSON-RPC 2.0 section 4.2). */
function jsonRpcParams(
  recorded: readonly (JsonValue | undefined)[],
  parameters: ParameterSet,
  { optional = new Set() }: BodyRules,
): ToolJson | null {
  const given = recorded.filter((params) => params !== undefined);
  if (given.length === 0) return null;
  if (given.every(isRecord)) {
    return {
      kind: "object",
      entries: members(given as JsonObject[], parameters, "the params", { optional }),
    };
  }
  if (!given.every(Array.isArray)) return wholeParams(given, parameters);
  const lists: readonly (readonly JsonValue[])[] = given;
  const length = Math.max(...lists.map((list) => list.length));
  // An absent argument in the middle would move the ones behind it.
  if (lists.some((list) => list.length !== length)) return wholeParams(given, parameters);
  return {
    kind: "array",
    items: Array.from(
      { length },
      (_, at) => positionalParam(lists.map((list) => list[at]!), at + 1, parameters),
    ),
  };
}

/** `null` holds the place of a credential, or of what was never given. */
function positionalParam(
  values: readonly JsonValue[],
  number: number,
  parameters: ParameterSet,
): ToolJson {
  if (values.every((value) => value === null)) return { kind: "constant", value: null };
  const param = parameters.add({
    name: `param_${number}`,
    place: "body",
    schema: inferSchema(values),
    description: `Number ${number} of the params`,
    required: true,
  });
  return { kind: "param", param };
}

function wholeParams(given: readonly JsonValue[], parameters: ParameterSet): ToolJson {
  const param = parameters.add({
    name: "params",
    place: "body",
    schema: inferSchema(given),
    description: "The params of the JSON-RPC request",
    required: true,
  });
  return { kind: "param", param };
}
