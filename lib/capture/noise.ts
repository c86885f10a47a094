/** Exchanges that take no part in analysis: trackers, static assets, preflights. */
import type { Exchange, HeaderList, HttpRequest, NoiseReason } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { isPaddedJson } from "../http/jsonp.ts";
import { parseUrl } from "../http/url.ts";
import { OWN_HOST_TRACKER_PATH, TRACKER_HOSTS, TRACKER_PATHS } from "./tracker_hosts.ts";

const ASSET_TYPE =
  /^(?:image|font|audio|video)\/|^text\/(?:css|javascript|vtt)$|^application\/(?:x-)?(?:javascript|ecmascript|font-\w+|wasm|manifest\+json)$|^application\/(?:vnd\.ms-fontobject|vnd\.apple\.mpegurl)$/;
const ASSET_ENDING =
  /\.(?:css|js|mjs|map|png|jpe?g|gif|webp|avif|svg|ico|bmp|woff2?|ttf|otf|eot|mp3|mp4|m4a|ogg|wav|webm|mov|m3u8|wasm|webmanifest)$/i;
/** What a server says of a file it does not know. */
const VAGUE_TYPES = new Set(["", "application/octet-stream", "binary/octet-stream", "text/plain"]);

export function noiseReason(exchange: Exchange): NoiseReason | null {
  if (isPreflight(exchange.request)) return "preflight";
  if (headerValue(exchange.request.headers, "sec-websocket-key") !== undefined) return "web-socket";
  const url = parseUrl(exchange.request.url);
  if (url === null) return null;
  if (isTracker(exchange.request, url)) return "tracker";
  return isStaticAsset(exchange, url) && !isPaddedJson(exchange) ? "static-asset" : null;
}

/** The request a browser sends to ask whether it may send the real one (Fetch standard, CORS-preflight). */
function isPreflight(request: HttpRequest): boolean {
  return request.method === "OPTIONS" &&
    headerValue(request.headers, "access-control-request-method") !== undefined;
}

function isTracker(request: HttpRequest, url: URL): boolean {
  if (OWN_HOST_TRACKER_PATH.test(url.pathname)) return true;
  const hosts = hostAndParents(url.hostname);
  if (TRACKER_PATHS.some(({ host, path }) => hosts.includes(host) && path.test(url.pathname))) {
    return true;
  }
  const tracker = hosts.find((host) => TRACKER_HOSTS.has(host));
  return tracker !== undefined && !isVisited(request, tracker);
}

/** True when the user was on the tracker's own site: the recording may be of its dashboard. */
function isVisited(request: HttpRequest, tracker: string): boolean {
  if (headerValue(request.headers, "sec-fetch-dest") === "document") return true;
  return ["referer", "origin"].some((name) => {
    const page = parseUrl(headerValue(request.headers, name) ?? "");
    return page !== null && hostAndParents(page.hostname).includes(tracker);
  });
}

/** `a.b.example.com`, `b.example.com`, `example.com`, `com`. */
function hostAndParents(hostname: string): string[] {
  const labels = hostname.split(".");
  return labels.map((_, first) => labels.slice(first).join("."));
}

/** An asset that sets a cookie is more than an asset: a login may begin with it. */
function isStaticAsset({ request, response }: Exchange, url: URL): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const headers: HeaderList = response?.headers ?? [];
  if (headerValue(headers, "set-cookie") !== undefined) return false;
  const type = mediaType(headers);
  return VAGUE_TYPES.has(type) ? ASSET_ENDING.test(url.pathname) : ASSET_TYPE.test(type);
}
