/**
 * The slice: from a request that must be made, backwards to every request that earned a value it
 * carries. Each message of the slice becomes a step; each leaf of its request an expression.
 */
import { approvalOf } from "./approved_elsewhere.ts";
import { bareParameters } from "../http/url.ts";
import { approvalsOf, issuedCode } from "./carried_codes.ts";
import { bodyTemplate } from "./body_template.ts";
import { describeExpr, safePath } from "./describe.ts";
import { isDoubled } from "./doubled_cookie.ts";
import { placeholder } from "./draft_step.ts";
import { FieldNames } from "./made_field_names.ts";
import type { Explainer } from "./explain.ts";
import type { Explanation } from "./explanation.ts";
import { atoms } from "./expr_walk.ts";
import { isBystanderCookie, isOwnHeader } from "../http/ordinary_traffic.ts";
import { constant, isConstant, ofInput } from "./expr.ts";
import type { ExplainedValue, Expr, Step, StepCookie, UrlTemplate } from "./flow.ts";
import type { IssuedCredentials } from "./issued_credential.ts";
import { draftStepId, type KnownValues, messageOf } from "./known_values.ts";
import { keptHeader } from "./kept_header.ts";
import { describePlace, fieldPath, type Leaf, type Place } from "./leaves.ts";
import { identifierOnly, personFields } from "./typed_names.ts";
import { typedAs, type TypedValue } from "./typed_value.ts";
import type { LoginSpan } from "./login_span.ts";
import type { Message, Recording } from "./recording.ts";
import { mayEarn } from "./preferred_sinks.ts";
import { RollingCookies } from "./rolling_cookies.ts";
import { isStaleCredential } from "./stale_credential.ts";
import { isPressed, writtenFields } from "./shown_fields.ts";
import { nameOf, UrlSources } from "./url_sources.ts";
import { isOpaque } from "../http/opaque.ts";

/** A value that stayed unexplained, and where. */
export interface Gap {
  readonly trace: string;
  readonly place: Place;
  readonly index: number;
}

export class Slice {
  readonly #steps = new Map<number, Step>();
  readonly #rolling: RollingCookies;
  readonly #urls: UrlSources;
  readonly fieldNames: FieldNames;
  readonly gaps: Gap[] = [];
  readonly values: ExplainedValue[] = [];

  readonly recording: Recording;
  readonly known: KnownValues;

  constructor(
    readonly explainer: Explainer,
    /** Messages that hand credentials over. */
    readonly submissions: ReadonlySet<number>,
    readonly span: LoginSpan,
    /** What the login hands out, whatever it looks like; `null` where no login is known. */
    readonly issued: IssuedCredentials | null = null,
  ) {
    this.recording = explainer.recording;
    this.known = explainer.known;
    this.#rolling = new RollingCookies(this.recording, span);
    this.fieldNames = new FieldNames(this.recording, explainer.provenance.others);
    const { provenance, known } = explainer;
    this.#urls = new UrlSources(this.recording, provenance, submissions, known.inputs);
  }

  has(index: number): boolean {
    return this.#steps.has(index);
  }

