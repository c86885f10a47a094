/**
 * Operations that the message names instead of the path: GraphQL, JSON-RPC, SOAP, XML-RPC, front controllers, one
 * script for everything with the operation in a parameter, and protocols with a header for it.
 */
import { isRecord, type JsonObject, type JsonValue, parseJson } from "../../base/json.ts";
import type { ParsedBody } from "../../http/body.ts";
import type { HeaderList } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import { type GraphqlDocument, readGraphqlDocument } from "./graphql_document.ts";
import { xmlOperation } from "./xml_message.ts";

type Pairs = readonly (readonly [name: string, value: string])[];

export type RpcCall = GraphqlCall | JsonRpcCall | ControllerCall | XmlCall | HeaderCall;

export interface GraphqlCall {
  readonly kind: "graphql";
  /** Of the operation; of its first field when it has none. */
  readonly name: string;
  readonly type: "query" | "mutation";
  /** Everything but the variables, in recorded order. */
  readonly constants: JsonObject;
  readonly variables: JsonObject;
  /** `null` when only a hash or an id of the document was sent. */
  readonly document: GraphqlDocument | null;
  /** Where it travels. A batch is an array of calls; each is sent as a batch of one. */
  readonly carrier: "json" | "json-batch" | "query" | "form";
}

export interface JsonRpcCall {
  readonly kind: "json-rpc";
  readonly name: string;
  readonly params: JsonValue | undefined;
  /** Members beside `method`, `params` and `id`: `jsonrpc`. */
  readonly constants: JsonObject;
  /** False for a notification. */
  readonly hasId: boolean;
  /** Members the specification does not know. */
  readonly extra: JsonObject;
  readonly batch: boolean;
}

export interface ControllerCall {
  readonly kind: "controller";
  readonly name: string;
  readonly parameter: string;
  readonly carrier: "query" | "form" | "json";
}

/** SOAP and XML-RPC: the message names the operation, a header may name it once more. */
export interface XmlCall {
  readonly kind: "xml";
  readonly name: string;
  /** Of the header `SOAPAction`, as it is sent; `null` without one. */
  readonly action: string | null;
}

export interface HeaderCall {
  readonly kind: "header";
  readonly name: string;
  /** Lower case. */
  readonly header: string;
  /** As it is sent: `Service_2016.GetItem`. */
  readonly value: string;
}

/** The operation a message names, `null` when the path does. Of a batch the first operation counts. */
export function rpcCall(
  url: URL,
  query: Pairs,
  body: ParsedBody,
  headers: HeaderList,
): RpcCall | null {
  return bodyCall(url, query, body) ?? xmlCall(body, headers) ?? headerCall(headers);
}

function xmlCall(body: ParsedBody, headers: HeaderList): XmlCall | null {
  const name = body.kind === "text" ? xmlOperation(body.text) : null;
  return name === null
    ? null
    : { kind: "xml", name, action: headerValue(headers, "soapaction") ?? null };
}

function bodyCall(url: URL, query: Pairs, body: ParsedBody): RpcCall | null {
  if (body.kind === "json") {
    const batch = Array.isArray(body.value);
    const message: unknown = batch ? (body.value as readonly JsonValue[])[0] : body.value;
    if (!isRecord(message)) return null;
    const object = message as JsonObject;
    return graphqlCall(object, batch ? "json-batch" : "json") ?? jsonRpcCall(object, batch) ??
      (batch ? null : controllerCall(url, textMembers(object), "json"));
  }
  const form: Pairs = body.kind === "form" ? body.fields : [];
  return graphqlCall(jsonMembers(form), "form") ?? graphqlCall(jsonMembers(query), "query") ??
    controllerCall(url, query, "query") ?? controllerCall(url, form, "form");
}

/** GraphQL over GET and forms carries `variables` and `extensions` as JSON text. */
function jsonMembers(pairs: Pairs): JsonObject {
  return Object.fromEntries(
    pairs.map(([name, value]) =>
      name === "variables" || name === "extensions"
        ? [name, parseJson(value) ?? value]
        : [name, value]
    ),
  );
}

