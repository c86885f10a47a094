/** Server URLs: templated, relative, per path and operation; Swagger 2.0 `host` and `basePath`. */
import { isHttpUrl } from "../base/config_values.ts";
import { AppError } from "../base/error.ts";
import type { OpenApiDocument } from "./document.ts";
import { itemsAt, type Node, rawChild, type References, textAt, textsAt } from "./reference.ts";
import { trimEndOf } from "../base/trim.ts";

export interface ServerVariable {
  readonly name: string;
  readonly default: string | null;
  /** Empty when any value is allowed. */
  readonly enum: readonly string[];
}

export interface Server {
  /** As written: may be relative and hold `{variables}`. */
  readonly url: string;
  readonly variables: readonly ServerVariable[];
}

/** The servers of an object that may carry them: operation, path item or document. */
export function readServers(references: References, owner: Node): Server[] {
  return itemsAt(owner, "servers").flatMap((item) => {
    const server = references.follow(item);
    const url = textAt(server, "url");
    if (url === null) return [];
    const variables = references.members(rawChild(server, "variables"));
    return [{ url, variables: variables.map(([name, node]) => readVariable(name, node)) }];
  });
}

function readVariable(name: string, node: Node): ServerVariable {
  const fallback = rawChild(node, "default")?.value;
  return {
    name,
    default: typeof fallback === "string" || typeof fallback === "number" ? `${fallback}` : null,
    enum: textsAt(node, "enum"),
  };
}

/** Swagger 2.0: one server per scheme, https first; without a host, relative to the document. */
export function swaggerServers(root: Node): Server[] {
  const host = textAt(root, "host");
  const basePath = textAt(root, "basePath") ?? "/";
  const path = basePath.startsWith("/") ? basePath : `/${basePath}`;
  if (host === null || host === "") return [{ url: path, variables: [] }];
  const schemes = textsAt(root, "schemes")
    .filter((scheme) => scheme === "https" || scheme === "http").sort().reverse();
  const used = schemes.length > 0 ? schemes : ["https"];
  return used.map((scheme) => ({ url: `${scheme}://${host}${path}`, variables: [] }));
}

/**
 * The absolute base URL of a server, without a slash at the end of its path; it may have a query, which
 * every request has then. Variables take the configured value, else their default.
 *
 * @throws {AppError} `BAD_CONFIG` when a variable has no value or one that is not allowed, or when the
 * server is relative and the document was read from a file.
 */
export function serverUrl(
  server: Server,
  document: Pick<OpenApiDocument, "location">,
  configured: Readonly<Record<string, string>>,
): string {
  const filled = server.url.replace(
    /\{([^{}]*)\}/g,
    (_, name: string) => variableValue(server, name, configured),
  );
  const base = isHttpUrl(document.location) ? document.location : undefined;
  const url = URL.parse(filled, base);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new AppError("BAD_CONFIG", `Server "${server.url}" is not an absolute http URL`, {
      hint: `Set "server" of the service to the address of the API`,
      details: { server: server.url },
    });
  }
  if (url.username !== "" || url.password !== "") throw withCredentials(url);
  const { search } = url;
  url.hash = "";
  url.search = "";
  return trimEndOf(url.href, "/") + search;
}

/** RFC 9110 section 4.2.4 forbids them; a name before an "@" also hides where a request goes. */
function withCredentials(url: URL): AppError {
  return new AppError("BAD_CONFIG", `The server at "${url.host}" has a user name in its URL`, {
    hint: `Set "server" of the service without it, and a secret of type "basic" for the name`,
    details: { host: url.host },
  });
}

function variableValue(
  server: Server,
  name: string,
  configured: Readonly<Record<string, string>>,
): string {
  const variable = server.variables.find((candidate) => candidate.name === name);
  const value = Object.hasOwn(configured, name) ? configured[name]! : variable?.default ?? null;
  if (value === null) {
    throw new AppError("BAD_CONFIG", `Server "${server.url}" needs a value for "${name}"`, {
      hint: `Set "serverVariables: { ${name}: … }" or "server" of the service`,
      details: { server: server.url, variable: name },
    });
  }
  const allowed = variable?.enum ?? [];
  if (allowed.length > 0 && Object.hasOwn(configured, name) && !allowed.includes(value)) {
    throw new AppError("BAD_CONFIG", `"${value}" is not a value of server variable "${name}"`, {
      hint: `Allowed: ${allowed.join(", ")}`,
      details: { server: server.url, variable: name },
    });
  }
  return value;
}

/** Where an operation is, as it is shown: the path behind the base URL's own, the server's query last. */
export function operationUrl(baseUrl: string, path: string): string {
  const [base = "", query] = baseUrl.split("?");
  if (query === undefined) return base + path;
  return `${base}${path}${path.includes("?") ? "&" : "?"}${query}`;
}
