/** Which requests are the app's API: those that carry its credentials. */
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Message, Recording } from "./recording.ts";

/** Header credentials decide what the API is; then fields; cookies alone only where nothing else is. */
export function apiRequests(
  byHeader: readonly Message[],
  byField: readonly Message[],
  byCookie: readonly Message[],
  recording: Recording,
  span: LoginSpan,
): Message[] {
  const strong = new Set([...byHeader, ...byField]);
  const cookieData = byCookie.filter((message) => message.answersData);
  if (strong.size > 0) {
    const hosts = new Set([...strong].map((message) => message.url.hostname));
    for (const message of byHeader.length > 0 ? cookieData : byCookie) {
      if (hosts.has(message.url.hostname)) strong.add(message);
    }
    return [...strong].sort((a, b) => a.index - b.index);
  }
  const home = homeOrigin(cookieData.length > 0 ? cookieData : byCookie);
  const chosen = byCookie.filter((message) => message.origin === home);
  return chosen.length > 0 ? chosen : fallbackRequests(recording, span);
}

/**
 * A session may be bound to a cookie that was there before the login and never changed.
 * @rule off: []
 */
function fallbackRequests(recording: Recording, span: LoginSpan): Message[] {
  if (span.first < 0) return [];
  const login = recording.at(span.last);
  return recording.messages.filter((message) =>
    message.index > span.last && message.succeeded && !message.isScriptOrStyle &&
    message.url.hostname === login.url.hostname &&
    message.cookies.some(({ name }) => !isBystanderCookie(name))
  );
}

/** The origin with most of the requests; of equals the later, since identity providers come first. */
function homeOrigin(messages: readonly Message[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { url } of messages) counts.set(url.origin, (counts.get(url.origin) ?? 0) + 1);
  let best: string | undefined;
  for (const [origin, count] of counts) {
    if (best === undefined || count >= counts.get(best)!) best = origin;
  }
  return best;
}
