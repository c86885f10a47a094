/**
 * YAML 1.2 (core schema, with merge keys) and JSON as one: JSON is read by `JSON.parse`, everything
 * else by js-yaml. Aliases come back as shared objects, so a few lines can stand for billions of
 * values; a text is refused when it stands for more than `MAX_EXPANDED_VALUES`.
 */
import { CORE_SCHEMA, dump, load, mergeTag, YAMLException } from "js-yaml";
import { AppError, messageOf } from "./error.ts";
import { isNestedDeeper, type JsonValue } from "./json.ts";

/** Values a text may stand for once its aliases are written out. */
const MAX_EXPANDED_VALUES = 20_000_000;
/** Nesting of collections. */
const MAX_DEPTH = 500;

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/**
 * The value of a YAML or JSON text.
 *
 * @param file Named in errors; a path or URL.
 * @throws {AppError} `BAD_INPUT` with `{ file, line?, column? }`, both counted from 1.
 */
export function parseYaml(text: string, file: string): JsonValue {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (/^\s*[{[]/.test(source) && isNestedDeeper(source, MAX_DEPTH)) throw tooDeep(file);
  if (/^\s*[{[]/.test(source)) {
    try {
      return JSON.parse(source) as JsonValue;
    } catch (error) {
      if (!looksLikeFlowYaml(source)) throw jsonProblem(error, file);
    }
  }
  const value = loadYaml(source, file);
  checkExpansion(value, file);
  return value as JsonValue;
}

function tooDeep(file: string): AppError {
  return new AppError("BAD_INPUT", `Cannot read "${file}": it nests deeper than ${MAX_DEPTH}`, {
    hint: "Give a document that nests less",
    details: { file, limit: MAX_DEPTH },
  });
}

/** The value as YAML text, block style, without anchors. */
export function formatYaml(value: JsonValue): string {
  return dump(value, { noRefs: true, lineWidth: -1 });
}

/** JSON quotes its first key; flow YAML (`{a: 1}`, `[a, b]`) need not. */
function looksLikeFlowYaml(source: string): boolean {
  return !/^\s*(\{\s*["}]|\[\s*["{[\]\d-])/.test(source);
}

function jsonProblem(error: unknown, file: string): AppError {
  const message = messageOf(error);
  const place = /\(line (\d+) column (\d+)\)/.exec(message);
  const where = place === null ? "" : `:${place[1]}:${place[2]}`;
  return new AppError("BAD_INPUT", `Cannot read "${file}"${where}: it is not valid JSON`, {
    hint: "Correct the JSON there; quotes, commas and brackets are the usual cause",
    details: place === null ? { file } : { file, line: Number(place[1]), column: Number(place[2]) },
    cause: error,
  });
}

function loadYaml(source: string, file: string): unknown {
  try {
    return load(source, { schema: SCHEMA, maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const mark = error.mark;
    const details = mark === undefined
      ? { file }
      : { file, line: mark.line + 1, column: mark.column + 1 };
    const where = mark === undefined ? "" : `:${mark.line + 1}:${mark.column + 1}`;
    throw new AppError("BAD_INPUT", `Cannot read "${file}"${where}: ${error.reason}`, {
      hint: "Correct the YAML there; indentation, quotes and colons are the usual cause",
      details,
      cause: error,
    });
  }
}

/** Counts what the value stands for; shared objects are counted once and multiplied. */
function checkExpansion(root: unknown, file: string): void {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== "object" || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) {
      throw new AppError("BAD_INPUT", `Cannot read "${file}": an alias contains itself`, {
        hint: "Write out what the alias (*name) stands for",
        details: { file },
      });
    }
    open.add(value);
    let size = 1;
    for (const item of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(item);
    open.delete(value);
    sizes.set(value, size);
    return size;
  };
  if (sizeOf(root) > MAX_EXPANDED_VALUES) {
    throw new AppError(
      "BAD_INPUT",
      `Cannot read "${file}": its aliases stand for too many values`,
      {
        hint: "Use fewer aliases (*name) of aliases",
        details: { file, limit: MAX_EXPANDED_VALUES },
      },
    );
  }
}