  get indexes(): number[] {
    return [...this.#steps.keys()].sort((a, b) => a - b);
  }

  step(index: number): Step {
    return this.#steps.get(index)!;
  }

  /** Makes the message a step, and every message it depends on. */
  require(index: number): void {
    if (this.#steps.has(index)) return;
    const message = this.recording.at(index);
    if (index <= this.span.last) {
      for (const typed of this.#whoLogsIn(message)) this.explainer.type(index, typed);
    }
    this.#steps.set(index, placeholder(message));
    const submission = this.#submissionBefore(message);
    if (submission !== null) this.require(submission);
    this.#steps.set(index, this.#stepOf(message));
    for (const approval of approvalsOf(message, this.recording)) this.require(approval.index);
  }

  /**
   * What a step before the password says of who logs in; not what an answer gave the client to say, nor
   * what a button says. What the step with the password says is known.
   * @rule off: []
   */
  #whoLogsIn(message: Message): TypedValue[] {
    if (this.submissions.has(message.index)) return [];
    const isTyped = (typed: TypedValue) =>
      !isPressed(typed, message, this.recording) &&
      !message.fields.some((leaf) =>
        leaf.place === typed.place && issuedCode(leaf, message, this.recording) !== null
      );
    const repeated = this.#namedAgain(message);
    if (repeated.length > 0) return repeated;
    const typed = identifierOnly(message).filter(isTyped);
    if (typed.length > 0) return typed;
    const isNamed = this.known.inputs.some(({ kind }) => kind === "identifier");
    const persons = personFields(message, isNamed).filter((person) =>
      isTyped(person) && this.explainer.provenance.find(person.value, message.index) === null
    );
    return persons.length > 0 ? persons : writtenFields(message, this.recording)
      .map(typedAs("identifier", "a page shows the field empty and it was sent filled in"));
  }

  /**
   * Who logs in, as the step with the password says it under the same name: whoever asks for a challenge says whose.
   * @rule off: []
   */
  #namedAgain(message: Message): TypedValue[] {
    const says = [...this.submissions].filter((index) => index > message.index)
      .flatMap((index) => this.explainer.namesTyped(this.recording.at(index)));
    return message.fields.filter((leaf) =>
      says.some(({ name, value }) => name === leaf.name && value === leaf.value)
    ).map(typedAs("identifier", "the step with the password says it under the same name"));
  }

  /**
   * The submission whose answer led here: after it the server knows more of the session than any value
   * shows, so a page of the login that follows it is the page of nobody without it.
   * @rule off: null
   */
  #submissionBefore(message: Message): number | null {
    if (message.method !== "GET" || message.index > this.span.last) return null;
    const before = this.recording.messages.slice(0, message.index).findLast((earlier) =>
      !earlier.isScriptOrStyle && earlier.target === message.url.href
    );
    return before === undefined || before.method !== "POST" ? null : before.index;
  }

  /** The expression of a leaf; what it rests on becomes part of the slice. */
  resolve(message: Message, leaf: Leaf): Expr {
    const explanation = this.#explain(message, leaf);
    this.#requireSources(explanation.expr);
    if (explanation.unexplained) {
      this.gaps.push({ trace: message.trace.id, place: leaf.place, index: message.index });
    }
    this.#record(message, leaf, explanation);
    return explanation.unexplained ? this.#asked(leaf) : explanation.expr;
  }

