// Before amaro: it looks on while that is loaded.
import { amaroState, isGivenUp } from "./amaro_state.ts";
import { transformSync } from "amaro";
import { AppError, messageOf } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { refuseLength } from "./static_checks.ts";

const AMARO = amaroState();

/**
 * TypeScript to JavaScript by replacing every type with spaces, so that lines and columns stay as they
 * are. Syntax that needs code generation (`enum`, `namespace`, parameter properties) is refused.
 *
 * @throws {AppError} `SCRIPT_REFUSED` with `details: { file, line }`.
 */
export function stripTypes(source: string, fileName: string): string {
  refuseLength(source, fileName);
  try {
    return AMARO.keep(() => transformSync(source, { mode: "strip-only", filename: fileName })).code;
  } catch (thrown) {
    const { message, line } = describe(thrown);
    const place = line === null ? `"${fileName}"` : `"${fileName}" line ${line}`;
    throw new AppError("SCRIPT_REFUSED", `Cannot read script ${place}: ${message}`, {
      hint: "Write plain TypeScript whose types can be erased; enums and namespaces cannot",
      details: { file: fileName, line },
    });
  }
}

/** amaro throws plain objects `{ code, message, startLine, … }`, and strings where it gave up earlier. */
function describe(thrown: unknown): { message: string; line: number | null } {
  if (isGivenUp(thrown)) return { message: "it is nested too deeply", line: null };
  if (!isRecord(thrown)) return { message: messageOf(thrown), line: null };
  const message = typeof thrown.message === "string" ? thrown.message : "not valid TypeScript";
  return { message, line: typeof thrown.startLine === "number" ? thrown.startLine : null };
}
