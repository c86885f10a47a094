/** A tool of an app as its user names it: by its name, or by its request as lists show it. */
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import type { ToolDefinition } from "./definition.ts";
import { readTool, toolNames, unknownTool } from "./tool_store.ts";

/** @throws {AppError} as `readTool`; `USAGE` where several tools have the request (`GET /orders/{id}`). */
export async function readNamedTool(
  home: Home,
  app: string,
  name: string,
): Promise<ToolDefinition> {
  const request = requestIn(name);
  if (request === null) return await readTool(home, app, name);
  const known = await toolNames(home, app);
  const read = await Promise.all(known.map((one) => readTool(home, app, one).catch(skipped)));
  const tools = read.filter((tool) => tool !== null);
  const named = tools.filter((tool) => requestIn(requestOf(tool)) === request);
  if (named.length > 1) throw severalTools(name, named);
  if (named[0] !== undefined) return named[0];
  throw unknownTool(app, name, known, tools.map(requestOf));
}

function requestOf({ method, path }: ToolDefinition): string {
  return `${method} ${path}`;
}

/** Method and path in one spelling; `null` for any other text. */
function requestIn(text: string): string | null {
  const [, method, path] = /^([A-Za-z-]+) (\/.*)$/.exec(text) ?? [];
  return method === undefined ? null : `${method.toUpperCase()} ${path!.replaceAll("{+", "{")}`;
}

/** A damaged tool does not take the others with it. */
function skipped(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

/** They differ in what they send. */
function severalTools(request: string, tools: readonly ToolDefinition[]): AppError {
  const names = tools.map(({ name }) => name);
  return new AppError("USAGE", `Several tools are "${request}"`, {
    hint: `Name one of ${names.join(", ")}`,
    details: { request, tools: names },
  });
}