  #requireSources(expr: Expr): void {
    for (const atom of atoms(expr)) {
      const extraction = this.known.extractionOf(atom);
      if (extraction !== undefined) this.require(messageOf(extraction));
    }
  }

  #explain(message: Message, leaf: Leaf): Explanation {
    return this.issued?.explain(message, leaf, this.known) ?? this.explainer.explain(message, leaf);
  }

  /** An unexplained value is asked for: a draft must not hold what may be somebody's secret. */
  #asked(leaf: Leaf): Expr {
    const name = leaf.name === "" ? "unexplained value" : leaf.name;
    const input = this.known.input({ kind: "other", name, value: leaf.value, place: leaf.place });
    return ofInput(input);
  }

  #record(message: Message, leaf: Leaf, explanation: Explanation): void {
    if (isConstant(explanation.expr) && !explanation.unexplained && !isOpaque(leaf.value)) return;
    const { pathname } = message.url;
    const path = pathname.length > 60 ? `${pathname.slice(0, 57)}…` : pathname;
    this.values.push({
      where: `${message.trace.id} ${message.method} ${safePath(path)} ${describePlace(leaf.place)}`,
      ...describeExpr(explanation, this.known, this.recording),
    });
  }

  #stepOf(message: Message): Step {
    const request = message.trace.request;
    return {
      id: draftStepId(message.index),
      trace: message.trace.id,
      method: request.method,
      url: this.#url(message),
      headers: this.#headers(message),
      cookies: this.#cookies(message),
      body: bodyTemplate(
        message,
        (leaf) => this.resolve(message, leaf),
        (leaf) => this.#fieldName(message, leaf),
      ),
      status: message.status,
      extractions: [],
      submitsCredentials: this.submissions.has(message.index),
      ...approvalOf(message, this, (expr) => this.#requireSources(expr)),
    };
  }

  /** How the field is called, where that is another name in each load of its page. */
  #fieldName(message: Message, leaf: Leaf): Expr | null {
    const source = this.fieldNames.sourceOf(leaf, message);
    if (source === null) return null;
    this.require(source.index);
    return this.explainer.fromSource(source, fieldPath(leaf), "field name").expr;
  }

  /** A URL with parts that change is taken whole where an earlier answer gave it whole. */
  #url(message: Message): UrlTemplate {
    const pasted = this.explainer.pastedUrl(message.index);
    if (pasted !== null) return { kind: "whole", expr: pasted };
    const { href } = message.url;
    const isOfInputs = message.leaves.some((leaf) =>
      (leaf.place.kind === "query" || leaf.place.kind === "path") &&
      this.explainer.places.whole(leaf.value, message, leaf) !== null
    );
    const source = this.#urls.of(message, isOfInputs);
    if (source !== null) {
      this.require(source.index);
      return { kind: "whole", expr: this.explainer.fromSource(source, href, nameOf(source)).expr };
    }
    const path = message.leaves.filter((leaf) => leaf.place.kind === "path");
    const query = message.leaves.filter((leaf) => leaf.place.kind === "query");
    return {
      kind: "parts",
      origin: message.url.origin,
      segments: path.map((leaf) => this.resolve(message, leaf)),
      query: query.map((leaf) => [leaf.name, this.resolve(message, leaf)] as const),
      bare: bareParameters(message.url),
    };
  }

  #headers(message: Message): (readonly [string, Expr])[] {
    const own = message.ownHeaders.values();
    return message.trace.request.headers.flatMap(([name, value]) => {
      const leaf = isOwnHeader(name) ? own.next().value : undefined;
      const kept = keptHeader(message, name, value);
      if (kept === null || leaf !== undefined && this.#isStale(message, leaf)) return [];
      return [[name, leaf === undefined ? constant(kept) : this.resolve(message, leaf)] as const];
    });
  }

  #isStale(message: Message, { name, value }: Leaf): boolean {
    return name.toLowerCase() === "authorization" && this.submissions.has(message.index) &&
      isStaleCredential(value, message, this.recording);
  }

  #cookies(message: Message): StepCookie[] {
    const cookies: StepCookie[] = [];
    for (const leaf of message.cookies) {
      if (isBystanderCookie(leaf.name) || this.#isOfLastLoad(message, leaf)) continue;
      const value = this.cookie(message, leaf);
      if (value !== null) cookies.push({ name: leaf.name, value, recorded: leaf.value });
    }
    return cookies;
  }

  /**
   * A page that is loaded again brings the cookie of its last load, and sets it anew: whoever loads it once has it.
   * @rule off: false
   */
  #isOfLastLoad(message: Message, { name, value }: Leaf): boolean {
    const setter = this.recording.cookieSetters(name, value, message.index)?.first ?? -1;
    const { method, url } = setter < 0 ? message : this.recording.at(setter);
    return setter >= 0 && method === "GET" && message.method === "GET" &&
      url.href === message.url.href && message.setCookies.some((cookie) => cookie.name === name);
  }

  /**
   * Where a cookie comes from; `null` for one that a page's script wrote and nothing explains, and for one
   * that the answer to something the user did in the app set.
   */
  cookie(message: Message, leaf: Leaf): StepCookie["value"] | null {
    const setter = this.#rolling.issuedAt(message, leaf) ??
      this.recording.cookieSetters(leaf.name, leaf.value, message.index)?.first ?? null;
    if (setter !== null) {
      const { recording, span, explainer: { provenance } } = this;
      const search = { recording, provenance, span };
      if (!mayEarn(this.recording.at(setter), search)) return null;
      this.require(setter);
      return { kind: "jar" };
    }
    const explanation = this.#explain(message, leaf);
    if (explanation.unexplained || isConstant(explanation.expr)) return null;
    if (explanation.expr.kind === "generated" && !isDoubled(message, leaf)) return null;
    this.#requireSources(explanation.expr);
    this.#record(message, leaf, explanation);
    return { kind: "client", expr: explanation.expr };
  }
}
