/**
 * A repaired script played against what the live site answered to the one that broke. It has to get past the
 * point at which that one failed, and to come back with something that an answer handed out. Nothing leaves
 * this machine.
 */
import type { Context } from "../../base/context.ts";
import type { LoginFlow } from "../../correlate/flow.ts";
import { namesIn } from "../../correlate/expr_walk.ts";
import type { Trace } from "../../http/exchange.ts";
import { type Objection, objectionTo } from "../../judge/finding.ts";
import type { AuthResult } from "../../script/contract.ts";
import { failureOf, type Play, playScript } from "../play_script.ts";
import type { AskedPrompt } from "../prompt_desk.ts";
import { LiveSite } from "./live_site.ts";

export interface LiveReplay extends Pick<Play, "source" | "fileName" | "flow" | "limits"> {
  readonly recorded: readonly Trace[];
  readonly live: readonly Trace[];
  /** What was answered to the prompts of the failed run, by label. */
  readonly answers: ReadonlyMap<string, string>;
}

/** Answers a prompt that the failed run never came to. */
const ANY_ANSWER = "731904";

export interface LiveVerdict {
  readonly problems: readonly Objection[];
  /** In the order in which it was asked for. */
  readonly asked: readonly AskedPrompt[];
}

export async function replayLive(
  ctx: Pick<Context, "signal" | "startSandbox">,
  replay: LiveReplay,
): Promise<LiveVerdict> {
  const { flow, recorded, live, answers } = replay;
  const site = new LiveSite(recorded, live, ANY_ANSWER);
  const asked: AskedPrompt[] = [];
  const { outcome } = await playScript(ctx, {
    ...replay,
    entry: { kind: "acquire" },
    respond: (request) => ({ request, answer: site.respond(request), trace: null }),
    answer: (label, secret) => {
      asked.push({ label, secret });
      return answers.get(label) ?? ANY_ANSWER;
    },
  });
  const ending = outcome.kind === "result"
    ? resultProblems(outcome.result, flow, site, new Set(answers.values()))
    : site.isOpenEnded
    ? []
    : [failureOf(outcome)];
  return { problems: [...site.problems, ...ending], asked };
}

/** A result that is taken from answers holds something of them; one that is computed need not. */
function resultProblems(
  result: AuthResult,
  flow: LoginFlow,
  site: LiveSite,
  typed: ReadonlySet<string>,
): Objection[] {
  const whole = flow.steps.flatMap(({ extractions }) => extractions)
    .filter(({ openers }) => openers.length === 0).map(({ id }) => id);
  const used = namesIn(flow.result);
  const isTaken = flow.result.cookies !== null || whole.some((id) => used.has(id));
  const { headers, body_params = {}, query_params = {} } = result;
  const values = [headers, body_params, query_params].flatMap((part) => Object.values(part))
    .flatMap((value) => String(value).split(/[\s;,="]+/));
  const taken = values.filter((value) => value.length >= MIN_TOLD && site.handedOut(value));
  const changed = site.changedWhere(taken, typed);
  if (changed.length > 0 || !isTaken || taken.length > 0 || site.isOpenEnded) return changed;
  return [objectionTo("result", "holds nothing that an answer of the site handed out")];
}

/** Shorter texts stand in an answer by chance. */
const MIN_TOLD = 6;
