/**
 * Requests that keep a page going rather than do something for its user: the polling of socket libraries, signs
 * of life, translations and looks of the page. A person would look for no tool behind them.
 */
import { isRecord } from "../../base/json.ts";
import { words } from "../../http/vocabulary.ts";
import type { Sample } from "./sample.ts";

/** Folders of socket libraries: Socket.IO, Engine.IO, SockJS, SignalR, CometD, Faye, Action Cable, Message Bus. */
const SOCKET_FOLDER =
  /^(socket\.io|engine\.io|sockjs(-node)?|signalr|cometd|faye|bayeux|cable|primus|atmosphere|message-bus|__webpack_hmr)$/i;
/** How their requests end (SockJS protocol section "Transports"; SignalR transport protocol). */
const SOCKET_END = /^(xhr|xhr_send|xhr_streaming|jsonp_send|htmlfile|iframe\.html)$/i;

const SIGN_OF_LIFE =
  /^(heart ?beats?|keep ?alive|ping|alive|still ?alive|idle ?check|presence ?ping)$/;
/** Asked again and again for what is new (RFC 6202 section 2): named so, or a poll with the place it goes on from. */
const LONG_POLL = /^(long ?poll(ing)?|lp ?poll)$/;
const GOES_ON =
  /^(since|after|ts|cursor|timeout|wait|seq|offset|last ?(event|message|seen)? ?(id|ts))$/;
/** What the page says and how it looks, by the last word of its path. */
const PRESENTATION = /^(locale|locales|i18n|l10n|theme|color ?scheme|dark ?mode)$/;
/** Folders of translations: what is read from them is text of the page. */
const TRANSLATIONS = /^(i18n|l10n|locales|translations)$/;

export function isTransport(sample: Sample): boolean {
  const { segments, call, method } = sample;
  const route = segments.filter((segment) => segment !== "");
  const last = words((route.at(-1) ?? "").replace(/\.[a-z]{2,4}$/i, ""));
  if (route.some((segment) => SOCKET_FOLDER.test(segment))) return true;
  if (SOCKET_END.test(route.at(-1) ?? "") && route.length >= 3) return true;
  if (isSocketQuery(sample)) return true;
  if (call !== null) return SIGN_OF_LIFE.test(words(call.name.split(/[./:]/).at(-1) ?? ""));
  if (SIGN_OF_LIFE.test(last) || PRESENTATION.test(last) || isPoll(sample, last)) return true;
  if (route.some((segment) => LONG_POLL.test(words(segment)))) return true;
  if (last === "translations" && isDictionary(sample)) return true;
  return method === "GET" &&
    route.slice(0, -1).some((segment) => TRANSLATIONS.test(words(segment)));
}

/** Engine.IO and SignalR name their version in requests, wherever they are mounted. */
function isSocketQuery({ query, segments }: Sample): boolean {
  const names = query.map(([name]) => name);
  return names.includes("EIO") && names.includes("transport") ||
    names.includes("negotiateVersion") && segments.at(-1) === "negotiate";
}

function isPoll({ query }: Sample, last: string): boolean {
  return /^poll(ing)?$/.test(last) && query.some(([name]) => GOES_ON.test(words(name)));
}

/** Texts of the page by their keys, and nothing else. */
function isDictionary({ answer, method }: Sample): boolean {
  return method === "GET" && answer.kind === "json" && isRecord(answer.value) &&
    hasTexts(answer.value);
}

function hasTexts(value: unknown, depth = 4): boolean {
  if (typeof value === "string") return true;
  return depth > 0 && isRecord(value) &&
    Object.values(value).every((one) => hasTexts(one, depth - 1));
}
