/** Keeps a script that a model wrote whole, once it is proven. */
import type { ExplainedValue, Input, LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { inputKind } from "../llm/findings/recorded_names.ts";
import type { TriedScript } from "../llm/script_task.ts";
import type { Written } from "../llm/write_script.ts";
import { claimedFlow } from "../replay/claimed_inputs.ts";
import type { ToldInput } from "../replay/proof.ts";
import type { GapCheck } from "../replay/prove_claim.ts";
import type { Home } from "../store/home.ts";
import { writeAuthRecord } from "../token/auth_file.ts";
import { writeAuthScript } from "../token/script_file.ts";
import { type AnalyzeAuthOutput, describe, recordOf } from "./analyze_auth.ts";

/** The login that the script takes the place of. */
export interface RecordedLogin {
  readonly flow: LoginFlow | null;
  readonly values: readonly ExplainedValue[];
  readonly traces: readonly Trace[];
  readonly hints: readonly ToldInput[];
}

/** Writes the script of a model with its record. */
export async function keepScript(
  home: Home,
  app: string,
  { source, proof }: Extract<Written, { kind: "script" }>,
  { flow, values, traces, hints }: RecordedLogin,
): Promise<AnalyzeAuthOutput> {
  const { gaps, asked = [], ...plainProof } = proof;
  const { inputs: claimedInputs, ...rest } = claimedFlow(flow!, hints).flow;
  // What may be asked for is the one secret there is.
  const inputs = claimedInputs.filter(({ isOptional }) =>
    isOptional !== true || source.includes("prompt_secret")
  );
  const claimed = { ...rest, inputs: [...inputs, ...newInputs(inputs, asked)] };
  const kept = proof.refresh === "proven" ? claimed : { ...claimed, refresh: null };
  const isComputed = ({ kind, from }: ExplainedValue) =>
    kind === "unexplained" || asked.some(({ label }) => from.startsWith(typedAs(label)));
  const explained = values.map((value) => isComputed(value) ? computed(value, gaps) : value);
  await writeAuthScript(home, app, source);
  await writeAuthRecord(home, app, recordOf(kept, explained, plainProof, source, traces, "model"));
  return {
    result: "script",
    script: home.appFile(app, "auth_acquire.ts"),
    ...describe(kept, explained, plainProof, GAP_REASONS[gaps]),
  };
}

/** As `correlate/` says where a value comes from that a script turned out to compute of what it asks for. */
function typedAs(label: string): string {
  return `typed by the user as "${label}"`;
}

/** What the site wants now, and did not while it was recorded. */
function newInputs(
  known: readonly Input[],
  asked: NonNullable<TriedScript["asked"]>,
): Input[] {
  const added = asked.filter(({ label }, index) =>
    known.every((input) => input.label !== label) &&
    asked.findIndex((other) => other.label === label) === index
  );
  return added.map(({ label, secret }, index) => ({
    name: `added_${index + 1}`,
    label,
    secret,
    kind: inputKind(label),
    recorded: "",
  }));
}

const GAP_REASONS: Readonly<Record<GapCheck, readonly string[]>> = {
  none: [],
  exact: [],
  dependence: [
    "what the model's script computes could be checked by its form alone, because the recording does not " +
    "hold what was typed; give it with --answers to have it checked exactly",
  ],
};

function computed({ where }: ExplainedValue, gaps: GapCheck): ExplainedValue {
  const how = gaps === "exact" ? "reproduces the recorded value" : "checked by its form alone";
  return { where, from: `computed by the model's script; ${how}`, kind: "computed" };
}
