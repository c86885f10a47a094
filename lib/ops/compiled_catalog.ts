/**
 * A catalog on the disk, made of a document once: a start that finds it reads neither the document nor all of
 * what was made of it. The head holds what lists and searches show; arguments and the parts of the document are
 * read for the operation that is described or called.
 */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { type Catalog, CatalogReader } from "../openapi/catalog.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import type { Operation, SkippedOperation } from "../openapi/operation.ts";
import { OperationFinder, type PlacedName } from "../openapi/operation_finder.ts";
import type { References } from "../openapi/reference.ts";
import type { SecurityScheme } from "../openapi/security.ts";
import type { Server } from "../openapi/server.ts";
import { joinDocument, type PartTree, splitDocument } from "../openapi/split_document.ts";
import { RecordFile, writeRecords } from "../store/record_file.ts";
import { describedLater } from "./described_later.ts";
import type { SkippedTool, ToolListing, ToolSummary } from "./tool_owner.ts";

/** What is made of the document when it is wanted. */
type Request = Omit<ToolSummary, "parameters" | "answers" | "answersSize">;

/** `parameters` and `answers` are numbers of records; `null` where they are made when they are wanted. */
type StoredSummary = Request & {
  readonly parameters: number | null;
  readonly answers: number | null;
  readonly answersSize: number;
};

interface CompiledHead {
  readonly title: string;
  readonly location: string;
  readonly version: OpenApiDocument["version"];
  readonly root: PartTree;
  readonly externals: readonly (readonly [location: string, tree: PartTree])[];
  readonly names: readonly PlacedName[];
  readonly skipped: readonly SkippedOperation[];
  readonly targets: readonly Server[];
  readonly tools: readonly StoredSummary[];
  readonly skippedTools: readonly SkippedTool[];
}

/** Operations that were read last stay in memory, so many of them. */
const MAX_KEPT = 256;

export async function writeCompiled(
  path: string,
  catalog: Catalog,
  listing: ToolListing,
): Promise<void> {
  const records: string[] = [];
  const take = (part: JsonValue) => records.push(JSON.stringify(part)) - 1;
  const { title, document, operations, skipped, targets } = catalog;
  const head: CompiledHead = {
    title,
    location: document.location,
    version: document.version,
    root: splitDocument(document.root, take),
    externals: [...document.externals].map(([location, root]) => [
      location,
      splitDocument(root, take),
    ]),
    names: operations.map(({ tool, operationId, method, path }) => ({
      tool,
      operationId,
      method,
      path,
    })),
    skipped,
    targets,
    tools: storedSummaries(listing.tools, take),
    skippedTools: listing.skipped,
  };
  await writeRecords(path, head, records);
}

/** Their records in the order of the names, in which lists read them. */
function storedSummaries(
  tools: readonly ToolSummary[],
  take: (part: JsonValue) => number,
): StoredSummary[] {
  const stored = new Map<ToolSummary, StoredSummary>();
  for (const tool of tools.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    if (!isDescribed(tool)) {
      stored.set(tool, { ...requestOf(tool), parameters: null, answers: null, answersSize: 0 });
      continue;
    }
    const parameters = take(tool.parameters as JsonValue);
    const answers = tool.answers === null ? null : take(tool.answers as JsonValue);
    stored.set(tool, { ...tool, parameters, answers });
  }
  return tools.map((tool) => stored.get(tool)!);
}

/** False where the arguments would be made now, which is what has to wait. */
function isDescribed(tool: ToolSummary): boolean {
  return Object.getOwnPropertyDescriptor(tool, "parameters")?.get === undefined;
}

function requestOf(tool: ToolSummary): Request {
  const { name, description, method, path, url, tags, words, size } = tool;
  const { requiresAuth, safe, idempotent, additive } = tool;
  const request = { name, description, method, path, url, tags, words, size };
  return { ...request, requiresAuth, safe, idempotent, additive };
}

/** `null` when there is none. @throws {UnusableRecords} */
export function openCompiled(path: string): CompiledCatalog | null {
  const file = RecordFile.open(path);
  return file === null ? null : new CompiledCatalog(file);
}

export class CompiledCatalog implements Catalog {
  readonly title: string;
  readonly document: OpenApiDocument;
  readonly skipped: readonly SkippedOperation[];
  readonly targets: readonly Server[];
  readonly listing: ToolListing;
  readonly #file: RecordFile;
  readonly #names: readonly PlacedName[];
  readonly #parts = new Map<number, WeakRef<object>>();
  readonly #kept = new Map<PlacedName, Operation>();
  #finder: OperationFinder<PlacedName> | null = null;
  #reader: CatalogReader | null = null;

  constructor(file: RecordFile) {
    const head = file.value as CompiledHead;
    const { title, location, version, root, externals } = head;
    const read = (part: number) => this.#part(part);
    this.#file = file;
    this.title = title;
    this.document = {
      location,
      version,
      root: joinDocument(root, read) as OpenApiDocument["root"],
      externals: new Map(externals.map(([at, tree]) => [at, joinDocument(tree, read)])),
    };
    this.skipped = head.skipped;
    this.targets = head.targets;
    this.#names = head.names;
    this.listing = {
      tools: head.tools.map((stored) => this.#summary(stored)),
      skipped: head.skippedTools,
    };
  }

  get references(): References {
    return this.#read().references;
  }

  get servers(): readonly Server[] {
    return this.#read().servers;
  }

  get schemes(): ReadonlyMap<string, SecurityScheme> {
    return this.#read().schemes;
  }

  get operations(): readonly Operation[] {
    return this.#names.map((name) => this.#operation(name));
  }

  get first(): Operation | undefined {
    const [first] = this.#names;
    return first === undefined ? undefined : this.#operation(first);
  }

  find(name: string): Operation | undefined {
    this.#finder ??= new OperationFinder(this.#names);
    const placed = this.#finder.find(name);
    return placed === undefined ? undefined : this.#operation(placed);
  }

  #operation(name: PlacedName): Operation {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept;
    const operation = this.#read().readOne(name)!;
    if (this.#kept.size >= MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(name, operation);
    return operation;
  }

  #read(): CatalogReader {
    return this.#reader ??= new CatalogReader(this.document);
  }

  /** The same object for as long as anybody holds it: schemas are told apart by identity. */
  #part(part: number): JsonValue {
    const known = this.#parts.get(part)?.deref();
    if (known !== undefined) return known as JsonValue;
    const value = JSON.parse(this.#file.text(part)) as JsonValue;
    if (isRecord(value) || Array.isArray(value)) this.#parts.set(part, new WeakRef(value));
    return value;
  }

  #summary({ parameters, answers, answersSize, ...request }: StoredSummary): ToolSummary {
    if (parameters === null) return describedLater(this, request);
    const text = (part: number) => this.#file.text(part);
    const read = (part: number) => JSON.parse(text(part)) as JsonSchema;
    return {
      ...request,
      answersSize,
      get parametersJson() {
        return text(parameters);
      },
      get parameters() {
        return read(parameters);
      },
      get answers() {
        return answers === null ? null : read(answers);
      },
    };
  }
}
