/**
 * Whether an answer was made for one reader though nobody had logged in: the address says who comes (an invitation, a
 * link to reset a password), or the page greets somebody or lets somebody log out.
 */
import { answerText } from "../http/answer_text.ts";
import { parseBody } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { isOpaque } from "../http/opaque.ts";
import { greetedIn } from "../http/page_people.ts";
import { readHtml } from "../http/read_html.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import {
  isClientsName,
  isIdentifierName,
  isLogoutPath,
  isPerRequestName,
  ownerOf,
  words,
} from "../http/vocabulary.ts";
import { isHarmless } from "./vocabulary.ts";

/** Such a link is sent to one person. What follows the word says to whom, however short it is. */
const SENT_TO_ONE =
  /\b(?:invit\w*|join|reset|recover\w*|activat\w*|verif\w*|confirm\w*|magic|unsubscribe|onboard\w*|einladung)$/;
/** Parameters that say which client asks, and for what, whoever sits at it (OAuth, OpenID Connect, SAML, advertising). */
const OF_CLIENTS =
  /\b(?:client|challenge|saml\w*|relay|request|scope|redirect\w*|return\w*|v|ver|version|build|hash|utm|\w*clid)\b/;
/** Of a link or a button. In UTF-16 units. */
const MAX_LINK_TEXT = 40;

/** @param before the traces of the capture that come first */
export function knowsReader(trace: Trace, before: readonly Trace[]): boolean {
  if (trace.noise !== null || trace.response === null) return false;
  const body = parseBody(trace.response.headers, trace.response.body);
  return addressesOne(trace.request.url, before) || body.kind === "html" && isForOne(body.text);
}

function addressesOne(address: string, before: readonly Trace[]): boolean {
  const url = parseUrl(address);
  if (url === null) return false;
  const wasSaid = (value: string) =>
    before.findLast(({ response }) => response !== null && answerText(response).includes(value)) !==
      undefined;
  // As it stands in an address, and as it is meant.
  const isLed = (value: string) => wasSaid(value) || wasSaid(encodeURIComponent(value));
  const tells = (value: string) => /\S@\S/.test(value) || isOpaque(value) && !isLed(value);
  const segments = pathSegments(url);
  return segments.some((part, index) =>
    tells(part) || SENT_TO_ONE.test(words(segments[index - 1] ?? "")) && !isHarmless(part)
  ) || queryPairs(url).some(([name, value]) =>
    saysWho(name, value) || tells(value) && isFree(name)
  );
}

function saysWho(name: string, value: string): boolean {
  return value !== "" && !isHarmless(value) &&
    (isIdentifierName(name) || ownerOf(name) === "person" || words(name) === "login hint");
}

/** Not one of those a client makes up, or is known by. */
function isFree(name: string): boolean {
  return !OF_CLIENTS.test(words(name)) && !isClientsName(name) && !isPerRequestName(name);
}

function isForOne(html: string): boolean {
  return greetedIn(html).some((name) => !isHarmless(name)) || canLogOut(html);
}

/** A link, form or button that leads out of a session, or says so. */
function canLogOut(html: string): boolean {
  let isFound = false;
  let inLink = "";
  const leadsOut = (address: string | undefined) =>
    isLogoutPath(parseUrl(address ?? "", "https://site.invalid")?.pathname ?? "");
  readHtml(html, {
    onopentag(tag, { href, action, formaction }) {
      if (tag === "a" || tag === "button") inLink = tag;
      if (tag !== "link") isFound ||= [href, action, formaction].some(leadsOut);
    },
    ontext(text) {
      isFound ||= inLink !== "" && text.length <= MAX_LINK_TEXT && isLogoutPath(text);
    },
    onclosetag(tag) {
      if (tag === inLink) inLink = "";
    },
  });
  return isFound;
}
