/** A recorded safe request that carries the credentials, to be sent again to see whether they are good. */
import type { HeaderList } from "../http/exchange.ts";
import { field, isListOf, isString, objectOf, textFields } from "./fields.ts";

export interface ProbeRequest {
  readonly method: string;
  /** Without credentials. */
  readonly url: string;
  /** What the recorded request carried beside the credentials: application ids, `Accept`. */
  readonly headers?: HeaderList;
  /** Names of query parameters in which the recorded request carried credentials; absent: unknown, all. */
  readonly credentialQuery?: readonly string[];
}

/** @throws {TypeError} naming the member that is not as it should be. */
export function validateProbe(value: unknown, what = `"probe"`): ProbeRequest {
  const fields = objectOf(value, ["method", "url", "headers", "credentialQuery"], what);
  const { headers, credentialQuery } = fields;
  return {
    ...textFields(fields, ["method", "url"]),
    ...(headers === undefined
      ? {}
      : { headers: field(fields, "headers", isListOf(isPair), "a list of pairs") }),
    ...(credentialQuery === undefined ? {} : {
      credentialQuery: field(fields, "credentialQuery", isListOf(isString), "a list of names"),
    }),
  };
}

function isPair(value: unknown): value is [string, string] {
  return isListOf(isString)(value) && value.length === 2;
}
