/** A placement as the credentials of one request, ready to be sent. */
import { AwsV4Signer } from "aws4fetch";
import type { JsonValue } from "../base/json.ts";
import type { ComputedCredential } from "../http/computed_credential.ts";
import type { HeaderList, HttpRequest } from "../http/exchange.ts";
import { requireUsable } from "./certificate_probe.ts";
import { certificateClient } from "./client_certificate.ts";
import type { AwsKeys, Placement } from "./credential.ts";
import { proofSigner, type RequestSigner } from "./request_proof.ts";

export interface AppliedCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query_params: Readonly<Record<string, string>>;
  readonly body_params: Readonly<Record<string, JsonValue>>;
  readonly computed: readonly ComputedCredential[];
  readonly sign?: (request: HttpRequest) => Promise<HttpRequest>;
  readonly resign?: RequestSigner["resign"];
  /** To be closed by the caller. */
  readonly client?: Deno.HttpClient;
}

/**
 * @param nowMs For the date of an AWS signature.
 * @throws {Misfit} for a certificate that cannot be used.
 */
export async function applyPlacement(
  placement: Placement,
  nowMs: () => number,
): Promise<AppliedCredentials> {
  const { headers, cookies, query, body, computed, certificate, aws, bound } = placement;
  if (certificate !== null) await requireUsable(certificate);
  return {
    headers: withCookies(headers, cookies),
    query_params: query,
    body_params: body,
    computed,
    ...(aws === null ? {} : { sign: (request: HttpRequest) => signAws(request, aws, nowMs()) }),
    ...(bound === null ? {} : await proofSigner(bound)),
    ...(certificate === null ? {} : { client: certificateClient(certificate) }),
  };
}

/** Cookies of schemes beside those an app's token brings in its `Cookie` header. */
function withCookies(
  headers: Readonly<Record<string, string>>,
  cookies: Readonly<Record<string, string>>,
): Record<string, string> {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  if (pairs.length === 0) return { ...headers };
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "cookie") ?? "Cookie";
  const earlier = headers[name];
  return { ...headers, [name]: [...(earlier === undefined ? [] : [earlier]), ...pairs].join("; ") };
}

/** AWS Signature Version 4 over the request as it goes out. */
async function signAws(request: HttpRequest, keys: AwsKeys, nowMs: number): Promise<HttpRequest> {
  const signer = new AwsV4Signer({
    method: request.method,
    url: request.url,
    headers: request.headers.map(([name, value]): [string, string] => [name, value]),
    body: request.body as Uint8Array<ArrayBuffer> | null,
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    ...(keys.sessionToken === null ? {} : { sessionToken: keys.sessionToken }),
    ...(keys.region === null ? {} : { region: keys.region }),
    ...(keys.service === null ? {} : { service: keys.service }),
    datetime: new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, ""),
  });
  const signed = await signer.sign();
  return {
    ...request,
    url: signed.url.href,
    headers: [...signed.headers].filter(([name]) => name !== "host") as HeaderList,
  };
}
