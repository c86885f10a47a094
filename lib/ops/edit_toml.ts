/**
 * One table of a settings file in TOML. Its text is taken out and put at the end; everything else stays as it
 * is, which is checked: both texts are parsed, and may differ in this table alone.
 */
import { isDeepStrictEqual } from "node:util";
import { parse, stringify, TomlError } from "smol-toml";
import { isRecord } from "../base/json.ts";
import { SettingsProblem } from "./edit_json.ts";

/** @throws {SettingsProblem} for a text that is not TOML. */
export function tomlMember(text: string, section: string, name: string): unknown {
  const servers = parsed(text)[section];
  if (servers === undefined) return undefined;
  if (!isRecord(servers)) throw new SettingsProblem(`"${section}" is not a table`);
  return servers[name];
}

/** The text with another table there; `undefined` removes it. @throws {SettingsProblem}. */
export function withTomlMember(
  text: string,
  section: string,
  name: string,
  value: unknown,
): string {
  const lineEnd = /\r\n/.test(text) ? "\r\n" : "\n";
  const kept = withoutTable(text, `${section}.${name}`);
  const table = value === undefined ? "" : stringify({ [section]: { [name]: value } });
  // The header of the section alone says nothing, and may stand in the file already.
  const block = table.replace(`[${section}]\n`, "").trim();
  const added = `\n\n${block}\n`.replaceAll("\n", lineEnd);
  const changed = block === ""
    ? kept
    : kept.trim() === ""
    ? added.trimStart()
    : kept.trimEnd() + added;
  checkOnlyChange(text, changed, section, name);
  return changed;
}

/** Without the lines of the table and of those below it. */
function withoutTable(text: string, path: string): string {
  let isInside = false;
  const lines = text.split("\n").filter((line) => {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      const plain = header.replaceAll(/["'\s]/g, "");
      isInside = plain === path || plain.startsWith(`${path}.`);
    }
    return !isInside;
  });
  return lines.join("\n");
}

function checkOnlyChange(before: string, after: string, section: string, name: string): void {
  const rest = (text: string) => {
    const value = parsed(text);
    const { [name]: _, ...others } = isRecord(value[section]) ? value[section] : {};
    return { ...value, [section]: others };
  };
  if (isDeepStrictEqual(rest(before), rest(after))) return;
  throw new SettingsProblem(`"${section}.${name}" is written in a way that cannot be changed here`);
}

function parsed(text: string): Record<string, unknown> {
  try {
    // Members without a prototype compare as other objects.
    return JSON.parse(JSON.stringify(parse(text)));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new SettingsProblem(`line ${error.line} is not TOML`);
  }
}
