/** Changing the head of an answer. */
import type { HeaderList, HttpResponse } from "../http/exchange.ts";

/** The response with its header values mapped; `null` drops the line. */
export function withHeaders(
  response: HttpResponse,
  map: (name: string, value: string) => string | null,
): HttpResponse {
  const headers: HeaderList = response.headers.flatMap(([name, value]) => {
    const mapped = map(name, value);
    return mapped === null ? [] : [[name, mapped] as const];
  });
  return { ...response, headers };
}

export function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}
