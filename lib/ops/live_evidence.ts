/**
 * What the first live login shows of the constants in its script. Where an answer of the site holds, at
 * the recorded place, another value than the script's constant, the constant belongs to the recorded
 * session: the flow is derived anew with the value taken from there, and proven anew.
 */
import type { Context } from "../base/context.ts";
import { AnswerView } from "../codec/answer_view.ts";
import { takeLocated } from "../codec/locators.ts";
import type { WatchedConstant } from "../correlate/watched_constants.ts";
import type { WatchedAnswer } from "../sandbox/protocol.ts";
import { appOf } from "../store/account.ts";
import { openHome } from "../store/home.ts";
import { type AuthRecord, updateAuthRecord } from "../token/auth_file.ts";
import { canAnalyze } from "./forgotten_captures.ts";
import { analyzeAuth } from "./analyze_auth.ts";

export interface ChangedConstant {
  /** `t_0007 POST /start body tenant`. */
  readonly where: string;
  /** The request in whose answer the value was another: `GET https://shop.example/start`. */
  readonly answer: string;
}

export interface LiveEvidence {
  readonly changed: readonly ChangedConstant[];
  /** True when a script that takes the values from the answers was proven and written. */
  readonly mended: boolean;
}

/** The requests whose answers a live run has to show. */
export function watchedRequests(watched: readonly WatchedConstant[]): string[] {
  return [...new Set(watched.map(({ answer }) => answer.request))];
}

/**
 * The constants in place of which these answers hold something else. Of several answers to one address, as to pages
 * that are told apart by the query alone, one that holds the constant is the one it stands in.
 */
export function changedConstants(
  watched: readonly WatchedConstant[],
  answers: readonly WatchedAnswer[],
): WatchedConstant[] {
  return watched.filter(({ value, answer: { request, locator } }) => {
    const live = answers.filter((answer) => request === requestOf(answer))
      .map((answer) => takeLocated(locator, viewOf(answer)))
      .filter((text) => text !== undefined && text !== "");
    return live.length > 0 && !live.includes(value);
  });
}

/** Says what changed, and mends the script. Nothing is sent to the site. */
export async function learnFromLogin(
  ctx: Context,
  app: string,
  record: AuthRecord,
  answers: readonly WatchedAnswer[],
): Promise<LiveEvidence> {
  const found = changedConstants(record.watched, answers);
  if (found.length === 0) return { changed: [], mended: false };
  const changed = found.map(({ where, answer }) => ({ where, answer: answer.request }));
  const learnt = [...record.learnt, ...found.map(({ trace, place }) => ({ trace, place }))];
  await updateAuthRecord(ctx, openHome(ctx), app, { learnt });
  if (record.source !== "correlation" || !canAnalyze(openHome(ctx), appOf(app))) {
    return { changed, mended: false };
  }
  const { result, values } = await analyzeAuth(ctx, { app: appOf(app) });
  const isTaken = ({ trace, place }: WatchedConstant) =>
    values.some(({ where, kind }) =>
      where.startsWith(`${trace} `) && where.endsWith(` ${place}`) &&
      (kind === "extracted" || kind === "computed")
    );
  return { changed, mended: result === "script" && found.every(isTaken) };
}

function requestOf({ method, url }: WatchedAnswer): string {
  const { origin, pathname } = new URL(url);
  return `${method} ${origin}${pathname}`;
}

function viewOf({ url, status, headers, body }: WatchedAnswer): AnswerView {
  return new AnswerView({ status, headers, body: new TextEncoder().encode(body) }, url);
}
