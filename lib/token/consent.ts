/**
 * The user's word that a script may run live. It is good for exactly one script and for no more hosts
 * than were shown.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import { hostPort, isLoopbackHost, parseUrl } from "../http/url.ts";
import { accountName } from "../store/account.ts";
import type { Home } from "../store/home.ts";
import { type AuthRecord, updateAuthRecord } from "./auth_file.ts";
import type { AuthScript } from "./script_file.ts";

/** True when the user has agreed to this script and to all of these hosts. */
export function hasConsent(record: AuthRecord, script: Pick<AuthScript, "sha256">): boolean {
  const { consent, hosts } = record;
  return consent !== null && consent.scriptSha256 === script.sha256 &&
    hosts.every((host) => consent.hosts.includes(host));
}

/** @throws {AppError} `CONSENT_NEEDED`. */
export function requireConsent(app: string, record: AuthRecord, script: AuthScript): void {
  if (!hasConsent(record, script)) throw consentNeeded(app, record, script);
}

export interface ConsentQuestion {
  readonly record: AuthRecord;
  readonly script: AuthScript;
  /** The user's word, given beforehand. */
  readonly yes: boolean;
  /** What the user was shown before, and began. */
  readonly begun?: ShownScript | undefined;
}

export interface ShownScript {
  readonly scriptSha256: string;
  /** `host:port` of what it may reach. */
  readonly hosts: readonly string[];
}

/** Where plain http is allowed, a host alone does not say all there is to agree to. */
function isWhatWasShown(
  { record, script, begun }: ConsentQuestion,
  plainHttp: boolean,
): boolean {
  return begun !== undefined && begun.scriptSha256 === script.sha256 &&
    record.hosts.every((host) => begun.hosts.includes(host) && transportOf(host, plainHttp) === "");
}

/**
 * Shows where the script may go and what of that it names, and asks, unless the user has agreed before
 * or says so with `yes`. The answer is remembered. Answers the record as it is afterwards.
 *
 * @throws {AppError} `CONSENT_NEEDED` without a yes, `INTERRUPTED`.
 */
export async function askConsent(
  ctx: Pick<Context, "clock" | "env" | "signal" | "term">,
  home: Home,
  app: string,
  question: ConsentQuestion,
): Promise<AuthRecord> {
  const { record, script } = question;
  if (hasConsent(record, script)) return record;
  if (!isWhatWasShown(question, allowsPlainHttp(ctx))) await ask(ctx, app, question);
  const consent = {
    scriptSha256: script.sha256,
    hosts: record.hosts,
    givenAt: new Date(ctx.clock.nowMs()).toISOString(),
  };
  await updateAuthRecord(ctx, home, app, { consent });
  return { ...record, consent };
}

async function ask(
  ctx: Pick<Context, "env" | "term">,
  app: string,
  { record, script, yes }: ConsentQuestion,
): Promise<void> {
  for (const line of consentLines(app, record, script, allowsPlainHttp(ctx))) ctx.term.err(line);
  if (yes) return ctx.term.err("--yes agrees to this");
  if (!ctx.term.interactive) throw consentNeeded(app, record, script);
  const agreed = await ctx.term.confirm(`Run the login script of "${app}" against these hosts?`);
  if (!agreed) throw consentNeeded(app, record, script);
}

/** What the user agrees to, line by line. */
function consentLines(
  app: string,
  record: AuthRecord,
  script: AuthScript,
  plainHttp: boolean,
): string[] {
  const named = hostsNamed(script.source);
  return [
    `The login script of "${app}" ${reasonToAsk(app, record)}`,
    `  script: ${script.path}`,
    ...record.hosts.map((host) =>
      `  may reach ${host}${transportOf(host, plainHttp)}, which it ` +
      (named.has(host) ? "names" : "does not name")
    ),
  ];
}

/** Another account's script may have run: consent is that of the name. */
function reasonToAsk(app: string, { consent }: AuthRecord): string {
  if (consent !== null) return "or its host list has changed since you agreed to it";
  const { account, environment } = accountName(app);
  if (account !== null) {
    return "is not agreed to for this account; each account has its own consent";
  }
  return environment === null
    ? "has not run live before"
    : "is not agreed to for this environment; each environment has its own consent";
}

function transportOf(host: string, plainHttp: boolean): string {
  const isElsewhere = !isLoopbackHost(new URL(`https://${host}`).hostname);
  return plainHttp && isElsewhere ? " over plain http too" : "";
}

/** `host:port` of every URL that stands in the text of the script. A script may also build them. */
export function hostsNamed(source: string): Set<string> {
  const urls = source.match(/https?:\/\/[^\s"'`\\<>(){}|^$]+/g) ?? [];
  return new Set(urls.map((text) => parseUrl(text)).filter((url) => url !== null).map(hostPort));
}

function consentNeeded(app: string, record: AuthRecord, script: AuthScript): AppError {
  const options = record.proof?.passed ? "--yes" : "--unproven --yes";
  return new AppError(
    "CONSENT_NEEDED",
    `The login script of "${app}" may not run before you agree to the hosts it may reach: ` +
      record.hosts.join(", "),
    {
      hint: `Read ${script.path}, then: keysmith auth login ${app} ${options}`,
      details: { script: script.path, hosts: record.hosts },
    },
  );
}
