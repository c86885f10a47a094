/** What the evidence of a run says about an attack. */
import { encodedForms } from "../../../lib/base/redact.ts";
import type { CliRun } from "../../support/keysmith.ts";
import type { Attack, Expectation } from "./attack.ts";

export interface Evidence {
  /** The last command, run with `--json`. */
  readonly run: CliRun;
  /** Every request the approved server got: line, headers, body. */
  readonly received: readonly string[];
  /** `host:port` of the approved server. */
  readonly approved: string;
  /** What the run stored. */
  readonly token: string;
  /** Stands in the canary file and in the environment. */
  readonly secret: string;
}

export interface Judgement {
  /** What happened, in a few words. */
  readonly outcome: string;
  /** What should not have happened; empty is good. */
  readonly problems: readonly string[];
}

export function judge(attack: Attack, evidence: Evidence): Judgement {
  const outcome = readOutcome(evidence.run);
  return {
    outcome: wordsOf(outcome.kind, outcome.limit),
    problems: [
      ...judgeOutcome(attack, outcome),
      ...judgeOutput(evidence.run),
      ...judgeTraffic(evidence),
      ...judgeSecret(evidence),
    ],
  };
}

interface Outcome {
  /** An expectation's kind, or what happened instead. */
  readonly kind: string;
  readonly limit: string | null;
  readonly message: string;
}

const KINDS: Readonly<Record<string, Expectation["kind"]>> = {
  SCRIPT_FAILED: "failed",
  UNREACHABLE: "failed",
  SCRIPT_REFUSED: "refused",
  SCRIPT_LIMIT: "limit",
};

interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: { readonly limit?: string };
  };
}

function readOutcome({ code, stdout }: CliRun): Outcome {
  if (code === 0) return { kind: "result", limit: null, message: "" };
  try {
    const { error } = JSON.parse(stdout) as ErrorDocument;
    const kind = KINDS[error.code] ?? error.code;
    return { kind, limit: error.details?.limit ?? null, message: error.message };
  } catch {
    return { kind: `exit code ${code}`, limit: null, message: "" };
  }
}

function wordsOf(kind: string, limit: string | null): string {
  return limit === null ? kind : `${kind} ${limit}`;
}

function judgeOutcome({ expect, message }: Attack, outcome: Outcome): string[] {
  const limit = expect.kind === "limit" ? expect.limit : null;
  if (outcome.kind !== expect.kind || (limit !== null && limit !== outcome.limit)) {
    const expected = wordsOf(expect.kind, limit);
    const got = wordsOf(outcome.kind, outcome.limit);
    return [`expected ${expected}, got ${got}: ${outcome.message}`];
  }
  if (message === null || message.test(outcome.message)) return [];
  return [`the message does not match ${message}: ${outcome.message}`];
}

/** Line breaks are the tool's; any other control, format or reordering character came through. */
const RAW = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The beginnings of lines that only the tool or a shell writes. */
const LOOK_ALIKE = /^(?:keysmith: (?:session expired|enter your)|\[sudo\]|\$ )/m;

function judgeOutput({ stdout, stderr }: CliRun): string[] {
  const raw = RAW.exec(stdout + stderr)?.[0];
  return [
    ...(raw === undefined ? [] : [`the output holds ${JSON.stringify(raw)} unescaped`]),
    ...(LOOK_ALIKE.test(stderr) ? ["a line of the script passes for the tool's own"] : []),
  ];
}

function judgeTraffic({ approved, received }: Evidence): string[] {
  const host = `host: ${approved}`;
  const isOdd = received.some((text) => !text.split("\n").includes(host));
  const isReplayed = received.some((text) => text.includes("keysmith-replay-url"));
  return [
    ...(isOdd ? ["the approved server was reached under another name"] : []),
    ...(isReplayed ? ["a header of the replay left the sandbox"] : []),
  ];
}

function judgeSecret({ run, token, received, secret }: Evidence): string[] {
  const texts = [run.stdout, run.stderr, token, ...received];
  const forms = encodedForms(secret);
  return texts.some((text) => forms.some((form) => text.includes(form)))
    ? ["the canary's secret was read"]
    : [];
}
