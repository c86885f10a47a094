/** The arguments of a call as the command line gives them: `--arg`, `--body`, `--file`. */
import { AppError } from "../base/error.ts";
import { exactJsonIn } from "../base/exact_json.ts";
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { showTool } from "../ops/show_tool.ts";
import { fileArgumentNames, takesText } from "../ops/file_arguments.ts";
import { refuseTwoReadings } from "../ops/two_readings.ts";
import type { Session } from "./command.ts";
import { fileArguments, readFile, readFilesIn, textFile } from "./file_arguments.ts";
import { readNamedText } from "./read_input.ts";

export interface GivenArguments {
  readonly owner: string;
  readonly tool: string;
  /** A name that is given more than once has all its values. */
  readonly args: Readonly<Record<string, string | string[]>>;
  /** JSON text, or `@FILE`, or `@-`. */
  readonly body: string | undefined;
  /** `name=path`. */
  readonly files: readonly string[];
}

/** All of them, files read. @throws {AppError} `USAGE`, `NOT_FOUND`, `BAD_INPUT`. */
export async function callArguments(
  session: Session,
  given: GivenArguments,
): Promise<Record<string, unknown>> {
  const namesFile = Object.values(given.args).flat().some((text) => text.startsWith("@"));
  const saysNull = Object.values(given.args).includes("null");
  const parameters = namesFile || saysNull || given.body !== undefined
    ? (await showTool(session.ctx, given)).summary.parameters
    : true;
  refuseTwoReadings(parameters, given.args);
  const files = fileArgumentNames(parameters);
  const args: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given.args)) {
    const values = await Promise.all(
      [value].flat().map((text) => argumentValue(text, files.has(name))),
    );
    args[name] = Array.isArray(value) ? values : values[0];
  }
  return {
    ...args,
    ...await fileArguments(given.files),
    ...await bodyArguments(session, given, parameters),
  };
}

/** `@PATH` where a file is wanted; files that JSON text names by `{"file": "@PATH"}`. */
async function argumentValue(text: string, wantsFile: boolean): Promise<JsonValue> {
  if (wantsFile && text.startsWith("@@")) return { ...textFile(text.slice(1)) };
  if (wantsFile && text.startsWith("@")) return { ...await readFile(text.slice(1)) };
  const parsed = /^\s*[[{]/.test(text) && text.includes('"@') ? exactJsonIn(text) : undefined;
  return parsed === undefined ? text : await readFilesIn(parsed);
}

/** @param tool `OWNER TOOL`, for messages */
export function parseArguments(
  texts: readonly string[],
  tool = "OWNER TOOL",
): Record<string, string | string[]> {
  const groups = Map.groupBy(texts.map((text) => parseArgument(text, tool)), ([name]) => name);
  return Object.fromEntries(
    [...groups].map(([name, [first, ...more]]) => {
      const values = more.map(([, value]) => value);
      return [name, values.length === 0 ? first![1] : [first![1], ...values]];
    }),
  );
}

/** `name=value`; the value may hold further equals signs. */
function parseArgument(text: string, tool: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new AppError("USAGE", `Argument "${text}" is not name=value`, {
    hint: `keysmith tools show ${tool} lists the arguments`,
  });
}

/** The members of the body become arguments; a tool with an argument `body` takes it whole. */
async function bodyArguments(
  session: Session,
  { owner, tool, body }: GivenArguments,
  parameters: JsonSchema,
): Promise<Record<string, unknown>> {
  if (body === undefined) return {};
  if (body.startsWith("@") && body !== "@-" && fileArgumentNames(parameters).has("body")) {
    return { body: await readFile(body.slice(1)) };
  }
  const text = body.startsWith("@") ? await readNamedText(session, body.slice(1)) : body;
  const value = exactJsonIn(text);
  if (value === undefined && takesText(parameters, "body")) return { body: text };
  if (value === undefined) {
    throw new AppError("USAGE", "The body is not JSON", {
      hint: `Give JSON in quotes, such as '{"name": "value"}', or a file of it: --body @FILE`,
    });
  }
  const read = await readFilesIn(value);
  const takesBody = isRecord(parameters) && isRecord(parameters.properties) &&
    "body" in parameters.properties;
  if (takesBody) return { body: read };
  if (isRecord(read)) return read;
  throw new AppError("USAGE", "The body is not a JSON object", {
    hint: `keysmith tools show ${owner} ${tool} lists the arguments`,
  });
}
