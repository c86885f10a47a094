/**
 * The loop between a model and the proof. It begins with what correlation has worked out and ends with a
 * script that passed, with the word that there is nothing to log in to, or with the reasons why not. The
 * rounds are counted; nobody is asked for anything.
 */
import { AppError, withHint } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";
import type { Mismatch } from "../replay/proof.ts";
import { checkCandidate, NO_AUTH, readReply } from "./candidate.ts";
import type { Chat, ChatAnswer, ChatMessage, ToolCall } from "./chat.ts";
import type { Findings } from "../correlate/finding.ts";
import type { Proof } from "../replay/proof.ts";
import type { FindingDesk } from "./findings/finding_desk.ts";
import { openingMessages } from "./opening_messages.ts";
import type { ProvenFlow, ScriptTask, TriedScript } from "./script_task.ts";
import type { RecordingView } from "./recording_view.ts";
import { answerCall, isFinding, isReading, SCRIPT_TOOLS, type ToolDesk } from "./script_tools.ts";
import { ToldWords } from "./told_words.ts";

/** Requests to the model at most. */
const MAX_ROUNDS = 24;
/** Scripts tried at most; each try starts a sandbox. */
const MAX_CANDIDATES = 8;
/** Calls answered of one round. */
const MAX_CALLS = 8;
/** Answers in a row that hold neither a call nor a script. */
const MAX_IDLE = 2;
/** Rounds in a row that only repeat what was said before, or call what there is not. */
const MAX_FRUITLESS = 5;
const MAX_MISMATCHES = 30;
/** Of the model's last words, in UTF-16 units. */
const MAX_WORDS = 400;

export type Written =
  /** The model found out what was open; the script is ours. */
  | ProvenFlow & { readonly kind: "findings"; readonly findings: Findings }
  | { readonly kind: "script"; readonly source: string; readonly proof: JudgedScript }
  | { readonly kind: "no-auth" }
  | {
    readonly kind: "gave-up";
    readonly reasons: readonly string[];
    /** True where the endpoint failed, not the model: asking again would fail again. */
    readonly isEndpoint: boolean;
  };

type JudgedScript = Omit<TriedScript, "debug">;

/** @throws {AppError} `INTERRUPTED`. What else an endpoint fails with is a reason to give up. */
export async function writeScript(chat: Chat, task: ScriptTask): Promise<Written> {
  return await new Writer(chat, task).run();
}

class Writer implements ToolDesk {
  readonly view: RecordingView;
  readonly #chat: Chat;
  readonly #task: ScriptTask;
  readonly #messages: ChatMessage[];
  readonly #told: ToldWords;
  #candidates = 0;
  #idle = 0;
  #fruitless = 0;
  readonly #read = new Set<string>();
  readonly #said = new Set<string>();
  #lastProblems: readonly string[] = [];
  #taken: { source: string; proof: JudgedScript } | undefined;
  #found: ProvenFlow & { findings: Findings } | undefined;
  #isFinal = false;
  #lastWords = "";
  #fewestProblems = Infinity;
  #cutOff = 0;

  constructor(chat: Chat, task: ScriptTask) {
    this.#chat = chat;
    this.#task = task;
    this.view = task.view;
    this.#messages = openingMessages(task);
    this.#told = new ToldWords(task.view.redaction, task.draft);
  }

