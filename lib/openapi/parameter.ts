/** Parameters of an operation: those of its path and its own as one list, with OpenAPI's defaults. */
import { isRecord } from "../base/json.ts";
import type { SpecVersion } from "./document.ts";
import type { Parameter, ParameterPlace, ParameterStyle, Serialization } from "./operation.ts";
import { expressionNames, templateNames } from "./path_template.ts";
import {
  booleanAt,
  DocumentProblem,
  itemsAt,
  type Node,
  rawChild,
  type References,
  textAt,
} from "./reference.ts";

const PLACES = ["path", "query", "header", "cookie", "querystring"] as const;

/** Styles each place allows; the first is the default (OpenAPI 3.2 section 4.12.2.3). */
const STYLES: Readonly<Record<ParameterPlace, readonly ParameterStyle[]>> = {
  path: ["simple", "label", "matrix"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form", "cookie"],
  querystring: ["form"],
};

/** Parameters with the name of one of these are ignored (OpenAPI 3.x) or are not the caller's to choose. */
const RESERVED_HEADERS = new Set([
  "accept",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** A parameter before it has an argument name. */
export type NamelessParameter = Omit<Parameter, "argument">;

/**
 * The parameters that an argument fills, operation-level ones replacing path-level ones of the same
 * name and place. Swagger 2.0 body and form parameters are not among them.
 *
 * @throws {DocumentProblem} for one without name or place, or with a reference that leads nowhere.
 */
export function readParameters(
  references: References,
  version: SpecVersion,
  owners: readonly (Node | null)[],
): NamelessParameter[] {
  const found = new Map<string, NamelessParameter>();
  for (const node of parameterNodes(references, owners)) {
    const place = textAt(node, "in");
    if (version === "2.0" && (place === "body" || place === "formData")) continue;
    const parameter = readParameter(references, version, node);
    if (isCallersChoice(parameter)) found.set(keyOf(parameter), parameter);
  }
  return [...found.values()];
}

/** Every parameter object of path and operation, references followed, path first. */
export function parameterNodes(references: References, owners: readonly (Node | null)[]): Node[] {
  return owners.flatMap((owner) => itemsAt(owner, "parameters")).map((node) => {
    const parameter = references.follow(node);
    if (!isRecord(parameter.value)) throw new DocumentProblem("A parameter is not an object");
    return parameter;
  });
}

/** Header names are compared without case. */
function keyOf({ in: place, name }: NamelessParameter): string {
  return `${place} ${place === "header" ? name.toLowerCase() : name}`;
}

function isCallersChoice(parameter: NamelessParameter): boolean {
  return parameter.in !== "header" || !RESERVED_HEADERS.has(parameter.name.toLowerCase());
}

function readParameter(
  references: References,
  version: SpecVersion,
  node: Node,
): NamelessParameter {
  const name = textAt(node, "name");
  const place = PLACES.find((candidate) => candidate === textAt(node, "in"));
  if (name === null || name === "" && place !== "querystring") {
    throw new DocumentProblem("A parameter has no name");
  }
  if (place === undefined) {
    throw new DocumentProblem(`Parameter "${name}" has no known place ("in")`);
  }
  const common = {
    name,
    in: place,
    required: place === "path" || booleanAt(node, "required") === true,
    description: textAt(node, "description") ?? "",
    deprecated: booleanAt(node, "deprecated") === true,
    ...(place === "path" && booleanAt(node, "x-ms-skip-url-encoding") === true
      ? { isWide: true }
      : {}),
  };
  if (version === "2.0") {
    return { ...common, ...swaggerSerialization(node, place), mediaType: null, schema: node };
  }
  const [mediaType, media] = references.members(rawChild(node, "content"))[0] ?? [null, null];
  const schema = media === null
    ? rawChild(node, "schema")
    : rawChild(references.follow(media), "schema");
  return { ...common, ...serialization(node, place), mediaType, schema };
}

function serialization(node: Node, place: ParameterPlace): Serialization {
  const declared = textAt(node, "style");
  const style = STYLES[place].find((candidate) => candidate === declared) ?? STYLES[place][0]!;
  return {
    style,
    explode: booleanAt(node, "explode") ?? explodesByDefault(style),
    allowReserved: booleanAt(node, "allowReserved") === true,
  };
}

/** Only `form` and `cookie` explode unless told otherwise. A deepObject is always written exploded. */
export function explodesByDefault(style: ParameterStyle): boolean {
  return style === "form" || style === "cookie";
}

const COLLECTION_STYLES: Readonly<Record<string, ParameterStyle>> = {
  ssv: "spaceDelimited",
  pipes: "pipeDelimited",
  tsv: "tabDelimited",
};

/** Swagger 2.0 `collectionFormat`; `csv` is the default. */
export function swaggerSerialization(
  node: Node,
  place: ParameterPlace | "formData",
): Serialization {
  const format = textAt(node, "collectionFormat") ?? "csv";
  const plain = place === "path" || place === "header" ? "simple" : "form";
  const style = COLLECTION_STYLES[format] ?? plain;
  return { style, explode: format === "multi", allowReserved: false };
}

/**
 * The parameters brought in line with the path's template: a path parameter that the template lacks is
 * dropped, one that only the template names is a required text. What the template has in its query is filled
 * there, whichever place the document names for it; names of `{?q,page}` are optional texts of the query.
 */
export function alignWithTemplate(
  parameters: readonly NamelessParameter[],
  path: string,
): NamelessParameter[] {
  const declared = new Set(parameters.map(nameOf));
  const names = new Set(templateNames(path, (name) => declared.has(name)));
  const optional = expressionNames(path);
  const inPath = new Set(parameters.filter(({ in: place }) => place === "path").map(nameOf));
  const fixed = names.difference(inPath);
  const placed = parameters.map((parameter) => placedBy(parameter, fixed, optional));
  const has = (place: ParameterPlace, name: string) =>
    placed.some((parameter) => parameter.in === place && parameter.name === name);
  return [
    ...placed.filter(({ in: place, name }) => place !== "path" || names.has(name)),
    ...[...names].filter((name) => !has("path", name)).map((name) => textParameter(name, "path")),
    ...optional.filter((name) => !has("query", name)).map((name) => textParameter(name, "query")),
  ];
}

function nameOf({ name }: NamelessParameter): string {
  return name;
}

/** `fixed`: names of the template that the document declares for no path. */
function placedBy(
  parameter: NamelessParameter,
  fixed: ReadonlySet<string>,
  optional: readonly string[],
): NamelessParameter {
  const { in: place, name } = parameter;
  if (place === "query" && fixed.has(name)) return { ...parameter, in: "path", required: true };
  if (place !== "path" || !optional.includes(name)) return parameter;
  return { ...parameter, in: "query", required: false, style: "form", explode: true };
}

function textParameter(name: string, place: "path" | "query"): NamelessParameter {
  return {
    name,
    in: place,
    required: place === "path",
    description: "",
    deprecated: false,
    style: STYLES[place][0]!,
    explode: place === "query",
    allowReserved: false,
    mediaType: null,
    schema: null,
  };
}
