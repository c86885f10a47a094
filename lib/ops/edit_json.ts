/** One member of a settings file in JSON, changed in its text: comments, order and indentation stay. */
import { applyEdits, modify, parse, type ParseError, printParseErrorCode } from "jsonc-parser";
import { isRecord } from "../base/json.ts";

/** Why a settings file cannot be changed; without anything of its content, which may be secret. */
export class SettingsProblem extends Error {
  override readonly name = "SettingsProblem";
}

/**
 * The member's value. Comments and commas at the end are allowed.
 *
 * @throws {SettingsProblem} for a text that is not an object of objects.
 */
export function jsonMember(text: string, section: string, name: string): unknown {
  const errors: ParseError[] = [];
  const value = parse(text.trim() === "" ? "{}" : text, errors, { allowTrailingComma: true });
  if (errors.length > 0) {
    const { error, offset } = errors[0]!;
    const line = text.slice(0, offset).split("\n").length;
    throw new SettingsProblem(`line ${line} is not JSON (${printParseErrorCode(error)})`);
  }
  if (!isRecord(value)) throw new SettingsProblem("it is not a JSON object");
  const servers = value[section];
  if (servers === undefined) return undefined;
  if (!isRecord(servers)) throw new SettingsProblem(`"${section}" is not an object`);
  return servers[name];
}

/** The text with another value there; `undefined` removes the member. @throws as `jsonMember`. */
export function withJsonMember(
  text: string,
  section: string,
  name: string,
  value: unknown,
): string {
  jsonMember(text, section, name);
  const base = text.trim() === "" ? "{}\n" : text;
  const eol = base.includes("\r\n") ? "\r\n" : "\n";
  const isTabbed = /\n\t/.test(base);
  const formattingOptions = { insertSpaces: !isTabbed, tabSize: isTabbed ? 1 : 2, eol };
  return applyEdits(base, modify(base, [section, name], value, { formattingOptions }));
}
