/** Where a request of WebDAV moves or copies to: its header `Destination` (RFC 4918 section 10.3). */
import { headerValue } from "../../http/headers.ts";
import type { ParameterSet } from "./parameter_set.ts";
import type { Sample } from "./sample.ts";

/** The name of the argument that says it; `null` for other requests. */
export function destinationOf(samples: readonly Sample[], parameters: ParameterSet): string | null {
  const isSent = samples.some(({ trace }) =>
    headerValue(trace.request.headers, "destination") !== undefined
  );
  if (!isSent) return null;
  return parameters.add({
    name: "destination",
    place: "header",
    schema: { type: "string" },
    description: "The new path, from the root of the server, as the request has its own",
    required: true,
  });
}
