/** HAR files for tests, built from what matters to the test. */
import { readHar } from "../../lib/capture/har.ts";
import type { Exchange, HeaderList } from "../../lib/http/exchange.ts";

export type Json = Record<string, unknown>;

export interface EntryParts {
  readonly startedDateTime?: string;
  readonly request?: Json;
  readonly response?: Json | null;
}

/** A GET of `https://garden.example/` answered 200 with nothing, but for what is given. */
export function entry({ startedDateTime, request, response }: EntryParts = {}): Json {
  return {
    startedDateTime: startedDateTime ?? "2026-03-01T09:00:00.000Z",
    request: { method: "GET", url: "https://garden.example/", headers: [], ...request },
    response: response === null ? null : {
      status: 200,
      headers: [],
      content: { size: 0, mimeType: "" },
      ...response,
    },
  };
}

export function harOf(entries: readonly unknown[], creator = "Test"): Json {
  return { log: { version: "1.2", creator: { name: creator, version: "1" }, entries } };
}

export function bytesOf(har: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(har));
}

export function readEntries(...entries: readonly unknown[]): readonly Exchange[] {
  return readHar(bytesOf(harOf(entries)), "test.har").exchanges;
}

/** The exchange of one entry. */
export function readOne(parts: EntryParts): Exchange {
  return readEntries(entry(parts))[0]!;
}

/** `["Name: value"]` as HAR headers. */
export function harHeaders(...lines: readonly string[]): Json[] {
  return lines.map((line) => {
    const colon = line.indexOf(":", 1);
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
}

/** Headers as lines, for comparing. */
export function linesOf(headers: HeaderList): string[] {
  return headers.map(([name, value]) => `${name}: ${value}`);
}

export function textOf(body: Uint8Array | null | undefined): string | null {
  return body === null || body === undefined ? null : new TextDecoder().decode(body);
}
