/** What the recording says of a tool: its page's title, headings and buttons, and the members of its JSON. */
import { isRecord, type JsonValue } from "../base/json.ts";
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { type PageLabels, pageLabels } from "../http/page_labels.ts";
import type { NamedTool } from "../llm/name_tools.ts";
import type { LabelledPage } from "../llm/shown_labels.ts";
import type { ToolDefinition } from "../tools/definition.ts";

/** Of an answer; the first say what it is. */
const MAX_MEMBERS = 30;
const MAX_DEPTH = 6;
const MAX_PAGES = 2;

export class ToolWords {
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #pages: readonly Trace[];
  readonly #labels = new Map<string, PageLabels>();

  /** @param traces of the app, in time order */
  constructor(traces: readonly Trace[]) {
    this.#traces = new Map(traces.map((trace) => [trace.id, trace]));
    this.#pages = traces.filter(isPage);
  }

  of(tool: ToolDefinition): NamedTool {
    const { name, description, method, path, parameters, answer } = tool;
    return {
      name,
      description,
      method,
      path,
      parameters: memberKinds(parameters),
      answers: memberKinds(answer?.schema ?? {}),
      pages: this.#pagesOf(tool),
    };
  }

  #pagesOf({ traces }: ToolDefinition): LabelledPage[] {
    const pages = traces.flatMap((id) => this.#pageBefore(this.#traces.get(id)) ?? []);
    return [...new Set(pages)].slice(0, MAX_PAGES).map((page) => ({
      ...this.#labelsOf(page),
      url: page.request.url,
    }));
  }

  /** The page that names itself as the one a request was made from, else the last one shown. */
  #pageBefore(trace: Trace | undefined): Trace | undefined {
    if (trace === undefined) return undefined;
    const referrer = headerValue(trace.request.headers, "referer")?.replace(/#.*$/s, "");
    const before = this.#pages.filter(({ startedAtMs }) => startedAtMs <= trace.startedAtMs);
    return before.findLast(({ request }) => request.url === referrer) ?? before.at(-1);
  }

  #labelsOf({ id, response }: Trace): PageLabels {
    const known = this.#labels.get(id) ?? pageLabels(bodyText(response!.headers, response!.body!));
    this.#labels.set(id, known);
    return known;
  }
}

function isPage({ response }: Trace): boolean {
  return response !== null && response.body !== null && response.status < 400 &&
    /html/.test(mediaType(response.headers));
}

/** Members with their kinds, `orders[].total: number`: never a value, no default and no choice. */
function memberKinds(schema: JsonValue): Record<string, string> {
  const members = [...membersOf(schema, "", 0)].filter(([path]) => path !== "");
  return Object.fromEntries(members.slice(0, MAX_MEMBERS));
}

function* membersOf(schema: unknown, path: string, depth: number): Generator<[string, string]> {
  if (!isRecord(schema) || depth > MAX_DEPTH) return;
  const { properties, items, type } = schema;
  if (isRecord(properties)) {
    for (const [name, inner] of Object.entries(properties)) {
      yield* membersOf(inner, path === "" ? name : `${path}.${name}`, depth + 1);
    }
  } else if (isRecord(items)) {
    yield* membersOf(items, `${path}[]`, depth + 1);
  } else {
    yield [path, kindOf(type)];
  }
}

function kindOf(type: unknown): string {
  const kinds = [type].flat().filter((kind) => typeof kind === "string");
  return kinds.join(" or ") || "any";
}
