/**
 * Checks that only a browser with a person in front of it passes. What a check leaves behind (a clearance
 * cookie, a header that its script computes) goes with the requests of the login, and a script cannot earn it.
 */
import { headerValue } from "../http/headers.ts";
import type { Message, Recording } from "./recording.ts";

interface BotCheck {
  readonly by: string;
  /** Cookies and request headers that passing the check earns, by the vendors' documentation. */
  readonly clearance: RegExp;
  /** Header of an answer that challenges, and what stands in it. */
  readonly header?: readonly [name: string, value: RegExp];
  /** What the challenging page holds. */
  readonly page: RegExp;
}

const CHECKS: readonly BotCheck[] = [
  {
    by: "Cloudflare",
    clearance: /^(cf_clearance|__cf_bm|cf_chl_\w+)$/i,
    header: ["cf-mitigated", /challenge/i],
    page: /\/cdn-cgi\/challenge-platform\/|_cf_chl_opt|cf-browser-verification/,
  },
  {
    by: "Akamai Bot Manager",
    clearance: /^(_abck|bm_sz|bm_sv|ak_bmsc|sec_cpt)$/i,
    page: /sec-if-cpt|\/_sec\/cp_challenge|\/akam\/\d+\//,
  },
  {
    by: "DataDome",
    clearance: /^datadome$/i,
    header: ["x-datadome", /./],
    page: /captcha-delivery\.com/,
  },
  { by: "HUMAN", clearance: /^_px(3|2|hd|vid|de)?$/i, page: /px-captcha|px-cdn\.net|_pxAppId/ },
  {
    by: "AWS WAF",
    clearance: /^(aws-waf-token|x-aws-waf-token)$/i,
    header: ["x-amzn-waf-action", /challenge|captcha/i],
    page: /awswaf\.com|AwsWafIntegration|gokuProps/,
  },
  {
    by: "Imperva",
    clearance: /^(incap_ses_\w+|visid_incap_\w+|nlbi_\w+|reese84|___utmvc)$/i,
    page: /_Incapsula_Resource|Incapsula incident/,
  },
  {
    by: "Kasada",
    clearance: /^(x-kpsdk-c[td]|kp_uidz.*)$/i,
    header: ["x-kpsdk-ct", /./],
    page: /ips\.js\?.{0,500}KP_UIDz|KPSDK/,
  },
  {
    by: "Vercel",
    clearance: /^_vcrcs$/i,
    header: ["x-vercel-mitigated", /challenge/i],
    page: /Vercel Security Checkpoint/,
  },
];

/** What the page of a check says whose maker is unknown. */
const ANY_CHECK =
  /just a moment|checking your browser|are you (a )?(human|robot)|not a robot|verify(ing)? (that )?you are (a )?human|bot (check|protection|detection|challenge)|ddos protection|security (check|challenge)/i;

/** Answers that hold a request off until a check is passed. */
const HELD_OFF = new Set([202, 403, 405, 429, 503]);

/**
 * Why the login needs a browser that passed a check; `null` when nothing shows that it does.
 * @rule off: null
 */
export function botCheck(steps: readonly Message[], recording: Recording): string | null {
  const last = Math.max(...steps.map(({ index }) => index));
  const sites = new Set(steps.map(({ url }) => url.hostname));
  const challenges = recording.messages.filter((message) =>
    message.index < last && sites.has(message.url.hostname) && HELD_OFF.has(message.status)
  );
  for (const step of steps) {
    const proofsFirst = step.leaves.toSorted((a, b) => +isProof(b.name) - +isProof(a.name));
    for (const { name, place, value } of proofsFirst) {
      if (place.kind !== "cookie" && place.kind !== "header") continue;
      const check = CHECKS.find(({ clearance }) => clearance.test(name));
      const challenge = challenges.find((message) =>
        check === undefined ? ANY_CHECK.test(message.responseText) : isChallengeOf(check, message)
      );
      const isEarned = place.kind === "cookie" && isSetByNoPage(name, value, step, recording);
      if (check === undefined && (challenge === undefined || !isEarned)) continue;
      if (check !== undefined && challenge === undefined && !(isEarned && isProof(name))) continue;
      const seen = challenge === undefined ? "" : ` (${challenge.trace.id} shows its challenge)`;
      return `${step.trace.id}: the site lets in only browsers that passed ${
        check === undefined ? "a bot check" : `the bot check of ${check.by}`
      }${seen}; the clearance "${name}" is earned by a person's browser and by no script`;
    }
  }
  return null;
}

/**
 * Names that exist only after a challenge was solved; the others are given to every visitor.
 * @rule off: true
 */
function isProof(name: string): boolean {
  return /^(cf_clearance|aws-waf-token|reese84|_px3|_px2)$/i.test(name);
}

/** @rule off: false */
function isChallengeOf({ header, page }: BotCheck, message: Message): boolean {
  const value = header === undefined
    ? undefined
    : headerValue(message.trace.response?.headers ?? [], header[0]);
  return value !== undefined && header![1].test(value) || page.test(message.responseText) ||
    ANY_CHECK.test(message.responseText);
}

/**
 * A script of the page wrote it, or an answer to what the check's script reported.
 * @rule off: false
 */
function isSetByNoPage(name: string, value: string, step: Message, recording: Recording): boolean {
  const setters = recording.cookieSetters(name, value, step.index);
  return setters === null || recording.at(setters.first).method !== "GET";
}
