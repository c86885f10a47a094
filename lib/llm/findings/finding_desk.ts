/** Where a model puts what it found out: each finding is held against the recording and put into the analysis. */
import type { Value } from "../../codec/bytes.ts";
import { type Finding, type Findings, type FoundExpr } from "../../correlate/finding.ts";
import { partsOf } from "../../correlate/expr_walk.ts";
import { calledFunctions } from "../../correlate/found_function.ts";
import type { Analysis, LoginFlow, OpenFlow, UnexplainedValue } from "../../correlate/flow.ts";
import { describePlace } from "../../correlate/leaves.ts";
import { redactSentence } from "../redact_prose.ts";
import type { Redaction } from "../redaction.ts";
import { difference, differenceOfCall, evaluateFound } from "./evaluate_found.ts";
import { parseExpression } from "./expression.ts";
import { ExpressionError } from "./expression_error.ts";
import type { FindingTask } from "./finding_task.ts";
import { atMoment } from "./moment.ts";
import { CallFailed, OwnFunctions } from "./own_functions.ts";
import { inputKind, isSecret, placeName, RecordedNames } from "./recorded_names.ts";
import { isUnexplained } from "./unexplained_value.ts";

/** Values shorter than this stand in much by chance: they are named by their place. In UTF-16 units. */
const MIN_TELLING = 6;
const MAX_TOLD = 16;

/** A page may compute a code before it sends it. In milliseconds. */
const MOMENTS_AGO_MS = [0, 2000, 30_000, 60_000];

export class FindingDesk {
  readonly #task: FindingTask;
  readonly #redaction: Redaction;
  readonly #names: RecordedNames;
  readonly #functions: OwnFunctions;
  #findings: Findings;
  #analysis: Analysis;
  #comparisons = 0;

