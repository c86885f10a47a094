/** The loopback server of a replay: turns network requests into calls of a handler and back. */
import type { HeaderList, HttpRequest, HttpResponse } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { REPLAY_URL_HEADER } from "../sandbox/replay_header.ts";

/** Status codes whose answers have no body (Fetch standard, "null body status"). */
const NULL_BODY_STATUS = new Set([101, 103, 204, 205, 304]);

/** No login sends more; judging more would cost the prover what the sandbox denies the script. */
const MAX_REQUEST_BYTES = 2 * 1024 * 1024;

export interface ReplayServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 until it is closed. Requests are handled one at a time, in order of arrival.
 * What the handler throws is a bug: the client gets a 500, and `close` throws it again.
 */
export function startReplayServer(
  handle: (request: HttpRequest) => HttpResponse,
): ReplayServer {
  const thrown: unknown[] = [];
  const onError = (error: unknown) => {
    thrown.push(error);
    return new Response("The replay broke", { status: 500 });
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError },
    async (request) => {
      const url = parseUrl(request.headers.get(REPLAY_URL_HEADER) ?? "");
      if (url === null) return new Response("No replay URL", { status: 400 });
      const body = new Uint8Array(await request.arrayBuffer());
      if (body.length > MAX_REQUEST_BYTES) return new Response("Too large", { status: 413 });
      const answer = handle({
        method: request.method,
        url: url.href,
        headers: [...request.headers].filter(([name]) => name !== REPLAY_URL_HEADER),
        body: body.length === 0 ? null : body,
      });
      return toResponse(answer, request.method);
    },
  );
  // It ends where the system gives it no more connections: too many files are open.
  server.finished.catch((error) => thrown.push(error));
  const close = async () => {
    await server.shutdown();
    if (thrown.length > 0) throw thrown[0];
  };
  return { port: server.addr.port, close };
}

function toResponse(answer: HttpResponse, method: string): Response {
  const status = playableStatus(answer.status);
  const hasBody = !NULL_BODY_STATUS.has(status) && method !== "HEAD" && answer.body !== null;
  return new Response(hasBody ? new Uint8Array(answer.body!) : null, {
    status,
    headers: playableHeaders(answer.headers),
  });
}

/** 304 answers a question the script did not ask; other codes outside 200–599 cannot be sent. */
function playableStatus(status: number): number {
  return status === 304 || status < 200 || status > 599 ? 200 : status;
}

function playableHeaders(headers: HeaderList): Headers {
  const playable = new Headers();
  for (const [name, value] of headers) {
    try {
      playable.append(name, byteString(value));
    } catch {
      // A recorded header that HTTP does not allow never reached the browser's scripts either.
    }
  }
  return playable;
}

/** Text beyond Latin-1 goes as UTF-8 bytes, one character each. */
function byteString(value: string): string {
  if (!/[^\0-\xff]/.test(value)) return value;
  return String.fromCharCode(...new TextEncoder().encode(value));
}
