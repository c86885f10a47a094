/**
 * One entry of a configuration file changed in its text, so that comments and order stay. Entries are
 * `section` (`store`, `model`), or `section/name` (`services`, `secrets`, `policy`). Where the text is
 * not laid out in lines (flow style, JSON), the section or the whole file is written anew. Pure.
 */
import { isRecord, type JsonObject, type JsonValue, parseJson } from "./json.ts";
import { formatYaml, parseYaml } from "./yaml.ts";
import { escapePointer, yamlPositions } from "./yaml_positions.ts";

export type EntryPath = readonly [section: string] | readonly [section: string, name: string];

/**
 * The text with the entry set, or removed when `value` is `undefined`.
 *
 * @throws {AppError} `BAD_INPUT` when the text does not parse.
 */
export function editConfig(
  text: string,
  path: EntryPath,
  value: JsonValue | undefined,
  file: string,
): string {
  const before = readMapping(text, file);
  const after = withEntry(before, path, value);
  const candidates = [inLines(text, path, value), sectionAnew(text, path[0], after)];
  const isJson = parseJson(text) !== undefined;
  const edited = isJson
    ? null
    : candidates.find((candidate) => candidate !== null && saysThis(candidate, after, file));
  if (edited !== null && edited !== undefined) return edited;
  return isJson ? `${JSON.stringify(after, null, 2)}\n` : formatYaml(after);
}

/** What the text holds; `{}` where that is nothing or no mapping. @throws {AppError} `BAD_INPUT`. */
export function readMapping(text: string, file: string): JsonObject {
  if (text.replace(/^[ \t]*#.*$/gm, "").trim() === "") return {};
  const value = parseYaml(text, file);
  return isRecord(value) ? value as JsonObject : {};
}

function saysThis(text: string, expected: JsonObject, file: string): boolean {
  try {
    return JSON.stringify(readMapping(text, file)) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

function withEntry(
  config: JsonObject,
  [section, name]: EntryPath,
  value: JsonValue | undefined,
): JsonObject {
  if (name === undefined) return withMember(config, section, value);
  const inner = config[section];
  const members = withMember(isRecord(inner) ? inner as JsonObject : {}, name, value);
  return withMember(config, section, Object.keys(members).length === 0 ? undefined : members);
}

function withMember(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  if (value === undefined) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  }
  return Object.hasOwn(object, key)
    ? Object.fromEntries(
      Object.entries(object).map(([name, old]) => [name, name === key ? value : old]),
    )
    : { ...object, [key]: value };
}

/** The lines of the entry replaced, or new lines put at the end of its section. */
function inLines(text: string, path: EntryPath, value: JsonValue | undefined): string | null {
  const lines = text.split("\n");
  const own = linesOf(text, lines, path);
  if (own !== null) {
    const rendered = value === undefined ? [] : render(path.at(-1)!, value, own.indent);
    return lines.toSpliced(own.start, own.end - own.start, ...rendered).join("\n");
  }
  if (value === undefined) return text;
  const section = path.length === 1 ? null : linesOf(text, lines, [path[0]]);
  if (section !== null) {
    const indent = childIndent(lines, section);
    return lines.toSpliced(section.end, 0, ...render(path.at(-1)!, value, indent)).join("\n");
  }
  const added = path.length === 1
    ? render(path[0], value, 0)
    : render(path[0], { [path.at(-1)!]: value }, 0);
  const kept = text.trimEnd();
  return `${kept}${kept === "" ? "" : "\n"}${added.join("\n")}\n`;
}

/** The whole section replaced, in block style. */
function sectionAnew(text: string, section: string, after: JsonObject): string | null {
  return inLines(text, [section], after[section]);
}

interface LineRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly indent: number;
}

/** The lines of an entry: its own and all that are indented deeper; trailing blanks and comments are not its own. */
function linesOf(text: string, lines: readonly string[], path: EntryPath): LineRange | null {
  const pointer = path.map((key) => `/${escapePointer(key)}`).join("");
  const position = yamlPositions(text).get(pointer);
  if (position === undefined) return null;
  const start = position.line - 1;
  const indent = position.column - 1;
  if (lines[start]!.slice(0, indent).trim() !== "") return null;
  let end = start + 1;
  for (let line = end; line < lines.length; line++) {
    const content = lines[line]!.trim();
    if (content === "" || content.startsWith("#")) continue;
    if (lines[line]!.search(/\S/) <= indent) break;
    end = line + 1;
  }
  return { start, end, indent };
}

function childIndent(lines: readonly string[], section: LineRange): number {
  const first = lines.slice(section.start + 1, section.end)
    .find((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  return first === undefined ? section.indent + 2 : first.search(/\S/);
}

function render(key: string, value: JsonValue, indent: number): string[] {
  return formatYaml({ [key]: value }).trimEnd().split("\n").map((line) =>
    " ".repeat(indent) + line
  );
}
