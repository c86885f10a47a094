/**
 * Requests that keep a page going rather than do something for its user: the polling of socket libraries, signs
 * of life, translations and looks of the page. A person would look for no tool behind them.
 */
import { words } from "../../http/vocabulary.ts";
import type { Sample } from "./sample.ts";

/** Folders of socket libraries: Socket.IO, Engine.IO, SockJS, SignalR, CometD, Faye, Action Cable. */
const SOCKET_FOLDER =
  /^(socket\.io|engine\.io|sockjs(-node)?|signalr|cometd|faye|bayeux|cable|primus|atmosphere|__webpack_hmr)$/i;
/** How their requests end (SockJS protocol section "Transports"; SignalR transport protocol). */
const SOCKET_END = /^(xhr|xhr_send|xhr_streaming|jsonp_send|htmlfile|iframe\.html)$/i;

const SIGN_OF_LIFE = /^(heart ?beats?|keep ?alive|ping|still ?alive|idle ?check|presence ?ping)$/;
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
  if (call !== null) return SIGN_OF_LIFE.test(words(call.name));
  if (SIGN_OF_LIFE.test(last) || PRESENTATION.test(last)) return true;
  return method === "GET" &&
    route.slice(0, -1).some((segment) => TRANSLATIONS.test(words(segment)));
}

/** Engine.IO names its version and its transport in every request, wherever it is mounted. */
function isSocketQuery({ query }: Sample): boolean {
  const names = query.map(([name]) => name);
  return names.includes("EIO") && names.includes("transport");
}
