/** Reading header lists: names are compared without case (RFC 9110 section 5.1). */
import type { HeaderList } from "./exchange.ts";

/** The first value of a header, or `undefined`. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** Every value of a header, in order. */
export function headerValues(headers: HeaderList, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) =>
    value
  );
}

/** The media type of a message, lower case, without parameters; `""` when there is none. */
export function mediaType(headers: HeaderList): string {
  return (headerValue(headers, "content-type") ?? "").split(";")[0]!.trim().toLowerCase();
}

/** A parameter of the content type (`charset`, `boundary`), unquoted; `undefined` when absent. */
export function contentTypeParameter(headers: HeaderList, name: string): string | undefined {
  const line = headerValue(headers, "content-type") ?? "";
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(line);
  return match?.[1] ?? match?.[2];
}
