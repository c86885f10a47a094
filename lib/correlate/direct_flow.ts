/** A login flow without requests: what the user types travels with every request of the API. */
import { hostPort } from "../http/url.ts";
import { chooseProbes } from "./choose_probe.ts";
import type { Analysis, Input, LoginFlow, ResultTemplate } from "./flow.ts";
import { probesOf } from "./finish.ts";
import type { Message, Recording } from "./recording.ts";

export const EMPTY_RESULT: ResultTemplate = {
  headers: [],
  cookies: null,
  bodyParams: [],
  queryParams: [],
  computed: [],
  refreshToken: null,
  expiresIn: null,
};

/** What is asked for where nothing is known of it but what it is. */
export function askedFor(kind: "identifier" | "password" | "api-key", recorded: string): Input {
  const [name, label] = ASKED[kind];
  return { name, label, secret: kind !== "identifier", kind, recorded };
}

const ASKED = {
  "identifier": ["username", "Username"],
  "password": ["password", "Password"],
  "api-key": ["api_key", "API key"],
} as const;

/** The requests that carry what the user types. */
interface DirectTraffic {
  readonly recording: Recording;
  readonly requests: readonly Message[];
}

/** A flow without requests: what the user types is the credential. */
export function directFlow(
  { recording, requests }: DirectTraffic,
  inputs: readonly Input[],
  result: ResultTemplate,
  place: string,
  from: string,
): Analysis {
  const first = requests[0]!;
  const flow: LoginFlow = {
    inputs,
    generated: [],
    steps: [],
    result,
    refresh: null,
    hosts: [...new Set(requests.map(({ url }) => hostPort(url)))],
    apiOrigins: [...new Set(requests.map(({ url }) => url.origin))],
    ...probesOf(chooseProbes({ requests }, inputs, [], recording.messages)),
  };
  const where = `${first.trace.id} ${first.method} ${first.url.pathname} ${place}`;
  return { kind: "flow", flow, values: [{ where, from, kind: "computed" }] };
}
