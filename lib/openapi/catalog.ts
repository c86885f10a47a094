/**
 * The catalog: every operation of a document that can be called, and every one that cannot with the
 * reason. Schemas are not looked at here; `schema.ts` reads them when a tool is described or called.
 */
import { isRecord } from "../base/json.ts";
import type { OpenApiDocument } from "./document.ts";
import { effectOf } from "./effect.ts";
import type { Operation, Parameter, SkippedOperation } from "./operation.ts";
import { readFollowUps } from "./link.ts";
import { OperationFinder, type PlacedName } from "./operation_finder.ts";
import { alignWithTemplate, type NamelessParameter, readParameters } from "./parameter.ts";
import {
  booleanAt,
  DocumentProblem,
  itemsAt,
  type Node,
  rawChild,
  References,
  textAt,
} from "./reference.ts";
import { readPaging } from "./paging.ts";
import { readBody } from "./request_body.ts";
import { readAnswers } from "./response.ts";
import { readSchemes, readSecurity, type SecurityScheme } from "./security.ts";
import { readServers, type Server, swaggerServers } from "./server.ts";
import { ArgumentNames, toolNames } from "./tool_name.ts";

export interface Catalog {
  readonly title: string;
  readonly document: OpenApiDocument;
  readonly references: References;
  readonly servers: readonly Server[];
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  /** All of them. Asking for one is cheaper: see `find`. */
  readonly operations: readonly Operation[];
  readonly first: Operation | undefined;
  /** The servers that operations go to, each once. */
  readonly targets: readonly Server[];
  readonly skipped: readonly SkippedOperation[];
  /** An operation by tool name, operation id, or method and path: `GET /pets/{id}`. */
  find(name: string): Operation | undefined;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/** Everything of a document that can be called. Never throws for what the document says. */
export function readCatalog(document: OpenApiDocument): Catalog {
  const reader = new CatalogReader(document);
  const operations = reader.readAll();
  const finder = new OperationFinder(operations);
  return {
    title: reader.title,
    document,
    references: reader.references,
    servers: reader.servers,
    schemes: reader.schemes,
    operations,
    first: operations[0],
    targets: [...new Set(operations.map(({ servers }) => servers[0]!))],
    skipped: reader.skipped,
    find: (name) => finder.find(name),
  };
}

interface PlacedOperation {
  readonly method: string;
  readonly path: string;
  readonly pathItem: Node;
  readonly operation: Node;
}

/** Names are given once all operations are known. */
type NamelessOperation = Omit<Operation, "tool">;

/** Reads all operations of a document, or one. */
export class CatalogReader {
  readonly #document: OpenApiDocument;
  readonly references: References;
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  readonly servers: readonly Server[];
  readonly skipped: SkippedOperation[] = [];

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.references = new References(document);
    this.schemes = readSchemes(this.references, document.version);
    this.servers = this.#documentServers();
  }

  get title(): string {
    return textAt(rawChild(this.references.root, "info"), "title") ?? "";
  }

