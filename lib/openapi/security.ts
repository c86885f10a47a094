/**
 * Security requirements as a document states them: alternatives (OR) of requirements (AND), each with
 * all its scheme says. OpenAPI 3.x `securitySchemes` and Swagger 2.0 `securityDefinitions`.
 */
import { isRecord } from "../base/json.ts";
import type { SpecVersion } from "./document.ts";
import {
  DocumentProblem,
  itemsAt,
  type Node,
  rawChild,
  type References,
  textAt,
} from "./reference.ts";

export type OAuthFlowType =
  | "authorizationCode"
  | "clientCredentials"
  | "deviceAuthorization"
  | "implicit"
  | "password";

export interface OAuthFlow {
  readonly type: OAuthFlowType;
  readonly authorizationUrl: string | null;
  readonly tokenUrl: string | null;
  readonly refreshUrl: string | null;
  readonly deviceAuthorizationUrl: string | null;
}

/** What a document says about one security scheme. */
export interface SecurityScheme {
  readonly name: string;
  /** `undeclared`: required but not defined; `unknown`: a type or shape no version of OpenAPI has. */
  readonly type:
    | "http"
    | "apiKey"
    | "oauth2"
    | "openIdConnect"
    | "mutualTLS"
    | "undeclared"
    | "unknown";
  /** Of `http`, lower case: `bearer`, `basic`, `digest`, … */
  readonly scheme: string | null;
  /** Of `apiKey`. */
  readonly in: "header" | "query" | "cookie" | null;
  /** The header, query parameter or cookie of an `apiKey`. */
  readonly parameterName: string | null;
  readonly flows: readonly OAuthFlow[];
  readonly openIdConnectUrl: string | null;
  /** RFC 8414 metadata (OpenAPI 3.2). */
  readonly oauth2MetadataUrl: string | null;
  /** `x-amazon-apigateway-authtype`: `awsSigv4` asks for a signature. */
  readonly amazonAuthType: string | null;
  /** Why the scheme cannot be used, where it is `unknown` or `undeclared`. */
  readonly problem: string | null;
}

/** Every address at which the scheme has the user or a client log in. Relative ones are the API's own. */
export function endpointUrls(scheme: SecurityScheme): string[] {
  const flows = scheme.flows.flatMap((flow) => [
    flow.authorizationUrl,
    flow.tokenUrl,
    flow.deviceAuthorizationUrl,
    flow.refreshUrl,
  ]);
  return [...flows, scheme.openIdConnectUrl, scheme.oauth2MetadataUrl].filter((url) =>
    url !== null
  );
}

export interface SecurityRequirement extends SecurityScheme {
  /** As the operation asks for them; roles for schemes other than OAuth. */
  readonly scopes: readonly string[];
}

/** Requirements that must hold together. None at all: no authentication is needed. */
export type SecurityAlternative = readonly SecurityRequirement[];

export interface OperationSecurity {
  /**
   * Where it was stated: at the operation, at the document, or nowhere. An empty list at the document
   * says no more than none at all; at the operation it means public.
   */
  readonly declaredBy: "operation" | "document" | "nobody";
  readonly alternatives: readonly SecurityAlternative[];
}

const NO_DETAILS = {
  scheme: null,
  in: null,
  parameterName: null,
  flows: [],
  openIdConnectUrl: null,
  oauth2MetadataUrl: null,
  amazonAuthType: null,
  problem: null,
} as const;

/** The schemes a document declares, by name. */
export function readSchemes(
  references: References,
  version: SpecVersion,
): Map<string, SecurityScheme> {
  const root = references.root;
  const section = version === "2.0"
    ? rawChild(root, "securityDefinitions")
    : rawChild(rawChild(root, "components"), "securitySchemes");
  return new Map(
    references.members(section).map(([name, node]) => [name, readScheme(references, name, node)]),
  );
}

function readScheme(references: References, name: string, node: Node): SecurityScheme {
  try {
    const scheme = references.follow(node);
    if (!isRecord(scheme.value)) throw new DocumentProblem("its definition is not an object");
    return schemeOf(references, name, scheme);
  } catch (error) {
    if (!(error instanceof DocumentProblem)) throw error;
    return unknownScheme(name, error.message);
  }
}

function unknownScheme(name: string, problem: string): SecurityScheme {
  return { name, type: "unknown", ...NO_DETAILS, problem };
}

