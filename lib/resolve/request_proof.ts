/**
 * Requests with an access token that is bound to a key (DPoP, RFC 9449 section 7): each carries a proof of
 * its own, made for its method, its address and the token. A refusal that hands out a nonce is followed by
 * one more request with it (section 9); the server has not carried the first one out.
 */
import * as oauth from "oauth4webapi";
import { parseChallenges } from "../http/challenge.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue, headerValues } from "../http/headers.ts";
import type { KeyCredential } from "../http/computed_credential.ts";
import { boundToken, keyThumbprint } from "../http/key_proof.ts";
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

export function proofSigner({ value, key }: BoundToken): Promise<RequestSigner> {
  return signerWith({ kind: "dpop", key }, () => value);
}

/** For the token of an app, which stands in the request; with what servers handed out to other processes. */
export function keySigner(bound: KeyCredential): Promise<RequestSigner> {
  return signerWith(bound, boundToken);
}

async function signerWith(
  { key, nonces = {} }: KeyCredential,
  tokenOf: (request: HttpRequest) => string | null,
): Promise<RequestSigner> {
  const { handle, heard } = await handleOf(key);
  const learn = async (request: HttpRequest, nonce: string) => {
    heard.add(new URL(request.url).origin);
    await proofFor(handle, "-", request, new Headers({ "DPoP-Nonce": nonce }));
  };
  const sign = async (request: HttpRequest) => {
    const value = tokenOf(request);
    if (value === null) return request;
    const { origin } = new URL(request.url);
    if (nonces[origin] !== undefined && !heard.has(origin)) await learn(request, nonces[origin]);
    const proof = await proofFor(handle, value, request, new Headers());
    const others = request.headers.filter(([name]) => name.toLowerCase() !== "dpop");
    return { ...request, headers: [...others, ["DPoP", proof] as const] };
  };
  return {
    sign,
    resign: async (request, response) => {
      const nonce = headerValue(response.headers, "dpop-nonce");
      if (nonce === undefined) return null;
      await learn(request, nonce);
      return wantsNonce(response) ? await sign(request) : null;
    },
  };
}

/** Keys in use at once, at most: one for each login of a service. */
const MAX_HANDLES = 64;
const handles = new Map<string, Promise<KeyHandle>>();

interface KeyHandle {
  readonly handle: oauth.DPoPHandle;
  /** Origins whose nonces it has. */
  readonly heard: Set<string>;
}

/** The same for each call of a process: a nonce that one was handed is good for the next (section 8.2). */
function handleOf(key: ProofKey): Promise<KeyHandle> {
  const id = keyThumbprint(key) ?? "";
  const known = handles.get(id) ?? newHandle(key);
  handles.delete(id);
  handles.set(id, known);
  if (handles.size > MAX_HANDLES) handles.delete(handles.keys().next().value!);
  return known;
}

async function newHandle(key: ProofKey): Promise<KeyHandle> {
  return { handle: await dpopHandle({ client_id: "" }, key), heard: new Set() };
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
