/**
 * A token that no login obtained: typed, or taken from a recording. It is tried before it is stored, and it
 * takes the place of a better one only if the user says so.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import type { Home } from "../store/home.ts";
import { accountName } from "../store/account.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import type { ProbeVerdict } from "../token/probe.ts";
import type { ProbeRequest } from "../token/probe_request.ts";
import { hasConsent } from "../token/consent.ts";
import { removeLoginName } from "../token/login_name.ts";
import { readAuthScript } from "../token/script_file.ts";
import { hasRefresher } from "../token/refresh.ts";
import { readRefreshMemory } from "../token/refresh_memory.ts";
import { registerToken } from "../token/secrets.ts";
import { readSigns, writeSigns } from "../token/session_signs.ts";
import { readToken, requireTokenStore, storeNewToken } from "../token/token_file.ts";
import { isAlive, type TokenState } from "../token/token_state.ts";
import { probeLogin, probesIn } from "./probe_login.ts";
import { analysisOf } from "./recorded_analysis.ts";
import { probesOf } from "./recorded_probe.ts";

export interface GivenToken {
  readonly app: string;
  readonly token: TokenState;
  /** `recording`: nobody vouches for it. The user's word is not a trial, either, where the stored one had one. */
  readonly source: "user" | "recording";
  /** The user's word, given beforehand, that it is stored whatever the trial says and whatever it replaces. */
  readonly yes: boolean;
}

export interface KeptToken {
  /** What recorded requests, sent with and without the token, say about it. */
  readonly probe: ProbeVerdict;
  readonly stored: StoredParts;
}

/** What a stored token consists of, by name. */
export interface StoredParts {
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly query_params: readonly string[];
  readonly body_params: readonly string[];
  readonly refresh_token: boolean;
  /** Where it may be sent. */
  readonly origins: readonly string[];
}

/**
 * @throws {AppError} `AUTH_REFUSED` when the site does not take the token; `CONSENT_NEEDED` when a better one
 * is stored and the user did not agree. Nothing is stored then.
 */
export async function keepGivenToken(
  ctx: Context,
  home: Home,
  { app, token: given, source, yes }: GivenToken,
): Promise<KeptToken> {
  await requireTokenStore(ctx);
  const probes = await probesFor(home, app);
  registerToken(ctx.redactor, given);
  const { verdict, token, signs } = await probeLogin(ctx, given, probes);
  registerToken(ctx.redactor, token);
  if (verdict === "failed" && !yes) throw notTaken(app);
  const before = await storedToken(ctx, home, app);
  const worse = before === null ? null : whyWorse(
    before,
    token,
    verdict === "confirmed" || source === "user" && !before.wasTaken,
    ctx.clock.nowMs(),
  );
  if (worse !== null && !yes) await askToReplace(ctx, app, worse);
  // How the site answers the stored session is known still where that one stays.
  if (verdict !== "failed") await writeSigns(home, app, signs);
  await storeNewToken(ctx, home, app, token);
  // Whose session this is, nobody said.
  await removeLoginName(home, app);
  return { probe: verdict, stored: partsOf(token) };
}

/** Of the login's record, else of the recording itself. */
async function probesFor(home: Home, app: string): Promise<readonly ProbeRequest[]> {
  const record = await readAuthRecord(home, app);
  if (record?.probe != null) return probesIn(record);
  // The recording knows the recorded place alone.
  if (accountName(app).environment !== null) return [];
  try {
    const { analysis, traces } = analysisOf(home, app);
    if (analysis.kind !== "flow" && analysis.kind !== "draft") return [];
    const { probe, moreProbes } = probesOf(analysis.flow, traces);
    return probe === null ? [] : [probe, ...moreProbes];
  } catch (error) {
    // An app without captures has nothing to try.
    if (error instanceof AppError && error.code !== "INTERRUPTED") return [];
    throw error;
  }
}

interface StoredToken {
  readonly token: TokenState;
  readonly isAlive: boolean;
  /** Where it is renewed: that it has ended until then is not a loss. */
  readonly renewal: "by itself" | "once agreed" | null;
  /** The site was seen to take it. */
  readonly wasTaken: boolean;
}

async function storedToken(ctx: Context, home: Home, app: string): Promise<StoredToken | null> {
  const token = await readToken(home, app);
  if (token === null) return null;
  const renewal = await renewalOf(home, app, token);
  const wasTaken = (await readSigns(home, app)).length > 0;
  return { token, isAlive: isAlive(token, ctx.clock.nowMs()), renewal, wasTaken };
}

async function renewalOf(
  home: Home,
  app: string,
  token: TokenState,
): Promise<StoredToken["renewal"]> {
  if (token.refresh_token === null || !await hasRefresher(home, app)) return null;
  if ((await readRefreshMemory(home, app, token))?.isFinal) return null;
  const [record, script] = [await readAuthRecord(home, app), await readAuthScript(home, app)];
  const isAgreed = record !== null && script !== null && hasConsent(record, script);
  return isAgreed ? "by itself" : "once agreed";
}

/** What is wrong with putting the token in the place of the stored one; `null` when nothing is. */
function whyWorse(
  before: StoredToken,
  token: TokenState,
  isVouchedFor: boolean,
  nowMs: number,
): string | null {
  if (!before.isAlive && before.renewal === null) return null;
  const has = `has a token that ${
    before.isAlive
      ? "is valid"
      : before.renewal === "by itself"
      ? "renews itself"
      : "can be renewed once you agree to the hosts of the login script"
  }`;
  if (!isAlive(token, nowMs)) return `${has}: this one has ended, and the stored one has not`;
  if (before.token.refresh_token !== null && token.refresh_token === null) {
    return `${has}: the stored one can be refreshed, and this one cannot`;
  }
  const [stays, ends] = [before.token.expires_at, token.expires_at];
  if (token.refresh_token === null && stays !== null && ends !== null && ends < stays) {
    const [until, only] = [stays, ends].map((sec) => new Date(sec * 1000).toISOString());
    return `${has} until ${until}: this one ends at ${only}`;
  }
  return isVouchedFor ? null : `${has}: it is not known whether the site still takes this one`;
}

async function askToReplace(ctx: Context, app: string, why: string): Promise<void> {
  const question = `"${app}" ${why}`;
  if (ctx.term.interactive && await ctx.term.confirm(`${question}. Replace it?`)) return;
  throw new AppError("CONSENT_NEEDED", `${question}; nothing was stored`, {
    hint: "With --yes it is replaced all the same",
  });
}

function notTaken(app: string): AppError {
  return new AppError(
    "AUTH_REFUSED",
    `"${app}" does not take these credentials; nothing was stored`,
    {
      hint: `Log in: keysmith auth login ${app}; with --yes they are stored all the same`,
      details: { reason: "probe" },
    },
  );
}

function partsOf(token: TokenState): StoredParts {
  const headers = Object.entries(token.headers);
  const isCookie = ([name]: readonly [string, string]) => name.toLowerCase() === "cookie";
  return {
    headers: headers.filter((header) => !isCookie(header)).map(([name]) => name),
    cookies: headers.filter(isCookie)
      .flatMap(([, value]) => parseCookieHeader(value).map(([name]) => name)),
    query_params: Object.keys(token.query_params),
    body_params: Object.keys(token.body_params),
    refresh_token: token.refresh_token !== null,
    origins: token.origins,
  };
}