function graphqlCall(message: JsonObject, carrier: GraphqlCall["carrier"]): GraphqlCall | null {
  const { query, operationName, variables, extensions, ...others } = message;
  const document = typeof query === "string"
    ? readGraphqlDocument(query, typeof operationName === "string" ? operationName : undefined)
    : null;
  const isPersisted = typeof operationName === "string" && operationName !== "" &&
    (isRecord(extensions) || "doc_id" in others || "id" in others || "documentId" in others ||
      isRecord(variables));
  if (document === null && !(query === undefined && isPersisted)) return null;
  const { variables: _, ...constants } = message;
  return {
    kind: "graphql",
    name: document?.name ?? (operationName as string),
    type: document?.type ??
      (/^(create|update|delete|remove|add|set)/i.test(String(operationName)) ||
          /mutation$/i.test(String(operationName))
        ? "mutation"
        : "query"),
    constants,
    variables: isRecord(variables) ? variables as JsonObject : {},
    document,
    carrier,
  };
}

function textMembers(object: JsonObject): Pairs {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : []
  );
}

/** Methods of HTTP: a batch of such is one of requests, each with a path. */
const HTTP_METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/i;
/** `orders.list`, `orders/list`, `listOrders`: no word of a form, such as a method of payment. */
const PROCEDURE = /^[A-Za-z][\w-]*([.:/][\w-]+)+$|^[a-z]+[A-Z]\w*$/;

/**
 * JSON-RPC 2.0 section 4; 1.0 has no `jsonrpc` but always `params` and `id`. Others leave the version out, too, and
 * name a procedure with its params.
 */
function jsonRpcCall(message: JsonObject, batch: boolean): JsonRpcCall | null {
  const { jsonrpc, method, params, id, ...extra } = message;
  if (typeof method !== "string" || method === "") return null;
  const isVersion1 = jsonrpc === undefined && Array.isArray(params) && id !== undefined;
  const isNamed = jsonrpc === undefined && !HTTP_METHOD.test(method) &&
    (PROCEDURE.test(method) || batch) && (isRecord(params) || Array.isArray(params));
  if (jsonrpc !== "2.0" && !isVersion1 && !isNamed) return null;
  return {
    kind: "json-rpc",
    name: method,
    params,
    constants: jsonrpc === undefined ? {} : { jsonrpc },
    hasId: id !== undefined,
    extra,
    batch,
  };
}

const OPERATION_PARAMETER =
  /(action|method|cmd|command|function|operation)$|^(op|func|do|task|api|call|rpc|route|r|service)$/i;

/** A script file, or a path that names no thing: behind it the parameter decides what is done. */
const FRONT_CONTROLLER =
  /(\.(php|cgi|pl|aspx?|ashx|asmx|jsp|do|cfm|dll)|\/(api|rpc|ajax|rest|gateway|endpoint|service|index)?)\/?$/i;

/** What it names: `orders.list`, `view_edit`; with rewriting switched off also a path, `/orders/list`. */
const OPERATION = /^\/?[A-Za-z][\w./:-]{0,60}$/;

function controllerCall(
  url: URL,
  pairs: Pairs,
  carrier: ControllerCall["carrier"],
): ControllerCall | null {
  if (!FRONT_CONTROLLER.test(url.pathname)) return null;
  const pair = pairs.find(([name, value]) =>
    OPERATION_PARAMETER.test(name) && OPERATION.test(value)
  );
  return pair === undefined
    ? null
    : { kind: "controller", name: pair[1], parameter: pair[0], carrier };
}

/** SOAP 1.1 section 6.1.1; `X-…-Target` and `X-…-Action` of JSON protocols that have a single path. */
const OPERATION_HEADER = /^(soapaction|x-[a-z]+-(target|action))$/i;

function headerCall(headers: HeaderList): HeaderCall | null {
  for (const [header, value] of headers) {
    if (!OPERATION_HEADER.test(header)) continue;
    const name = /([A-Za-z]\w{0,200})"?$/.exec(value.slice(-202))?.[1];
    if (name !== undefined) return { kind: "header", name, header: header.toLowerCase(), value };
  }
  return null;
}

/** What tells operations of one path apart: equal for samples of the same tool. */
export function callKey(call: RpcCall | null): string {
  if (call === null) return "";
  switch (call.kind) {
    case "graphql":
      return `graphql ${call.type} ${call.name} ${JSON.stringify(call.constants)}`;
    case "header":
      return `header ${call.value}`;
    case "xml":
      return `xml ${call.name} ${call.action}`;
    default:
      return `${call.kind} ${call.name}`;
  }
}