  constructor(task: FindingTask, redaction: Redaction) {
    this.#task = task;
    this.#redaction = redaction;
    this.#functions = new OwnFunctions(task, redaction);
    this.#names = new RecordedNames(
      task.traces,
      redaction,
      task.typed,
      (name) => this.#functions.has(name),
    );
    this.#findings = task.known;
    this.#analysis = task.analyze(task.known);
  }

  /** With the functions that they call. */
  get findings(): Findings {
    const called = this.#findings.values.flatMap(({ expr }) => callsIn(expr));
    return { ...this.#findings, functions: calledFunctions(called, this.#functions.all) };
  }

  /** The flow once nothing in it is open, else `null`. */
  get flow(): LoginFlow | null {
    return this.#analysis.kind === "flow" ? this.#analysis.flow : null;
  }

  /** How `typed` names what the user told. */
  get told(): string[] {
    return this.#task.typed.map(({ name }) =>
      `typed(${JSON.stringify(this.#redaction.name(name))})`
    );
  }

  get analysis(): Analysis {
    return this.#analysis;
  }

  /** What is still unexplained. */
  get gaps(): readonly UnexplainedValue[] {
    return openOf(this.#analysis)?.gaps ?? [];
  }

  /** @param expression in the language of `expression.ts` */
  explain(value: string, expression: string): Promise<string> {
    return this.#answer(async () => {
      const target = this.#target(value);
      const parsed = bound(parseExpression(expression, this.#names), target.value);
      if (
        callsIn(parsed).length > 0 && partsOf(parsed).some((part) => isOf(part, target.value))
      ) {
        throw new ExpressionError("a function is not handed the value that it is to yield");
      }
      const expr = await this.#timed(parsed, target) ?? await this.#functions.called(parsed);
      const evaluated = evaluateFound(expr);
      if (evaluated.kind === "value" && evaluated.value !== target.value) {
        return `wrong: ${await this.#wrong(expr, evaluated.value, target.value)}`;
      }
      const note = evaluated.kind === "value"
        ? "right"
        : `not comparable: ${evaluated.of} is not in the recording`;
      return this.#add({ ...target, expr }, note);
    });
  }

  /**
   * With the clock of the recorded request in place of `now()`, or of some moments earlier, where that yields what
   * was sent. What yields the same all the while, as a date or the step of a one-time code does, is wrong where it is
   * something else; `null` where the clock is too fine to tell.
   */
  async #timed(expr: FoundExpr, { value, at }: Pick<Finding, "value" | "at">) {
    const sent = this.#task.traces.find(({ id }) => id === at?.trace);
    const made: { readonly called: FoundExpr; readonly value: Value }[] = [];
    for (const agoMs of MOMENTS_AGO_MS) {
      const timed = sent === undefined ? null : atMoment(expr, sent.startedAtMs - agoMs);
      if (timed === null) return null;
      const called = await this.#functions.called(timed);
      const evaluated = evaluateFound(called);
      if (evaluated.kind !== "value") return null;
      if (evaluated.value === value) return called;
      made.push({ called, value: evaluated.value });
    }
    const [latest, before] = made;
    return String(latest!.value) === String(before!.value) ? latest!.called : null;
  }

  async #wrong(expr: FoundExpr, made: Value, recorded: string): Promise<string> {
    const mayTell = this.#mayTell(recorded);
    if (callsIn(expr).length === 0) {
      return mayTell ? difference(made, recorded)! : "it differs";
    }
    const example = await this.#functions.invented(expr);
    return differenceOfCall({
      made: mayTell ? made : null,
      example: example?.value ?? null,
      recorded,
    });
  }

  /** Takes a function that expressions may call. What called another of its name is open again. */
  async writeFunction(name: string, code: string): Promise<string> {
    return await this.#answer(() => {
      this.#functions.write(name, code, this.gaps.map(({ value }) => value));
      const isStale = ({ expr }: Finding) =>
        calledFunctions(callsIn(expr), this.#functions.all).some((one) => one.name === name);
      const values = this.#findings.values.filter((finding) => !isStale(finding));
      const dropped = this.#findings.values.length - values.length;
      const note = `kept; use it in explain: call ${name}(…)`;
      if (dropped === 0) return note;
      return this.#try({ ...this.#findings, values }, `${note}; explain again what calls it`);
    });
  }

  declareTyped(place: string, label: string, secret: boolean): Promise<string> {
    return this.#answer(() => {
      const { value, at } = this.#sent(place);
      const told = this.#task.typed.find((one) => one.value === value);
      const as = told?.kind ?? inputKind(label);
      const kind = as === "identifier" && (secret || isSecret(label)) ? "api-key" : as;
      // What the user told is asked for once, under the name that it was told by.
      const asked = { label: told?.name ?? label, as: kind };
      const expr = { ...asked, kind: "typed", secret, recorded: value } as const;
      return this.#add({ value, at, expr }, "noted as typed");
    });
  }

  declareConstant(place: string): Promise<string> {
    return this.#answer(() => {
      const { value, at } = this.#sent(place);
      return this.#add({ value, at, expr: { kind: "constant", value } }, "noted as constant");
    });
  }

  declareStep(trace: string): Promise<string> {
    return this.#answer(() => {
      if (!this.#task.traces.some(({ id }) => id === trace)) {
        throw new ExpressionError(`there is no trace "${trace}"`);
      }
      const steps = [...new Set([...this.#findings.steps, trace])];
      return this.#try({ ...this.#findings, steps }, "noted as a step");
    });
  }

  async #answer(work: () => string | Promise<string>): Promise<string> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CallFailed) return `error: ${error.message}`;
      if (error instanceof ExpressionError) return `error: ${error.message}`;
      throw error;
    }
  }

  /** A placeholder means the value wherever it is sent, a place that very one. */
  #target(text: string): Pick<Finding, "value" | "at"> {
    const placeholder = this.#redaction.placeholders.named(text);
    if (placeholder === undefined) return this.#sent(text);
    const { value } = placeholder;
    const gap = this.gaps.find((one) => one.value === value);
    if (gap !== undefined) return { value, at: gap };
    if (value.length >= MIN_TELLING) return { value, at: null };
    throw new ExpressionError(
      "so short a value is named by its place, such as t_0004.request.body.x",
    );
  }

  #sent(place: string): { readonly value: string; readonly at: NonNullable<Finding["at"]> } {
    const placeholder = this.#redaction.placeholders.named(place);
    const gap = placeholder === undefined
      ? undefined
      : this.gaps.find(({ value }) => value === placeholder.value);
    if (gap !== undefined) return { value: gap.value, at: gap };
    const { trace, leaf } = this.#names.sent(place);
    return { value: leaf.value, at: { trace, place: describePlace(leaf.place) } };
  }

  #add(finding: Finding, note: string): string {
    const isOther = ({ value, at }: Finding) =>
      value !== finding.value || JSON.stringify(at) !== JSON.stringify(finding.at);
    const { value, at, expr } = finding;
    const kept = at === null ? null : { trace: at.trace, place: at.place };
    const values = [...this.#findings.values.filter(isOther), { value, at: kept, expr }];
    return this.#try({ ...this.#findings, values }, note);
  }

  /** Kept only where the analysis can use it. */
  #try(findings: Findings, note: string): string {
    const analysis = this.#task.analyze({ ...findings, functions: this.#functions.all });
    const open = openOf(analysis);
    if (analysis.kind !== "flow" && open === null) {
      return this.#withoutLogin(findings, analysis, note);
    }
    const added = findings.values.at(-1);
    const unresolved = open?.gaps.find(({ value, trace, place }) =>
      value === added?.value &&
      (added.at === null || added.at.trace === trace && added.at.place === place)
    );
    if (unresolved !== undefined) {
      return `error: the value is right, but part of what it is computed from comes from nowhere: no answer ` +
        `before ${unresolved.trace} holds it, nobody typed it and no code of the client has it`;
    }
    this.#findings = findings;
    this.#analysis = analysis;
    return `${note}; ${this.#left()}`;
  }

  /** Where no login was made out before, each finding is kept: what is typed and sent there makes one together. */
  #withoutLogin(
    findings: Findings,
    { reasons }: { reasons: readonly string[] },
    note: string,
  ): string {
    const told = redactSentence(reasons.join("; "), this.#redaction);
    if (!this.#hasNoLogin) return `error: with that the recording shows no login: ${told}`;
    this.#findings = findings;
    return `${note}; still no login is made out: ${told}. Say where the user's secret goes: declare_typed with secret, or ` +
      "explain by an expression over typed(…)";
  }

  #left(): string {
    const left = this.gaps;
    if (left.length === 0) return "nothing is unexplained any more";
    return `still unexplained: ${left.map((gap) => this.describe(gap)).join(", ")}`;
  }

  /** `t_0004 body proof = ‹secret#3 64 hex›`. */
  describe({ trace, place, value }: UnexplainedValue): string {
    return `${trace} ${placeName(place, this.#redaction)} = ${this.#redaction.show(value)}`;
  }

  /**
   * Where two texts differ first tells something of both: it is told of values that are to be explained, so
   * often as finding a mistake takes, and never so often that a secret could be guessed piece by piece.
   */
  #mayTell(value: string): boolean {
    const isOpen = this.#hasNoLogin
      ? isUnexplained(value, this.#task)
      : this.gaps.some((gap) => gap.value === value);
    return isOpen && ++this.#comparisons <= MAX_TOLD;
  }

  get #hasNoLogin(): boolean {
    return this.#analysis.kind !== "flow" && openOf(this.#analysis) === null;
  }
}

export function openOf(analysis: Analysis): OpenFlow | null {
  if (analysis.kind === "draft") return analysis;
  return analysis.kind === "flow" ? null : analysis.open ?? null;
}

function callsIn(expr: FoundExpr): string[] {
  return partsOf(expr).flatMap((part) => part.kind === "call" ? [part.function] : []);
}

function isOf(part: FoundExpr, value: string): boolean {
  return part.kind === "value" && part.value === value;
}

/** What is made up and sent as it is was the recorded value. */
function bound(expr: FoundExpr, recorded: string): FoundExpr {
  return expr.kind === "made" ? { ...expr, recorded } : expr;
}
