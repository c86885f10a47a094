/** What a tool needs to know of a GraphQL document: the operation's name and type, and its variables. */
import { Kind, type OperationDefinitionNode, parse, type TypeNode } from "graphql";
import type { JsonSchema } from "../../base/json.ts";

export interface GraphqlDocument {
  /** Of the operation; of its first field when it has none. */
  readonly name: string;
  readonly type: "query" | "mutation";
  readonly variables: readonly GraphqlVariable[];
}

export interface GraphqlVariable {
  readonly name: string;
  /** As far as the document says: input objects and custom scalars are `{}`. */
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/**
 * The operation of that name, or the only one. `null` for text that is not GraphQL, and for a
 * subscription, which has no single answer.
 */
export function readGraphqlDocument(text: string, operationName?: string): GraphqlDocument | null {
  const operations = operationsOf(text);
  const operation = operationName === undefined || operationName === ""
    ? operations[0]
    : operations.find(({ name }) => name?.value === operationName);
  if (operation === undefined || operation.operation === "subscription") return null;
  const field = operation.selectionSet.selections.find(({ kind }) => kind === Kind.FIELD);
  const fieldName = field?.kind === Kind.FIELD ? field.name.value : operation.operation;
  return {
    name: operation.name?.value ?? fieldName,
    type: operation.operation,
    variables: (operation.variableDefinitions ?? []).map((definition) => ({
      name: definition.variable.name.value,
      schema: typeSchema(definition.type),
      required: definition.type.kind === Kind.NON_NULL_TYPE &&
        definition.defaultValue === undefined,
    })),
  };
}

function operationsOf(text: string): OperationDefinitionNode[] {
  // Most texts named "query" are search terms; the parser need not throw for each of them.
  if (!/^(\{|(query|mutation|subscription|fragment)\b)/.test(withoutIgnored(text))) return [];
  try {
    return parse(text, { noLocation: true, maxTokens: 20_000 }).definitions
      .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}

/** The text from its first token on (GraphQL specification section 2.1.7, "ignored tokens"). */
function withoutIgnored(text: string): string {
  let at = 0;
  while (at < text.length) {
    if (text[at] === "#") {
      const end = text.indexOf("\n", at);
      if (end < 0) return "";
      at = end;
    } else if (!/[\s,\uFEFF]/.test(text[at]!)) break;
    at++;
  }
  return text.slice(at);
}

/** The built-in scalars (GraphQL specification section 3.5); an ID may be written as a number. */
const SCALARS: Readonly<Record<string, JsonSchema>> = {
  Int: { type: "integer" },
  Float: { type: "number" },
  String: { type: "string" },
  Boolean: { type: "boolean" },
  ID: { type: "string" },
};

function typeSchema(type: TypeNode): JsonSchema {
  switch (type.kind) {
    case Kind.NON_NULL_TYPE:
      return typeSchema(type.type);
    case Kind.LIST_TYPE: {
      const items = typeSchema(type.type);
      return { type: "array", items };
    }
    case Kind.NAMED_TYPE:
      return Object.hasOwn(SCALARS, type.name.value) ? SCALARS[type.name.value]! : {};
  }
}
