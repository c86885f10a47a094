/**
 * Requests with an access token that is bound to a key (DPoP, RFC 9449 section 7): each carries a proof of
 * its own, made for its method, its address and the token. A refusal that hands out a nonce is followed by
 * one more request with it (section 9); the server has not carried the first one out.
 */
import * as oauth from "oauth4webapi";
import { parseChallenges } from "../http/challenge.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue, headerValues } from "../http/headers.ts";
import { dpopHandle, type ProofKey } from "./oauth/proof_key.ts";

export interface BoundToken {
  readonly value: string;
  readonly key: ProofKey;
}

export interface RequestSigner {
  readonly sign: (request: HttpRequest) => Promise<HttpRequest>;
  /** The request for a second try, or `null` where the refusal gives no reason for one. */
  readonly resign: (request: HttpRequest, response: HttpResponse) => Promise<HttpRequest | null>;
}

export async function proofSigner({ value, key }: BoundToken): Promise<RequestSigner> {
  const handle = await handleOf(key);
  const sign = async (request: HttpRequest) => {
    const proof = await proofFor(handle, value, request, new Headers());
    const others = request.headers.filter(([name]) => name.toLowerCase() !== "dpop");
    return { ...request, headers: [...others, ["DPoP", proof] as const] };
  };
  return {
    sign,
    resign: async (request, response) => {
      const nonce = headerValue(response.headers, "dpop-nonce");
      if (nonce === undefined || !wantsNonce(response)) return null;
      await proofFor(handle, value, request, new Headers({ "DPoP-Nonce": nonce }));
      return await sign(request);
    },
  };
}

/** Keys in use at once, at most: one for each login of a service. */
const MAX_HANDLES = 64;
const handles = new Map<string, Promise<oauth.DPoPHandle>>();

/** The same for each call of a process: a nonce that one was handed is good for the next (section 8.2). */
function handleOf(key: ProofKey): Promise<oauth.DPoPHandle> {
  const id = `${key.x} ${key.y}`;
  const known = handles.get(id) ?? dpopHandle({ client_id: "" }, key);
  handles.delete(id);
  handles.set(id, known);
  if (handles.size > MAX_HANDLES) handles.delete(handles.keys().next().value!);
  return known;
}

function wantsNonce({ status, headers }: HttpResponse): boolean {
  const challenges = parseChallenges(headerValues(headers, "www-authenticate").join(", "));
  return status === 401 &&
    challenges.some(({ scheme, params }) =>
      scheme === "dpop" && params["error"] === "use_dpop_nonce"
    );
}

/**
 * The proof that the library would send, taken from it before anything is sent. It keeps the nonce of the
 * answer it is given for the next one.
 */
async function proofFor(
  DPoP: oauth.DPoPHandle,
  token: string,
  { method, url }: HttpRequest,
  answered: Headers,
): Promise<string> {
  let proof = "";
  await oauth.protectedResourceRequest(token, method, new URL(url), undefined, undefined, {
    DPoP,
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (_url, { headers }) => {
      proof = new Headers(headers).get("dpop") ?? "";
      return Promise.resolve(new Response(null, { headers: answered }));
    },
  });
  return proof;
}