  async run(): Promise<Written> {
    for (let round = 0; round < MAX_ROUNDS && this.#candidates < MAX_CANDIDATES; round++) {
      const answer = await this.#ask();
      if ("failure" in answer) return this.#end(answer.failure, true);
      if (answer.content.trim() !== "") this.#lastWords = answer.content.trim();
      if (answer.end === "length") this.#cutOff++;
      this.#task.onRound(doingOf(answer), MAX_CANDIDATES - this.#candidates);
      if (answer.end === "refusal") return this.#end("the model declined to answer");
      if (answer.end === "filter") return this.#end(FILTERED);
      this.#messages.push({
        role: "assistant",
        content: answer.content,
        toolCalls: answer.toolCalls,
      });
      const isDone = answer.toolCalls.length > 0
        ? await this.#answerCalls(answer)
        : await this.#answerText(answer);
      if (isDone === "no-auth") return { kind: "no-auth" };
      if (this.#isFinal) break;
      if (this.#idle > MAX_IDLE) return this.#end(this.#idleReason());
      if (this.#fruitless > MAX_FRUITLESS) {
        return this.#end(
          `${this.#fruitless} rounds in a row came to nothing: the model repeats itself, or calls what ` +
            `there is not (${doingOf(answer)})`,
        );
      }
    }
    return this.#end(
      this.#candidates >= MAX_CANDIDATES
        ? `none of ${this.#candidates} scripts of the model passed`
        : "the model did not come to a script that passes",
    );
  }

  async #ask(): Promise<ChatAnswer | { readonly failure: string }> {
    try {
      return await this.#chat.ask(this.#messages, SCRIPT_TOOLS);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
      return { failure: withHint(error) };
    }
  }

  /** Answers what is wrong with a script; one that passes is kept. */
  async prove(script: string): Promise<string> {
    if (this.#candidates >= MAX_CANDIDATES) return "error: no more scripts are tried";
    const { redaction } = this.view;
    const { flow, draft } = this.#task;
    if (flow === null) return "error: there is no login in the recording to prove a script on";
    const { placeholders } = redaction;
    const checked = checkCandidate(script, { draft, placeholders, hosts: flow.hosts });
    if (checked.kind === "refused") return this.#problems(checked.problems, script);
    const refused = this.#task.isRefused?.(checked.source) ?? null;
    if (refused !== null) return this.#problems([refused], script);
    this.#candidates++;
    const { debug = [], ...proof } = await this.#task.prove(checked.source);
    await this.#tellBest(checked.source, proof);
    if (!proof.passed) {
      return this.#problems(describeMismatches(proof), script) +
        this.#told.printed(debug, script);
    }
    this.#taken = { source: checked.source, proof };
    this.#isFinal = proof.refresh !== "failed" || this.#candidates >= MAX_CANDIDATES - 1;
    return this.#isFinal
      ? "passed"
      : `The login passed; only refresh_token is wrong:\n${
        this.#problems(describeMismatches(proof), script)
      }`;
  }

  async #tellBest(source: string, { passed, mismatches }: Proof): Promise<void> {
    if (passed || mismatches.length >= this.#fewestProblems) return;
    this.#fewestProblems = mismatches.length;
    await this.#task.onBest(source);
  }

  get findings(): FindingDesk | null {
    return this.#task.findings;
  }

  async proveFlow(): Promise<string | null> {
    const flow = this.findings?.flow ?? null;
    if (flow === null) return null;
    const { findings } = this.findings!;
    const { source, proof } = await this.#task.proveFlow(flow, findings);
    if (!proof.passed) return this.#problems(describeMismatches(proof), source);
    this.#found = { source, proof, findings };
    this.#isFinal = true;
    return "The script is proven";
  }

  async #answerCalls({ toolCalls }: ChatAnswer): Promise<void> {
    this.#idle = 0;
    let isFruitless = true;
    for (const [index, call] of toolCalls.entries()) {
      // What was found out in the same breath counts, though the flow is proven without it.
      const isLate = this.#isFinal && (this.#found === undefined || !isFinding(call.name));
      const isOver = index >= MAX_CALLS || isLate;
      const content = isOver ? UNANSWERED : await this.#answerCall(call);
      this.#messages.push({ role: "tool", callId: call.id, content });
      const isNew = this.#isNewTry(call);
      isFruitless &&= content.startsWith("error:") && !isNew;
    }
    this.#fruitless = isFruitless ? this.#fruitless + 1 : 0;
  }

  /** A call of a tool that there is, which was not made before: another try, even where it was wrong. */
  #isNewTry({ name, arguments: given }: ToolCall): boolean {
    const said = `${name} ${given}`;
    const isNew = !this.#said.has(said);
    this.#said.add(said);
    return isNew && SCRIPT_TOOLS.some((tool) => tool.name === name) && isRecord(parseJson(given));
  }

  async #answerCall(call: ToolCall): Promise<string> {
    const key = isReading(call.name) ? `${call.name} ${call.arguments}` : "";
    if (this.#read.has(key)) return "error: you have read that; the answer stands above";
    const content = await answerCall(call, this);
    if (key !== "" && !content.startsWith("error:")) this.#read.add(key);
    return content;
  }

  #idleReason(): string {
    return this.#lastWords === ""
      ? "the model answered nothing"
      : "the model answered in words, with neither a call of a tool nor a script";
  }

  async #answerText({ content, end }: ChatAnswer): Promise<"no-auth" | void> {
    const reply = readReply(content);
    if (reply.kind === "script" && end !== "length") {
      this.#idle = 0;
      this.#say(await this.prove(reply.source));
    } else if (reply.kind === "no-auth" && this.#task.flow === null) {
      return "no-auth";
    } else {
      this.#idle++;
      this.#say(
        reply.kind === "no-auth"
          ? `The recording holds a login, so ${NO_AUTH} is not an answer. Complete the draft.`
          : end === "length"
          ? "The answer was cut off. Call prove_script with the whole script, as short as it can be."
          : this.findings !== null && this.#task.order === null
          ? "Call explain for each unexplained value. No values will be told."
          : "Call prove_script with the whole script. No values will be told.",
      );
    }
  }

  #say(content: string): void {
    this.#messages.push({ role: "user", content });
  }

  #problems(problems: readonly string[], script: string): string {
    this.#lastProblems = problems;
    const shown = problems.slice(0, MAX_MISMATCHES).map((problem) =>
      `- ${this.#told.problem(problem, script)}`
    );
    const more = problems.length - shown.length;
    return ["It did not pass:", ...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
  }

  #end(reason: string, isEndpoint = false): Written {
    if (this.#found !== undefined) return { ...this.#found, kind: "findings" };
    if (this.#taken !== undefined) return { ...this.#taken, kind: "script" };
    const words = this.#lastWords.slice(0, MAX_WORDS);
    const said = words === "" ? [] : [`it said last: ${JSON.stringify(words)}`];
    const cut = this.#cutOff === 0 ? [] : [
      `${this.#cutOff} of its answers were cut off at the length that the endpoint allows; choose a model or ` +
      "an endpoint that answers at more length",
    ];
    const reasons = [reason, ...this.#lastProblems, ...cut, ...said];
    return { kind: "gave-up", reasons, isEndpoint };
  }
}

