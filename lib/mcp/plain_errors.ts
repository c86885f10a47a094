/** Errors of the library's schema checks in words: its messages are lists of issues in JSON, several lines long. */
import type { JSONRPCErrorResponse } from "@modelcontextprotocol/server";
import { isRecord, parseJson } from "../base/json.ts";

const INVALID_PARAMS = -32602;

/** The answer with a message of one line; any other answer as it is. */
export function inWords(answer: JSONRPCErrorResponse): JSONRPCErrorResponse {
  const message = issuesInWords(answer.error.message);
  if (message === null) return answer;
  return { ...answer, error: { ...answer.error, code: INVALID_PARAMS, message } };
}

/** `null` for a text that holds no list of issues. */
export function issuesInWords(text: string): string | null {
  const [, before = "", list = ""] = /^([^[]*)(\[\s*\{[^]*\}\s*\])\s*$/.exec(text) ?? [];
  const issues = parseJson(list);
  if (!Array.isArray(issues) || issues.length === 0) return null;
  const words = issues.map((issue) => isRecord(issue) ? inOneLine(issue) : "");
  if (words.includes("")) return null;
  return `${before.trim() || "Invalid request:"} ${words.join("; ")}`;
}

function inOneLine({ path, message }: Record<string, unknown>): string {
  if (!Array.isArray(path) || typeof message !== "string") return "";
  const reason = message.replace(/^Invalid input: /, "");
  return path.length === 0 ? reason : `"${path.join(".")}": ${reason}`;
}
