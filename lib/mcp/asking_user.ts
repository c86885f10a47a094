/** A result that asks the user something through the client: the call is made again with the answer. */
import type { InputRequest, InputRequiredResult } from "@modelcontextprotocol/server";

type Form = Extract<InputRequest["params"], { readonly requestedSchema: unknown }>;

/** Of an address the library makes the id that older revisions want. */
export type UserQuestion =
  | Form
  | { readonly mode: "url"; readonly message: string; readonly url: string };

/** As the library has it, for each revision in its own way: a literal, so that it need not be loaded. */
export function askingUser(key: string, params: UserQuestion): InputRequiredResult {
  const request = { method: "elicitation/create", params } as InputRequest;
  return { resultType: "input_required", inputRequests: { [key]: request } };
}