const FILTERED =
  "the content filter of the endpoint stopped the answer; ask another endpoint or model";

/** `explain secret#3, inspect_trace t_0001`. */
function doingOf({ toolCalls }: ChatAnswer): string {
  const doing = new Set(toolCalls.map((call) => `${call.name} ${subjectOf(call)}`.trim()));
  return doing.size === 0 ? "answers in words" : [...doing].join(", ");
}

const MAX_SUBJECT = 40;

function subjectOf({ arguments: text }: ToolCall): string {
  const given = parseJson(text);
  if (!isRecord(given)) return "";
  const subject = ["value", "place", "id", "trace", "text", "name"].map((name) => given[name])
    .find((value) => typeof value === "string");
  return String(subject ?? "").replace(/\s+/g, " ").slice(0, MAX_SUBJECT);
}

/** Mismatches by the step they belong to. */
function describeMismatches({ mismatches, steps }: Proof): string[] {
  const groups = Map.groupBy(mismatches, ({ step }) => step);
  return [...groups].map(([id, group]) => {
    const step = steps.find(({ step }) => step === id);
    const place = step === undefined ? "" : `${step.step} (${step.trace} ${step.method}): `;
    return `${place}${group.map(describeMismatch).join("; ")}`;
  });
}

function describeMismatch({ where, problem }: Mismatch): string {
  return `${where} ${problem}`;
}

const UNANSWERED = `error: not answered: ${MAX_CALLS} calls of a round are answered; call again`;
