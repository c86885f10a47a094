/** Names of form fields that the replay's pages make anew, as the script sends them. */
import type { Step } from "../correlate/flow.ts";
import { formFieldsOf, parseBody, type ParsedBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { percentDecode } from "../http/url.ts";
import type { FreshValues } from "./fresh_values.ts";

export interface NamedAsRecorded {
  /** With the fields called as in the recording. */
  readonly request: HttpRequest;
  /** Recorded names of those that the page of this run calls otherwise. */
  readonly taken: readonly string[];
  /** Names that were sent as they were recorded. */
  readonly stale: readonly string[];
}

export function namedAsRecorded(
  { body: template }: Step,
  request: HttpRequest,
  fresh: FreshValues,
): NamedAsRecorded {
  const isForm = template?.kind === "form" || template?.kind === "multipart";
  const names = isForm ? template.names ?? [] : [];
  if (names.length === 0) return { request, taken: [], stale: [] };
  const body = parseBody(request.headers, request.body);
  const made = names.map(([name]) => [name, fresh.of(name)] as const)
    .filter(([name, now]) => name !== now);
  const recordedOf = new Map(made.map(([name, now]) => [now, name]));
  const sent = formFieldsOf(body).map(([name]) => name);
  return {
    request: { ...request, body: renamed(request.body, body, recordedOf) },
    taken: made.filter(([, now]) => sent.includes(now)).map(([name]) => name),
    stale: made.filter(([name]) => sent.includes(name)).map(([name]) => name),
  };
}

function renamed(
  bytes: Uint8Array | null,
  body: ParsedBody,
  recordedOf: ReadonlyMap<string, string>,
): Uint8Array | null {
  const nameOf = (name: string) => recordedOf.get(name) ?? name;
  if (bytes === null) return bytes;
  if (body.kind === "form") {
    // The values stay in the encoding they are sent in.
    const form = new TextDecoder().decode(bytes);
    return new TextEncoder().encode(form.replace(/(?<=^|&)[^=&]*/g, (name) => {
      const recorded = recordedOf.get(percentDecode(name.replaceAll("+", " ")));
      return recorded === undefined ? name : encodeURIComponent(recorded);
    }));
  }
  if (body.kind !== "multipart") return bytes;
  const text = new TextDecoder().decode(bytes);
  const header = /(?<=^Content-Disposition: form-data; name=")[^"\r\n]*/gim;
  return new TextEncoder().encode(text.replace(header, nameOf));
}
