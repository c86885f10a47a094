/** What a model answers, as a script to try: taken out of the text, filled in, checked without running it. */
import { AppError } from "../base/error.ts";
import { hostPort, parseUrl } from "../http/url.ts";
import { prepareScript } from "../script/prepare.ts";
import type { Placeholders } from "./placeholders.ts";
import { dressed } from "./redact_flow.ts";

/** What the model says in place of a script when the recording shows no authentication. */
export const NO_AUTH = "NO_AUTH";

const SCRIPT_FILE = "auth_acquire.ts";

export type Reply =
  | { readonly kind: "script"; readonly source: string }
  | { readonly kind: "no-auth" }
  | { readonly kind: "text" };

/** The last fenced block that exports `acquire_token`; fences of any language count. */
export function readReply(text: string): Reply {
  const source = fencedBlocks(text).findLast((block) => block.includes("acquire_token")) ??
    (isBareScript(text) ? text : undefined);
  if (source !== undefined) return { kind: "script", source };
  return HAS_NO_AUTH.test(text) ? { kind: "no-auth" } : { kind: "text" };
}

const HAS_NO_AUTH = new RegExp(`\\b${NO_AUTH}\\b`);

function isBareScript(text: string): boolean {
  return /^(?:(?:export|const|declare|interface)\b|\/[/*])/.test(text.trimStart()) &&
    /\bacquire_token\b/.test(text);
}

/** A fence ends at the next line that holds the same marks alone (CommonMark 0.31, 4.5, as models write it). */
function fencedBlocks(text: string): string[] {
  const lines = text.split("\n");
  const marks = lines.map((line) => line.trim());
  const ends = new Map<string, number>();
  const endOf = marks.map(() => -1);
  for (let at = lines.length - 1; at >= 0; at--) {
    const [mark] = /^(?:`{3,}|~{3,})/.exec(marks[at]!) ?? [];
    if (mark === undefined) continue;
    endOf[at] = ends.get(mark) ?? -1;
    if (marks[at] === mark) ends.set(mark, at);
  }
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const end = endOf[at]!;
    if (end < 0) continue;
    blocks.push(lines.slice(at + 1, end).map((line) => `${line}\n`).join(""));
    at = end;
  }
  return blocks;
}

export type Checked =
  | { readonly kind: "ready"; readonly source: string }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/**
 * `hosts`: `host:port` of the login's steps. A script names no other, but those its draft names as the
 * values of headers and parameters.
 */
export function checkCandidate(
  source: string,
  { draft, placeholders, hosts: own }: {
    readonly draft: string;
    readonly placeholders: Placeholders;
    readonly hosts: readonly string[];
  },
): Checked {
  const hosts = [...new Set([...own, ...hostsNamed(placeholders.fill(draft).source)])];
  const filled = placeholders.fill(source);
  const problems = [
    ...filled.refused.map((name) =>
      `‹${name}› is not a constant: what it stands for must be asked for, extracted or made, never written down`
    ),
    ...[...hostsNamed(filled.source)].filter((host) => !hosts.includes(host)).map((host) =>
      `the script names ${host}, which is not a host of the login; it may name ${hosts.join(", ")}`
    ),
  ];
  if (problems.length > 0) return { kind: "refused", problems };
  try {
    const source = dressed(filled.source);
    prepareScript(source, SCRIPT_FILE);
    return { kind: "ready", source };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: "refused", problems: [error.message.replace(` "${SCRIPT_FILE}"`, "")] };
  }
}

/** `host:port` of every URL in the text. One that is put together at run time is stopped by the sandbox. */
function hostsNamed(source: string): Set<string> {
  const urls = source.match(/(?:https?|wss?):\/\/[^\s"'`\\<>(){}|^$]+/g) ?? [];
  return new Set(urls.map((text) => parseUrl(text)).filter((url) => url !== null).map(hostPort));
}