  readAll(): Operation[] {
    const root = this.references.root;
    const operations: NamelessOperation[] = [];
    for (const placed of this.#placedOperations(rawChild(root, "paths"))) {
      const { method, path, operation: node } = placed;
      const operationId = textAt(node, "operationId");
      const operation = this.#attempt(
        { operationId, method, path },
        () => this.#operation(placed),
      );
      if (operation !== null) operations.push(operation);
    }
    const names = toolNames(operations);
    return operations.map((operation, at) => ({ tool: names[at]!, ...operation }));
  }

  /** One that `readAll` has read before, under the name it gave it. */
  readOne({ tool, method, path }: PlacedName): Operation | undefined {
    const raw = rawChild(rawChild(this.references.root, "paths"), path);
    if (raw === null) return undefined;
    const pathItem = this.#pathItem(path, raw);
    const [, operation] = this.#methodsOf(path, pathItem).find(([one]) => one === method) ?? [];
    if (operation === undefined) return undefined;
    return { tool, ...this.#operation({ method, path, pathItem, operation }) };
  }

  #documentServers(): Server[] {
    if (this.#document.version === "2.0") return swaggerServers(this.references.root);
    const servers = this.#attempt(
      wholePath("servers"),
      () => readServers(this.references, this.references.root),
    ) ??
      [];
    return servers.length > 0 ? servers : [{ url: "/", variables: [] }];
  }

  /** Runs a reader; a flaw of the document is listed and costs this one thing alone. */
  #attempt<T>(what: Omit<SkippedOperation, "reason">, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      this.skipped.push({ ...what, reason: error.message });
      return null;
    }
  }

  *#placedOperations(paths: Node | null): Generator<PlacedOperation> {
    for (const [path, raw] of this.references.members(paths)) {
      if (path.startsWith("x-")) continue;
      const pathItem = this.#attempt(wholePath(path), () => this.#pathItem(path, raw));
      if (pathItem === null) continue;
      for (const [method, operation] of this.#methodsOf(path, pathItem)) {
        yield { method, path, pathItem, operation };
      }
    }
  }

  #pathItem(path: string, raw: Node): Node {
    const pathItem = this.references.follow(raw);
    if (!path.startsWith("/")) throw new DocumentProblem(`The path does not begin with "/"`);
    if (!isRecord(pathItem.value)) throw new DocumentProblem("The path item is not an object");
    return pathItem;
  }

  #methodsOf(path: string, pathItem: Node): [string, Node][] {
    const fixed = METHODS.flatMap((method): [string, Node][] => {
      const operation = rawChild(pathItem, method);
      return operation === null ? [] : [[method.toUpperCase(), operation]];
    });
    const additional = this.#attempt(
      wholePath(path),
      () => this.references.members(this.references.child(pathItem, "additionalOperations")),
    );
    return [...fixed, ...additional ?? []];
  }

  #operation({ method, path, pathItem, operation: raw }: PlacedOperation): NamelessOperation {
    const node = this.references.follow(raw);
    if (!isRecord(node.value)) throw new DocumentProblem("The operation is not an object");
    if (!/^[A-Za-z-]+$/.test(method) || /^(TRACE|CONNECT|TRACK)$/i.test(method)) {
      throw new DocumentProblem(`Method ${method} cannot be sent`);
    }
    const version = this.#document.version;
    const parameters = readParameters(this.references, version, [pathItem, node]);
    const body = readBody(this.references, version, node, pathItem);
    const isBodyless = method === "GET" || method === "HEAD";
    if (isBodyless && body?.required) {
      throw new DocumentProblem(`A ${method} request cannot carry the body it requires`);
    }
    const own = this.#ownServers(node, pathItem);
    const operationId = textAt(node, "operationId");
    const named = nameArguments(this.#callersOwn(alignWithTemplate(parameters, path)));
    return {
      operationId,
      method,
      path,
      summary: textAt(node, "summary") ?? "",
      description: textAt(node, "description") ?? "",
      deprecated: booleanAt(node, "deprecated") === true,
      tags: itemsAt(node, "tags").map(({ value }) => value).filter((tag) =>
        typeof tag === "string"
      ),
      effect: effectOf(node, { method, path, operationId }),
      parameters: named.parameters,
      body: body === null || isBodyless ? null : {
        argument: named.body,
        typeArgument: hasChoice(body.contents) ? named.contentType : null,
        ...body,
      },
      ...readAnswers(this.references, version, node),
      paging: readPaging(this.references, node, {
        operationId,
        method,
        path,
        parameters: named.parameters,
      }),
      followUps: readFollowUps(this.references, node),
      servers: own.length > 0 ? own : this.servers,
      ownServers: own.length > 0,
      security: readSecurity(node, this.references.root, this.schemes),
    };
  }

  #ownServers(operation: Node, pathItem: Node): Server[] {
    if (this.#document.version === "2.0") return [];
    const servers = readServers(this.references, operation);
    return servers.length > 0 ? servers : readServers(this.references, pathItem);
  }

  /** Without parameters that stand where a declared scheme puts its key: those are never arguments. */
  #callersOwn(parameters: readonly NamelessParameter[]): NamelessParameter[] {
    const keys = [...this.schemes.values()].filter(({ type }) => type === "apiKey");
    return parameters.filter((parameter) =>
      !keys.some((key) =>
        key.in === parameter.in &&
        (key.in === "header"
          ? key.parameterName?.toLowerCase() === parameter.name.toLowerCase()
          : key.parameterName === parameter.name)
      )
    );
  }
}

/** A range alone is one, too: nothing else says what the body is. */
function hasChoice(contents: readonly { readonly mediaType: string }[]): boolean {
  return contents.length > 1 || contents.some(({ mediaType }) => mediaType.includes("*"));
}

/** What is skipped when it is more than one operation. */
function wholePath(path: string): Omit<SkippedOperation, "reason"> {
  return { operationId: null, method: "", path };
}

function nameArguments(
  parameters: readonly NamelessParameter[],
): { parameters: Parameter[]; body: string; contentType: string } {
  const names = new ArgumentNames();
  const named = parameters.map((parameter) => ({
    ...parameter,
    argument: names.nameFor(parameter.name, parameter.in),
  }));
  return {
    parameters: named,
    body: names.nameFor("body", "request"),
    contentType: names.nameFor("content_type", "request"),
  };
}