function schemeOf(references: References, name: string, node: Node): SecurityScheme {
  const amazonAuthType = textAt(node, "x-amazon-apigateway-authtype");
  const type = textAt(node, "type") ?? "";
  switch (type.toLowerCase()) {
    case "basic":
      return { name, type: "http", ...NO_DETAILS, scheme: "basic" };
    case "http": {
      const scheme = textAt(node, "scheme")?.toLowerCase() ?? "";
      if (scheme === "") throw new DocumentProblem(`it names no HTTP scheme`);
      return { name, type: "http", ...NO_DETAILS, scheme, amazonAuthType };
    }
    case "apikey":
      return { name, type: "apiKey", ...NO_DETAILS, ...apiKeyPlace(node), amazonAuthType };
    case "oauth2":
      return {
        name,
        type: "oauth2",
        ...NO_DETAILS,
        flows: readFlows(references, node),
        oauth2MetadataUrl: textAt(node, "oauth2MetadataUrl"),
      };
    case "openidconnect":
      return {
        name,
        type: "openIdConnect",
        ...NO_DETAILS,
        openIdConnectUrl: textAt(node, "openIdConnectUrl"),
      };
    case "mutualtls":
      return { name, type: "mutualTLS", ...NO_DETAILS };
    default:
      throw new DocumentProblem(`type "${type}" is not known`);
  }
}

function apiKeyPlace(node: Node): Pick<SecurityScheme, "in" | "parameterName"> {
  const place = textAt(node, "in");
  const parameterName = textAt(node, "name");
  if (place !== "header" && place !== "query" && place !== "cookie") {
    throw new DocumentProblem(`an API key in "${place ?? ""}" is not known`);
  }
  if (parameterName === null || parameterName === "") {
    throw new DocumentProblem("its API key has no name");
  }
  return { in: place, parameterName };
}

/** Swagger 2.0 names of the flows, and what OpenAPI 3 calls them. */
const SWAGGER_FLOWS: Readonly<Record<string, OAuthFlowType>> = {
  implicit: "implicit",
  password: "password",
  application: "clientCredentials",
  accessCode: "authorizationCode",
};

const FLOW_TYPES = [
  "authorizationCode",
  "clientCredentials",
  "deviceAuthorization",
  "implicit",
  "password",
] as const;

function readFlows(references: References, node: Node): OAuthFlow[] {
  const swaggerFlow = SWAGGER_FLOWS[textAt(node, "flow") ?? ""];
  if (swaggerFlow !== undefined) return [readFlow(swaggerFlow, node)];
  const flows = references.child(node, "flows");
  return FLOW_TYPES.flatMap((type) => {
    const flow = flows === null ? null : references.child(flows, type);
    return flow === null ? [] : [readFlow(type, flow)];
  });
}

function readFlow(type: OAuthFlowType, node: Node): OAuthFlow {
  return {
    type,
    authorizationUrl: textAt(node, "authorizationUrl"),
    tokenUrl: textAt(node, "tokenUrl"),
    refreshUrl: textAt(node, "refreshUrl"),
    deviceAuthorizationUrl: textAt(node, "deviceAuthorizationUrl"),
  };
}

/** The security of an operation: its own where it has any, even an empty list, else the document's. */
export function readSecurity(
  operation: Node,
  root: Node,
  schemes: ReadonlyMap<string, SecurityScheme>,
): OperationSecurity {
  if (Array.isArray(rawChild(operation, "security")?.value)) {
    return {
      declaredBy: "operation",
      alternatives: readAlternatives(operation, schemes),
    };
  }
  const alternatives = readAlternatives(root, schemes);
  return { declaredBy: alternatives.length > 0 ? "document" : "nobody", alternatives };
}

function readAlternatives(
  owner: Node,
  schemes: ReadonlyMap<string, SecurityScheme>,
): SecurityAlternative[] {
  return itemsAt(owner, "security").map(({ value }) => {
    if (!isRecord(value)) return [malformedRequirement()];
    return Object.entries(value).map(([name, scopes]) => ({
      ...(schemes.get(name) ?? undeclared(name)),
      scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : [],
    }));
  });
}

function undeclared(name: string): SecurityScheme {
  const problem = "the document does not declare this scheme";
  return { name, type: "undeclared", ...NO_DETAILS, problem };
}

function malformedRequirement(): SecurityRequirement {
  return { ...unknownScheme("?", "the requirement is not an object"), scopes: [] };
}
