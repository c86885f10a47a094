/**
 * Tries a token on recorded requests, each with it and without. The first says whether the credentials are
 * good; where it answers anybody alike, the next that tells. From all of them is learnt how the app answers
 * somebody whose session has ended.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { parseUrl } from "../http/url.ts";
import type { AuthRecord } from "../token/auth_file.ts";
import { type AnswerMarks, sameFrame } from "../token/answer_marks.ts";
import { judgeProbe, judgeRepeated, type ProbeAnswer, type ProbeVerdict } from "../token/probe.ts";
import type { ProbeRequest } from "../token/probe_request.ts";
import { applyRenewals } from "../token/renewals.ts";
import { isStrangersAnswer, isUsersAnswer, mostTelling } from "../token/session_judge.ts";
import type { SessionSign } from "../token/session_signs.ts";
import type { TokenState } from "../token/token_state.ts";
import { marksOfResponse } from "../tools/answer_look.ts";
import { isSafeMethod } from "../tools/definition.ts";
import { sendProbe } from "../tools/send_probe.ts";

export interface ProbeOutcome {
  readonly verdict: ProbeVerdict;
  /** The token with what the answers renewed: some servers replace the session with each. */
  readonly token: TokenState;
  /** Requests whose answers tell a stranger from somebody who is logged in. */
  readonly signs: readonly SessionSign[];
}

/** The best first. */
export function probesIn({ probe, moreProbes }: AuthRecord): readonly ProbeRequest[] {
  return probe === null ? [] : [probe, ...moreProbes];
}

/** Never throws for what the site does: a probe that gets no answer is inconclusive. */
export async function probeLogin(
  ctx: Context,
  token: TokenState,
  probes: readonly ProbeRequest[],
): Promise<ProbeOutcome> {
  const [first, ...others] = probes.filter((probe) => isUsable(probe, token));
  if (first === undefined) return { verdict: "none", token, signs: [] };
  const trial = new Trial(ctx, token);
  const startedMs = ctx.clock.nowMs();
  const { verdict, sign } = await judged(trial, first);
  if (verdict === "failed") return { verdict, token: trial.token, signs: [] };
  const signs = sign === null ? [] : [sign];
  const verdicts: ProbeVerdict[] = [verdict];
  for (const other of others) {
    const { verdict: also, sign: learnt } = await judged(trial, other);
    if (learnt !== null) signs.push(learnt);
    verdicts.push(also);
  }
  const told = (["confirmed", "failed"] as const).find((one) => verdicts.includes(one)) ?? verdict;
  const tried = told === "confirmed" ? withoutPastEnd(trial.token, startedMs) : trial.token;
  return { verdict: told, token: tried, signs: told === "failed" ? [] : signs };
}

/**
 * The site took the token after the end that was told for it: when it will end is not known. The stored end is a whole
 * second, rounded down.
 */
function withoutPastEnd(token: TokenState, triedMs: number): TokenState {
  const isPast = token.expires_at !== null && (token.expires_at + 1) * 1000 <= triedMs;
  return isPast ? { ...token, expires_at: null } : token;
}

function isUsable({ method, url, body }: ProbeRequest, { origins }: TokenState): boolean {
  const asksAlone = isSafeMethod(method) || method === "POST" && body !== undefined;
  return asksAlone && origins.includes(parseUrl(url)?.origin ?? "");
}

interface Judged {
  readonly verdict: ProbeVerdict;
  /** `null` where the two answers do not tell. */
  readonly sign: SessionSign | null;
}

async function judged(trial: Trial, probe: ProbeRequest): Promise<Judged> {
  try {
    return await judgedBySite(trial, probe);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    return { verdict: "inconclusive", sign: null };
  }
}

async function judgedBySite(trial: Trial, probe: ProbeRequest): Promise<Judged> {
  const first = await trial.send(probe, true);
  const firstWithout = await trial.send(probe, false);
  const verdict = judgeProbe(first, firstWithout);
  if (verdict !== "repeat") {
    if (isAsRecordedStranger(probe, first, firstWithout)) return { verdict: "failed", sign: null };
    const sign = verdict === "confirmed" ? signOf(probe, first.marks, firstWithout.marks) : null;
    return { verdict, sign };
  }
  const [second, secondWithout] = [await trial.send(probe, true), await trial.send(probe, false)];
  const isAsRecorded = probe.recorded !== undefined && isUsersAnswer(
    [first.marks, second.marks],
    [firstWithout.marks, secondWithout.marks],
    probe.recorded,
  );
  return {
    verdict: isAsRecorded
      ? "confirmed"
      : judgeRepeated([first, second], [firstWithout, secondWithout]),
    sign: signOf(
      probe,
      common(first.marks, second.marks),
      common(firstWithout.marks, secondWithout.marks),
    ),
  };
}

/** A server that answers anybody with 200 shows by what the recorded user got that this one got less. */
function isAsRecordedStranger(
  { recorded }: ProbeRequest,
  known: TrialAnswer,
  without: TrialAnswer,
): boolean {
  const isAccepted = known.status >= 200 && known.status < 300;
  return recorded !== undefined && isAccepted && known.text === without.text &&
    isStrangersAnswer(known.marks, without.marks, recorded);
}

/** What both answers to the same question have: clocks and tokens drop out. */
function common(first: AnswerMarks | null, second: AnswerMarks | null): AnswerMarks | null {
  if (first === null || second === null || !sameFrame(first, second)) return null;
  return {
    ...first,
    shape: first.shape.filter((mark) => second.shape.includes(mark)),
    marks: first.marks.filter((mark) => second.marks.includes(mark)),
  };
}

function signOf(
  request: ProbeRequest,
  known: AnswerMarks | null,
  without: AnswerMarks | null,
): SessionSign | null {
  return known === null || without === null
    ? null
    : mostTelling([{ request, with: known, without }]);
}

interface TrialAnswer extends ProbeAnswer {
  readonly marks: AnswerMarks;
}

class Trial {
  readonly #ctx: Context;
  token: TokenState;

  constructor(ctx: Context, token: TokenState) {
    this.#ctx = ctx;
    this.token = token;
  }

  async send(probe: ProbeRequest, withToken: boolean): Promise<TrialAnswer> {
    const response = await sendProbe(this.#ctx, probe, withToken ? this.token : null);
    const { renewals, status } = response;
    const nowMs = this.#ctx.clock.nowMs();
    if (status < 400) {
      this.token = applyRenewals(this.token, this.token, renewals, nowMs) ?? this.token;
    }
    const marks = marksOfResponse(response);
    return { status, text: response.text ?? "", isLogin: marks.isLogin, marks };
  }
}
