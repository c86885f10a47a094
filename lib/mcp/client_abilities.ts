/** What the client of a call can do for its user: revisions from 2026 say it with each request, older ones once. */
import type { ServerContext } from "@modelcontextprotocol/server";
import { isRecord } from "../base/json.ts";
import type { Connection } from "./connection.ts";

export interface ClientAbilities {
  /** Asks a question (form elicitation). */
  readonly canAsk: boolean;
  /** Shows an address and asks whether to open it (URL elicitation). */
  readonly opensAddresses: boolean;
}

/** The member of a request's envelope, which the library's types leave out. */
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

export function abilitiesOf(
  connection: Pick<Connection, "getClientCapabilities">,
  { envelope }: Pick<ServerContext["mcpReq"], "envelope">,
): ClientAbilities {
  const ofRequest = (envelope as Readonly<Record<string, unknown>> | undefined)?.[CAPABILITIES];
  const capabilities: unknown = ofRequest ?? connection.getClientCapabilities();
  const elicitation = isRecord(capabilities) ? capabilities.elicitation : undefined;
  if (!isRecord(elicitation)) return { canAsk: false, opensAddresses: false };
  const opensAddresses = isRecord(elicitation.url);
  // An empty object is a client of before there was a choice: it has forms.
  return { canAsk: isRecord(elicitation.form) || !opensAddresses, opensAddresses };
}
