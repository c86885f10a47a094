/** Functions of a script whose requests prove that they have the key of the login (DPoP, RFC 9449). */
export const PROOF_SNIPPETS: readonly string[] = [
  `/** How keys of an algorithm are made and used (RFC 7518 section 3.1). */
function proof_algorithm(alg: string) {
  const [kind, bits] = [alg.slice(0, 2), alg.slice(2)];
  if (kind === "ES") return { name: "ECDSA", namedCurve: \`P-\${bits}\`, hash: \`SHA-\${bits}\` };
  const name = kind === "PS" ? "RSA-PSS" : "RSASSA-PKCS1-v1_5";
  const publicExponent = new Uint8Array([1, 0, 1]);
  return { name, hash: \`SHA-\${bits}\`, saltLength: 32, modulusLength: 2048, publicExponent };
}`,
  `/** The key of this login: what the site hands out is good for nothing without it. */
async function new_proof_key(alg: string): Promise<JsonWebKey> {
  const uses: KeyUsage[] = ["sign", "verify"];
  const pair = await crypto.subtle.generateKey(proof_algorithm(alg), true, uses) as CryptoKeyPair;
  return { ...await crypto.subtle.exportKey("jwk", pair.privateKey), alg };
}`,
  `/** A proof that this client has the key, for one request (RFC 9449 section 4.2). */
async function proof_of_key(
  key: JsonWebKey,
  { method, url, token, nonce }: { method: string; url: string; token?: string; nonce?: string },
): Promise<string> {
  const { alg = "", kty, crv, x, y, n, e } = key;
  const { origin, pathname } = new URL(url);
  const hash = (text: string) => crypto.subtle.digest("SHA-256", bytes_of(text));
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(Date.now() / 1000),
    ath: token && url_safe(base64_bytes(new Uint8Array(await hash(token)))),
    nonce,
  };
  const header = { typ: "dpop+jwt", alg, jwk: { kty, crv, x, y, n, e } };
  const signed = \`\${base64url(JSON.stringify(header))}.\${base64url(JSON.stringify(claims))}\`;
  const algorithm = proof_algorithm(alg);
  const signer = await crypto.subtle.importKey("jwk", key, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign(algorithm, signer, bytes_of(signed));
  return \`\${signed}.\${url_safe(base64_bytes(new Uint8Array(signature)))}\`;
}`,
  `/** Requests with a proof each; one that is refused for its nonce is made once more with the one handed out (section 8). */
function proof_session(session: CookieSession, key: JsonWebKey) {
  const nonces = new Map<string, string>();
  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { method = "GET", headers } = init;
    const { origin } = new URL(url);
    const token = /^DPoP +(.+)/i.exec(new Headers(headers).get("Authorization") ?? "")?.[1];
    const send = async () => {
      const proof = await proof_of_key(key, { method, url, token, nonce: nonces.get(origin) });
      const response = await session(url, { ...init, headers: { ...headers as object, DPoP: proof } });
      const nonce = response.headers.get("DPoP-Nonce");
      if (nonce) nonces.set(origin, nonce);
      return response;
    };
    const first = await send();
    if (first.status !== 400 && first.status !== 401 || !nonces.has(origin)) return first;
    const said = (first.headers.get("WWW-Authenticate") ?? "") + await first.clone().text();
    return said.includes("use_dpop_nonce") ? await send() : first;
  };
}`,
];
