/**
 * Client certificates are tried in a child process before the program's own TLS library gets them: what that
 * library cannot use ends the process (`Deno.createHttpClient` of 2.8.3 panics in ext/tls with "invalid client
 * key or certificate", for one on a certificate of X.509 version 1), and the server of an agent must not end
 * for a file that somebody configured.
 */
import { createHash } from "node:crypto";
import { isRecord, parseJson } from "../base/json.ts";
import { runOwnChild } from "../store/own_child.ts";
import { certificateClient, checkCertificate } from "./client_certificate.ts";
import type { ClientCertificate } from "./credential.ts";
import { Misfit } from "./fit.ts";

/** The hidden mode of the program in which it is the child. */
const PROBE_MODE = "--keysmith-probe";

/** The start of the program and one look at a certificate; a busy machine takes seconds for it. */
const TIMEOUT_MS = 30_000;

/** What the child makes of a certificate: `null` when it can be used. */
type Verdict = string | null;

/** Of this process, by the digest of certificate, key and authority. */
const verdicts = new Map<string, Promise<Verdict>>();

/** @throws {Misfit} for a certificate that cannot be used, saying why. Each is tried once per process. */
export async function requireUsable(certificate: ClientCertificate): Promise<void> {
  checkCertificate(certificate);
  const text = JSON.stringify(certificate);
  const digest = createHash("sha256").update(text).digest("hex");
  const known = verdicts.get(digest) ?? askChild(text);
  verdicts.set(digest, known);
  // What kept the child from starting may be over at the next call.
  known.catch(() => verdicts.delete(digest));
  const verdict = await known;
  if (verdict !== null) throw new Misfit(verdict);
}

/** The child's side: reads a certificate from stdin, and says on stdout what became of it. */
export async function probeCertificate(): Promise<void> {
  const certificate = JSON.parse(await new Response(Deno.stdin.readable).text());
  console.log(JSON.stringify({ verdict: verdictOn(certificate) }));
}

function verdictOn(certificate: ClientCertificate): Verdict {
  try {
    certificateClient(certificate).close();
    return null;
  } catch (error) {
    if (error instanceof Misfit) return error.message;
    return `the client certificate or its authority cannot be used for TLS: ${String(error)}`;
  }
}

async function askChild(input: string): Promise<Verdict> {
  const { stdout, stderr } = await runOwnChild({ mode: PROBE_MODE, input, timeoutMs: TIMEOUT_MS });
  const answer = parseJson(stdout);
  const isVerdict = isRecord(answer) &&
    (answer.verdict === null || typeof answer.verdict === "string");
  return isVerdict ? answer.verdict as Verdict : reasonOf(stderr);
}

/** Of a child that ended without an answer. Its last words are of the TLS library and quote nothing of the files. */
function reasonOf(stderr: string): string {
  const reason = /invalid client key or certificate: (.*)/.exec(stderr)?.[1];
  if (reason?.includes("UnsupportedCertVersion")) {
    return "the client certificate is of X.509 version 1, which TLS libraries of today refuse; " +
      "have it issued with version 3, as `openssl x509 -req -extfile FILE` does";
  }
  return reason === undefined
    ? "the client certificate cannot be used: the TLS library ended in trying it"
    : `the client certificate cannot be used for TLS: ${reason}`;
}
