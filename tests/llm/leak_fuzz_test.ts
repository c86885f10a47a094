/**
 * No request to a model holds a secret, whatever is recorded and whatever the model calls: every value of a
 * drawn recording is a canary, and a model that is curious asks for all of them in all ways there are.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Chat, ChatAnswer, ChatMessage, ToolCall } from "../../lib/llm/chat.ts";
import { FindingDesk, openOf } from "../../lib/llm/findings/finding_desk.ts";
import { recordedLogin } from "../../lib/llm/recorded_login.ts";
import type { ScriptTask, TriedScript } from "../../lib/llm/script_task.ts";
import { writeScript } from "../../lib/llm/write_script.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { type RandomLogin, randomLogin } from "./random_login.ts";

const NO_PROOF = {
  passed: false,
  steps: [],
  assumptions: [],
  refresh: "none",
  scriptSha256: "",
  provedAt: "",
  gaps: "none",
} as const;

/** Everything that went to the model. */
class CuriousModel implements Chat {
  #sent: readonly ChatMessage[] = [];
  #round = 0;
  readonly #ids: readonly string[];

  constructor(ids: readonly string[]) {
    this.#ids = ids;
  }

  get sent(): string {
    return JSON.stringify(this.#sent);
  }

  ask(messages: readonly ChatMessage[]): Promise<ChatAnswer> {
    this.#sent = [...messages];
    const rounds = [this.#reads(), this.#names(), this.#explains(), this.#scripts()];
    const calls = rounds[this.#round++] ?? [];
    const toolCalls = calls.slice(0, 8).map(([name, args], index): ToolCall => ({
      id: `call_${index}`,
      name,
      arguments: JSON.stringify(args),
    }));
    return Promise.resolve({
      content: toolCalls.length === 0 ? "I stop" : "",
      toolCalls,
      end: "stop",
    });
  }

  #known(): string[] {
    return [...new Set(this.sent.match(/\b[a-z]+[0-9]*#\d+/g))];
  }

  #reads(): [string, object][] {
    return this.#ids.slice(-8).map((id) => ["inspect_trace", { id }]);
  }

  #names(): [string, object][] {
    const known = this.#known();
    const at = (index: number) => known[index * 7 % Math.max(1, known.length)] ?? "secret#1";
    return [
      ["search_traces", { text: at(1) }],
      ["search_traces", { text: "token" }],
      ["decode_base64", { value: at(2) }],
      ["decode_url", { value: at(3) }],
      ["decode_jwt", { value: at(4) }],
      ["where_from", { value: at(5) }],
      ["where_from", { value: at(6) }],
      ["search_traces", { text: "#" }],
    ];
  }

  #explains(): [string, object][] {
    const known = this.#known();
    const at = (index: number) => known[index * 5 % Math.max(1, known.length)] ?? "secret#1";
    const login = this.#ids.at(-3)!;
    const explain = (expression: string): [string, object] => [
      "explain",
      { value: `${login}.request.body.proof`, expression },
    ];
    return [
      explain(`${at(1)} + ${at(2)}`),
      explain(`sha256-hex(typed("Password") + ${at(3)})`),
      explain(`slice(${at(4)}, 0, 9)`),
      explain(`base64-decode(${at(5)})`),
      explain(`hmac-sha256-hex(${at(6)}, nothing#4)`),
      ["write_function", {
        name: "tell",
        code: "function tell(a: string, b: string) { throw new Error(a + b) }",
      }],
      explain(`call tell(${at(7)}, typed("Password"))`),
      ["declare_constant", { place: `${login}.request.body.password` }],
    ];
  }

  #scripts(): [string, object][] {
    const script = "export async function acquire_token() { return { headers: {} } }";
    return [
      ["declare_typed", {
        place: `${this.#ids.at(-3)}.request.body.username`,
        label: "User",
        secret: false,
      }],
      ["declare_step", { trace: this.#ids[0] }],
      ["prove_script", { script }],
    ];
  }
}

function taskOf({ traces, canaries, user, password }: RandomLogin, isTold: boolean): ScriptTask {
  const told = (kind: TypedValue["kind"], name: string, value: string): TypedValue =>
    ({ kind, name, value, place: { kind: "text" } }) as TypedValue;
  const typed = isTold
    ? [told("identifier", "User", user), told("password", "Password", password)]
    : [];
  const analysis = analyzeLogin(traces, { hints: typed });
  const open = analysis.kind === "flow" ? analysis : openOf(analysis);
  const { view, draft } = recordedLogin("kiln", traces, open?.flow ?? null, {
    typed,
    script: null,
  });
  const said = canaries.texts.slice(0, 6).join(" ");
  const tried: TriedScript = {
    ...NO_PROOF,
    mismatches: [
      { step: null, trace: null, where: "script", problem: `line 1 failed: Error: got ${said}` },
      {
        step: null,
        trace: traces[0]!.id,
        where: `header "${said.slice(0, 12)}"`,
        problem: "is missing",
      },
    ],
    debug: [said, JSON.stringify({ said })],
  };
  return {
    view,
    draft,
    flow: open?.flow ?? null,
    values: open?.values ?? [],
    reasons: "reasons" in analysis ? analysis.reasons : [],
    trusted: [],
    order: null,
    onRound: () => {},
    onBest: () => Promise.resolve(),
    prove: () => Promise.resolve(tried),
    proveFlow: () => Promise.resolve({ source: "", proof: tried }),
    findings: open === null ? null : new FindingDesk({
      traces,
      typed,
      analyze: (findings) => analyzeLogin(traces, { hints: typed, findings }),
      known: { values: [], steps: [], functions: [] },
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      // What it throws and prints holds what it was handed.
      run: ({ args }) =>
        Promise.resolve({
          kind: "failed",
          name: "Error",
          message: String(args),
          line: 1,
          debug: [String(args)],
        }),
    }, view.redaction),
  };
}

Deno.test("no request to a model holds anything secret of a drawn recording, whatever the model calls", async () => {
  await fc.assert(
    fc.asyncProperty(randomLogin, fc.boolean(), async (login, isTold) => {
      const model = new CuriousModel(login.traces.map(({ id }) => id));
      await writeScript(model, taskOf(login, isTold));
      assert.ok(model.sent.includes("inspect_trace"), "the model was answered");
      assert.deepEqual(login.canaries.foundIn(model.sent), []);
    }),
    { numRuns: Math.ceil(fuzzRuns(250) / 10) },
  );
});
