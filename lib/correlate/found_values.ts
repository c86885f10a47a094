/** Findings put into an analysis: the names that a finding's recorded values have in the flow. */
import { concat, constant, ofGenerated, ofInput } from "./expr.ts";
import { innerOf } from "./expr_walk.ts";
import type { Finding, Findings, FoundExpr } from "./finding.ts";
import { explained, type Explanation, type ValueExplainer } from "./explanation.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { Source } from "./occurrences.ts";
import type { Message } from "./recording.ts";

export class FoundValues {
  readonly #explainer: ValueExplainer;
  readonly #findings: readonly Finding[];
  /** Findings that are being resolved: none explains itself. */
  readonly #open = new Set<Finding>();

  constructor(explainer: ValueExplainer, { values }: Findings) {
    this.#explainer = explainer;
    this.#findings = values;
  }

  /** What was found of this very leaf; `null` where nothing was. */
  at(message: Message, leaf: Leaf): Explanation | null {
    const place = describePlace(leaf.place);
    const finding = this.#findings.find(({ at, value }) =>
      at?.trace === message.trace.id && isSamePlace(at.place, place) && value === leaf.value
    );
    return finding === undefined ? null : this.#resolve(finding, message, leaf);
  }

  /** What was found of a value wherever it stands. */
  of(value: string, message: Message, leaf: Leaf): Explanation | null {
    const finding = this.#findings.find(({ at, value: found }) => at === null && found === value);
    return finding === undefined ? null : this.#resolve(finding, message, leaf);
  }

  #resolve(finding: Finding, message: Message, leaf: Leaf): Explanation | null {
    if (this.#open.has(finding)) return null;
    this.#open.add(finding);
    try {
      return { ...this.#expr(finding.expr, message, leaf), why: FOUND };
    } finally {
      this.#open.delete(finding);
    }
  }

  #expr(found: FoundExpr, message: Message, leaf: Leaf): Explanation {
    switch (found.kind) {
      case "constant":
        return explained(constant(found.value));
      case "value":
        return this.#value(found, message, leaf);
      case "typed":
        return explained(ofInput(this.#explainer.known.asked(found)));
      case "made":
        return explained(ofGenerated(this.#explainer.known.made(found, leaf.name)));
    }
    const inner = innerOf(found)!.map((part) => this.#expr(part, message, leaf));
    const exprs = inner.map(({ expr }) => expr);
    return {
      expr: found.kind === "concat" ? concat(exprs) : { ...found, args: exprs },
      unexplained: inner.some(({ unexplained }) => unexplained),
    };
  }

  /** Another leaf of the login first, because that says how the value is made, then an answer. */
  #value(
    { value, from }: FoundExpr & { kind: "value" },
    message: Message,
    leaf: Leaf,
  ): Explanation {
    const named = from === null ? null : this.#namedSource(value, from);
    if (named !== null) return this.#explainer.fromSource(named, value, lastName(from!.path));
    const input = this.#explainer.known.inputOfValue(value);
    if (input !== undefined) return explained(ofInput(input));
    const known = this.#explainer.asKnown(value, message, leaf) ?? this.of(value, message, leaf) ??
      this.#carried(value, message, leaf);
    if (known !== null) return known;
    const { provenance } = this.#explainer;
    const source = provenance.find(value, message.index, (index) => this.#isAnswer(index));
    if (source !== null) return this.#explainer.fromSource(source, value, leaf.name);
    const inCode = provenance.find(value, message.index);
    return { ...explained(constant(value)), unexplained: inCode === null };
  }

  /** Of this request or one before it. */
  #carried(value: string, message: Message, leaf: Leaf): Explanation | null {
    for (const earlier of this.#explainer.recording.messages.slice(0, message.index + 1)) {
      const other = earlier.leaves.find((one) => one.value === value && !isSame(one, leaf));
      if (other === undefined) continue;
      const explanation = this.#explainer.explain(earlier, other);
      if (!explanation.unexplained) return explanation;
    }
    return null;
  }

  #namedSource(
    value: string,
    { trace, path }: NonNullable<(FoundExpr & { kind: "value" })["from"]>,
  ): Source | null {
    const message = this.#explainer.recording.messages.find((one) => one.trace.id === trace);
    if (message === undefined || !this.#isAnswer(message.index)) return null;
    return path === null
      ? this.#explainer.provenance.in(value, message.index)
      : { index: message.index, locator: { kind: "json", path: [...path] }, openers: [] };
  }

  /** What stands in a script is a constant of the client. */
  #isAnswer(index: number): boolean {
    return !this.#explainer.recording.at(index).isClientCode;
  }
}

const FOUND = "found by a model and checked against the recording";

/** Names of headers are written in any case (RFC 9110 section 5.1). */
export function isSamePlace(one: string, other: string): boolean {
  const isHeader = one.startsWith("header ") && other.startsWith("header ");
  return isHeader ? one.toLowerCase() === other.toLowerCase() : one === other;
}

function isSame(one: Leaf, other: Leaf): boolean {
  return one === other || describePlace(one.place) === describePlace(other.place) &&
      one.value === other.value;
}

function lastName(path: readonly (string | number)[] | null): string {
  return String(path?.findLast((key) => typeof key === "string") ?? "");
}
