/** Reading header lists: names are compared without case (RFC 9110 section 5.1). */
import type { HeaderList } from "./exchange.ts";

/** The first value of a header, or `undefined`. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const header of headers) if (isNamed(header[0], wanted)) return header[1];
  return undefined;
}

/** Every value of a header, in order. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter((header) => isNamed(header[0], wanted)).map((header) => header[1]);
}

/** Most headers of a message are told apart by their length alone. */
function isNamed(candidate: string, wanted: string): boolean {
  return candidate.length === wanted.length && candidate.toLowerCase() === wanted;
}

/** The media type of a message, lower case, without parameters; `""` when there is none. */
export function mediaType(headers: HeaderList): string {
  return (headerValue(headers, "content-type") ?? "").split(";")[0]!.trim().toLowerCase();
}

const PARAMETERS = {
  boundary: /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]+))/i,
  charset: /;\s*charset\s*=\s*(?:"([^"]*)"|([^;\s]+))/i,
} as const;

/** A parameter of the content type, unquoted; `undefined` when absent. */
export function contentTypeParameter(
  headers: HeaderList,
  name: keyof typeof PARAMETERS,
): string | undefined {
  const match = PARAMETERS[name].exec(headerValue(headers, "content-type") ?? "");
  return match?.[1] ?? match?.[2];
}
