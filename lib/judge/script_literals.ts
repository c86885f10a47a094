/** Recorded values in the text of a script, whether a run happens to bring them out or not. */
import type { Evidence } from "./evidence.ts";
import { openText } from "./open_text.ts";
import type { Objection } from "./run.ts";

const MIN_LENGTH = 8;

export function recordedLiterals(source: string, evidence: Evidence): Objection[] {
  return literalsOf(source).flatMap(({ text, line }) =>
    openText(text).flatMap((part) => {
      const issued = part.length < MIN_LENGTH ? undefined : evidence.issued.get(part);
      if (issued === undefined || evidence.excuse(part) !== null) return [];
      return [{
        trace: null,
        where: `script line ${line}`,
        problem:
          `holds a recorded value, to be taken from the answer of ${issued.trace}, ${issued.place}`,
      }];
    })
  );
}

export interface Literal {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** String literals and the fixed parts of templates; comments are skipped. */
export function literalsOf(source: string): Literal[] {
  const pattern =
    /\/\/[^\n]*|\/\*[^]*?\*\/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\[^])*)`/g;
  const literals: Literal[] = [];
  let line = 1;
  let counted = 0;
  for (const match of source.matchAll(pattern)) {
    line += source.slice(counted, match.index).split("\n").length - 1;
    counted = match.index;
    const raw = match[1] ?? match[2];
    if (raw !== undefined) literals.push({ text: unescaped(raw), line });
    for (const part of match[3]?.split(/\$\{[^}]{0,2000}\}/) ?? []) {
      if (part !== "") literals.push({ text: unescaped(part), line });
    }
  }
  return literals;
}

function unescaped(raw: string): string {
  return raw.replace(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (_, point, unit, byte, char) => {
      const code = point ?? unit ?? byte;
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16));
      return ({ n: "\n", r: "\r", t: "\t" } as Record<string, string>)[char] ?? char;
    },
  );
}
