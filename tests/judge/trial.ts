/** Scripts without scripts: what three runs would have sent, judged against a small recording. */
import type { HttpRequest, HttpResponse, Trace } from "../../lib/http/exchange.ts";
import type { ClaimedValue } from "../../lib/judge/claimed_values.ts";
import type { Demands } from "../../lib/judge/demands.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { judgeScript, type Verdict } from "../../lib/judge/judge_script.ts";
import { writtenValues } from "../../lib/script/written_values.ts";
import type { RunResult, ScriptRun } from "../../lib/judge/run.ts";

/** Who logs in, and what the server of this run makes. */
export interface Person {
  readonly user: string;
  readonly password: string;
  /** What is asked for beside these. */
  readonly extra: string;
  /** The value of this run in place of a recorded one that an answer issued. */
  fresh(recorded: string): string;
  /** Another text in each run, as a client makes it. */
  random(length: number): string;
}

export interface Played {
  /** By `Trace.id`. */
  readonly sent: Readonly<Record<string, HttpRequest>>;
  readonly result?: RunResult;
}

export interface Trial {
  readonly traces: readonly Trace[];
  readonly recorded: { readonly user: string; readonly password: string };
  readonly play: (person: Person) => Played;
  /** Names of the inputs that the script asks for. */
  readonly asks?: readonly ("user" | "password" | "extra")[];
  /** What the recorded user would have answered to a third prompt. */
  readonly extra?: string;
  readonly source?: string;
  readonly others?: readonly (readonly Trace[])[];
  readonly hints?: readonly string[];
  /** Values that the replay makes anew although nothing tells them from words. */
  readonly reminted?: readonly string[];
  readonly demands?: Demands;
  readonly claimed?: readonly ClaimedValue[];
  /** What the recorded client drew by chance, handed to the script in a fourth run. */
  readonly drawn?: string;
}

export const NO_DEMANDS: Demands = {
  requests: [],
  result: {
    headers: [],
    cookies: [],
    parameters: [],
    computed: 0,
    refreshToken: false,
    lifetimeSec: null,
  },
};

export function judgeTrial(trial: Trial): Verdict {
  const { traces, recorded, others = [], hints = [], source = "", extra = "", drawn } = trial;
  const evidence = new Evidence(traces);
  const people = {
    first: person("kel.rowan", "Qa1+b&c%dé", "f"),
    second: person("zu-marlind_407", '09:orchidvale@ß nn/"K of the long harbour wall>>>???', "s"),
    reenacted: {
      ...person(recorded.user, recorded.password, "r"),
      fresh: (value: string) => value,
      extra,
    },
  };
  return judgeScript({
    source,
    written: writtenValues(source, "trial.ts"),
    evidence,
    hints,
    claimed: trial.claimed ?? [],
    demands: trial.demands ?? NO_DEMANDS,
    personal: [],
    others: others.map((one) => new Evidence(one)),
    runs: {
      first: runOf(people.first, trial, evidence),
      second: runOf(people.second, trial, evidence),
      reenacted: runOf(people.reenacted, trial, evidence),
      ...drawn === undefined ? {} : {
        reproduced: runOf({ ...people.reenacted, random: () => drawn }, trial, evidence),
        drawn: new Set([drawn]),
      },
    },
  });
}

/** What is said that is open: objections, and what is taken on trust without evidence. */
export function saidOf(trial: Trial): string {
  const { objections, assumptions } = judgeTrial(trial);
  return [
    ...objections.map(({ where, problem }) => `${where} ${problem}`),
    ...assumptions.filter(({ isSettled }) => !isSettled).map(({ where, why }) =>
      `${where}: ${why}`
    ),
  ].join("; ");
}

/** Digits stay and letters turn, so that every value keeps its shape. */
function person(user: string, password: string, seed: string): Person {
  const shift = seed.charCodeAt(0) % 7 + 1;
  const fresh = (value: string) =>
    value.replace(/[a-z0-9]/gi, (char) => {
      if (/\d/.test(char)) return String((Number(char) + shift) % 10);
      const base = char < "a" ? 65 : 97;
      return String.fromCharCode((char.charCodeAt(0) - base + shift) % 26 + base);
    });
  const extra = `${seed}${seed}7-extra`;
  return {
    user,
    password,
    extra,
    fresh,
    random: (length) => fresh("x9Kd3".repeat(30)).slice(0, length),
  };
}

function runOf(
  who: Person,
  { traces, play, asks = ["user", "password"], reminted = [] }: Trial,
  evidence: Evidence,
): ScriptRun {
  const { sent, result = null } = play(who);
  return {
    sent: Object.entries(sent).map(([trace, request]) => {
      const recorded = traces.find(({ id }) => id === trace)!.response!;
      return { trace, request, answer: answerFor(recorded, who, evidence, reminted) };
    }),
    result,
    answers: new Map(asks.map((name) => [name, who[name]])),
  };
}

function answerFor(
  recorded: HttpResponse,
  who: Person,
  evidence: Evidence,
  reminted: readonly string[],
): HttpResponse {
  const swap = (text: string) => {
    const issued = [...evidence.issued.keys()].filter((value) => evidence.isIssued(value));
    return [...issued, ...reminted].sort((a, b) => b.length - a.length)
      .reduce((changed, value) => changed.replaceAll(value, who.fresh(value)), text);
  };
  return {
    status: recorded.status,
    headers: recorded.headers.map(([name, value]) => [name, swap(value)] as const),
    body: recorded.body === null
      ? null
      : new TextEncoder().encode(swap(new TextDecoder().decode(recorded.body))),
  };
}
