/**
 * What secret sources have in common, whatever they are part of: the texts they are made of, and each in
 * words. Found by structure and told by a table of all types, so that a new source or a new part of one
 * is told and judged like the others.
 */
import type { TextSource } from "./config.ts";

/** `HELPDESK_TOKEN` as `environment variable HELPDESK_TOKEN`. */
const DESCRIBED: {
  readonly [Type in TextSource["type"]]: (source: Extract<TextSource, { type: Type }>) => string;
} = {
  literal: () => "the literal value",
  env: ({ value }) => `environment variable ${value}`,
  file: ({ value }) => `file "${value}"`,
  exec: ({ command }) => `program "${command[0]}"`,
  osKeychain: ({ value }) => `keychain item "${value}"`,
};

/** A source in words, for verdicts: `environment variable HELPDESK_TOKEN`. */
export function describeSource(source: TextSource): string {
  return (DESCRIBED[source.type] as (source: TextSource) => string)(source);
}

/** Every source of a text in a part of the configuration, at any depth; a source of a text is one itself. */
export function textSourcesIn(part: unknown): TextSource[] {
  if (typeof part !== "object" || part === null) return [];
  const inner = part instanceof Map ? [...part.values()] : Object.values(part);
  return [...(isTextSource(part) ? [part] : []), ...inner.flatMap(textSourcesIn)];
}

function isTextSource(part: object): part is TextSource {
  return "type" in part && typeof part.type === "string" && Object.hasOwn(DESCRIBED, part.type);
}
