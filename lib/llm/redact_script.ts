/**
 * A script of ours as a model may see it: its texts as constants, which are filled in again; its comments, types
 * and layout as they are, so that what comes back is the same script where nothing was changed.
 */
import { AppError } from "../base/error.ts";
import { codeTokens } from "../script/code_tokens.ts";
import { stripTypes } from "../script/strip_types.ts";
import { redactCode, redactToken } from "./redact_code.ts";
import type { Redaction } from "./redaction.ts";
import { constantUrl } from "./shown_url.ts";
import { areOwnWords } from "./sentence_words.ts";

const FILE = "auth_acquire.ts";

/** `null` when it cannot be read. */
export function redactScript(source: string, redaction: Redaction): string | null {
  const code = withoutTypes(source);
  const tokens = code === null ? null : codeTokens(code);
  if (code === null || tokens === null) return null;
  const isInPlace = tokens.every(({ start, end }) =>
    source.slice(start, end) === code.slice(start, end)
  );
  if (!isInPlace) return redactCode(code, redaction, "own");
  let shown = "";
  let at = 0;
  for (const token of tokens) {
    shown += redactTypes(source.slice(at, token.start), redaction);
    shown += token.kind === "comment"
      ? redactComment(source.slice(token.start, token.end), redaction)
      : redactToken(token, redaction, "own", source.slice(token.start, token.end));
    at = token.end;
  }
  return shown + redactTypes(source.slice(at), redaction);
}

/** Types are replaced by spaces, so that everything else stays at its place. */
function withoutTypes(source: string): string | null {
  try {
    return stripTypes(source, FILE);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What stands between the tokens of the code: white space and types. */
function redactTypes(text: string, redaction: Redaction): string {
  return text.replace(
    /"([^"]*)"|'([^']*)'|[\p{L}_$][\p{L}\p{N}_$]*/gu,
    (word, double?: string, single?: string) => {
      const quoted = double ?? single;
      if (quoted === undefined) return redaction.showsName(word) ? word : redaction.constant(word);
      return `${word[0]}${redaction.constant(quoted)}${word[0]}`;
    },
  );
}

/** This machine, which says nothing of anybody (RFC 1122 section 3.2.1.3). */
const LOOPBACK = /^127\.0\.0\.1(?::\d{1,5})?$/;

function redactComment(text: string, redaction: Redaction): string {
  return text.replace(
    /https?:\/\/[^\s"'`<>]+|\b127\.0\.0\.1(?::\d{1,5})?|[\p{L}\p{N}_.@+~-]{2,}/gu,
    (word) => {
      if (/^https?:/.test(word)) return constantUrl(redaction, word);
      if (LOOPBACK.test(word)) return word;
      const isPlain = /^(t_[\d_]+|\d{1,3})[.:]?$/.test(word) || areOwnWords(word) ||
        redaction.showsName(word.replace(/\.$/, ""));
      return isPlain ? word : redaction.constant(word);
    },
  );
}
