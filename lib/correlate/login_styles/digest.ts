import { headerValue } from "../../http/headers.ts";
import { askedFor, directFlow, EMPTY_RESULT } from "../direct_flow.ts";
import { ofInput } from "../expr.ts";
import type { Message } from "../recording.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * HTTP Digest (RFC 7616): computed per request, so the flow has no steps and yields the recipe.
 * @rule off: null
 */
export function digestLogin({ recording, messages }: Evidence): FoundLogin | null {
  const requests = messages.filter((message) =>
    message.succeeded && /^Digest\s/i.test(authorization(message))
  );
  if (requests.length === 0) return null;
  const user = /username="((?:[^"\\]|\\.)*)"/i.exec(authorization(requests[0]!))?.[1] ?? "";
  const inputs = [askedFor("identifier", user), askedFor("password", "")];
  const [username, password] = inputs.map(ofInput);
  return {
    analysis: directFlow(
      { recording, requests },
      inputs,
      {
        ...EMPTY_RESULT,
        computed: [{ kind: "http_digest", username: username!, password: password! }],
      },
      "Authorization",
      "computed per request from user name and password (HTTP Digest)",
    ),
  };
}

function authorization(message: Message): string {
  return headerValue(message.trace.request.headers, "authorization") ?? "";
}
