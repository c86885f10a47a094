/** Reads a login flow for an explanation: names and places, and no recorded value. */
import { describeLocator } from "../codec/locators.ts";
import { describeOpened } from "../codec/openers.ts";
import type {
  ExplainedValue,
  Expr,
  Extraction,
  Generated,
  Input,
  LoginFlow,
  ResultTemplate,
  Step,
  StepCookie,
} from "../correlate/flow.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { bodyFields, stepAwaiting, urlFields } from "../correlate/expr_walk.ts";
import { describePlace } from "../correlate/leaves.ts";
import type { Trace } from "../http/exchange.ts";
import { hostPort, parseUrl } from "../http/url.ts";
import { bracedName, exprPieces, isName, kindOf } from "./explain_expr.ts";
import { type JarCookie, jarCookies } from "./flow_cookies.ts";
import {
  ASKED_OF_USER,
  type ExplainedFlow,
  type FlowStep,
  type FlowValue,
  type FlowYield,
  KEY_PROOF,
  type SentValue,
} from "./flow_explanation.ts";
import { HIDDEN, RecordedMask } from "./recorded_mask.ts";

/** `explained`: the analysis' own list, which says what stayed unexplained. */
export function explainFlow(
  flow: LoginFlow,
  explained: readonly ExplainedValue[],
  traces: readonly Trace[],
): ExplainedFlow {
  return new FlowReader(flow, explained, traces).read();
}

interface Use {
  readonly step: string;
  readonly place: string;
}

class FlowReader {
  readonly #mask: RecordedMask;
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #unexplained: ReadonlySet<string>;
  readonly #uses = new Map<string, Use[]>();
  readonly #cookies: JarCookie[];

  constructor(
    readonly flow: LoginFlow,
    explained: readonly ExplainedValue[],
    traces: readonly Trace[],
  ) {
    this.#mask = new RecordedMask(flow);
    this.#traces = new Map(traces.map((trace) => [trace.id, trace]));
    this.#unexplained = new Set(
      explained.filter(({ kind }) => kind === "unexplained").map(({ where }) => where),
    );
    this.#cookies = jarCookies(flow.steps, this.#traces, this.#mask);
  }

  read(): ExplainedFlow {
    const { flow } = this;
    const steps = flow.steps.map((step, index) => this.#step(step, flow.steps, index));
    const yields = this.#yields("result", flow.result);
    const refresh = flow.refresh === null ? null : {
      source: flow.refresh.source,
      steps: flow.refresh.steps.map((step, index) => this.#step(step, flow.refresh!.steps, index)),
      yields: this.#yields("refreshed", flow.refresh.result),
    };
    return { values: this.#values(), steps, yields, refresh };
  }

  #values(): FlowValue[] {
    const { inputs, generated, steps, refresh } = this.flow;
    const extracted = [...steps, ...refresh?.steps ?? []].flatMap((step) =>
      step.extractions.map((extraction) => this.#takenValue(extraction, step))
    );
    const all = [
      ...inputs.map((input) => valueOf(input.name, "typed", typedOrigin(input), null)),
      ...generated.map((item) => valueOf(item.id, "made", madeOrigin(item), null)),
      ...extracted,
      ...this.#cookies.map(({ label, trace, step, name }) =>
        valueOf(label, "cookie", `${trace} response cookie "${this.#mask.name(name)}"`, step)
      ),
    ];
    return all.map((value) => ({ ...value, uses: this.#uses.get(value.name) ?? [] }))
      .filter(({ kind, uses }) => kind !== "cookie" || uses.length > 0);
  }

  #takenValue(extraction: Extraction, step: Step): FlowValue {
    const origin = `${step.trace} response ${this.#placeOf(extraction)}`;
    return valueOf(extraction.id, "taken", origin, step.id);
  }

  #placeOf({ locator, openers }: Extraction): string {
    const opened = describeOpened(openers);
    const place = this.#mask.name(describeLocator(locator));
    return opened === "" ? place : `${place}, ${opened}`;
  }

  #step(step: Step, steps: readonly Step[], index: number): FlowStep {
    const recorded = parseUrl(this.#traces.get(step.trace)?.request.url ?? "");
    const { approval } = step;
    const sends = [
      ...approval === undefined ? [] : [this.#sent(step, ASKED_OF_USER, approval)],
      ...this.#urlSends(step),
      ...this.#otherSends(step),
    ];
    const cookies = this.#cookies.filter((cookie) => cookie.step === step.id);
    return {
      id: step.id,
      trace: step.trace,
      method: step.method,
      host: step.url.kind === "parts"
        ? hostPort(new URL(step.url.origin))
        : recorded === null
        ? HIDDEN
        : hostPort(recorded),
      path: this.#path(step, recorded),
      status: step.status,
      submitsCredentials: step.submitsCredentials,
      asks: this.#asks(steps, index),
      sends,
      takes: [
        ...step.extractions.map((one) => ({ value: one.id, place: this.#placeOf(one) })),
        ...cookies.map(({ label, name }) => ({
          value: label,
          place: `cookie "${this.#mask.name(name)}"`,
        })),
      ],
    };
  }

  #path({ url }: Step, recorded: URL | null): string {
    if (url.kind === "whole") return this.#mask.path(recorded?.pathname ?? HIDDEN);
    return `/${
      url.segments.map((segment) =>
        segment.kind === "constant" ? this.#mask.path(segment.value) : bracedName(segment)
      ).join("/")
    }`;
  }

  /** Codes and links are asked for where they are first sent; everything else at the start. */
  #asks(steps: readonly Step[], index: number): string[] {
    if (steps !== this.flow.steps) return [];
    return this.flow.inputs.filter((input) =>
      (stepAwaiting(input, steps) ?? steps[0]) === steps[index]
    ).map(({ name }) => name);
  }

  #urlSends(step: Step): SentValue[] {
    if (step.url.kind === "whole") return [this.#sent(step, "address", step.url.expr)];
    return urlFields(step.url).filter(([{ kind }, expr]) =>
      kind !== "path" || expr.kind !== "constant"
    ).map(([place, expr]) => this.#sent(step, describePlace(place), expr));
  }

  #otherSends(step: Step): SentValue[] {
    return [
      ...step.headers.map(([name, expr]) => this.#sent(step, `header ${name}`, expr)),
      ...step.proves === true ? [KEY_PROOF] : [],
      ...step.cookies.filter(({ name }) => !isBystanderCookie(name))
        .map((cookie) => this.#sentCookie(step, cookie)),
      ...bodyFields(step.body)
        .map(([place, expr]) => this.#sent(step, describePlace(place), expr)),
    ];
  }

  #sentCookie(step: Step, { name, value, recorded }: StepCookie): SentValue {
    if (value.kind === "client") return this.#sent(step, `cookie ${name}`, value.expr);
    const index = this.flow.steps.indexOf(step);
    const before = this.#cookies.filter((cookie) => cookie.name === name && cookie.index < index);
    const setter = before.find((cookie) => cookie.value === recorded) ?? before.at(-1);
    return this.#carried(step.id, `cookie ${name}`, setter);
  }

  #carried(step: string, place: string, cookie: JarCookie | undefined): SentValue {
    const from = cookie === undefined ? ["kept from earlier answers"] : [{ value: cookie.label }];
    return this.#noted(step, { place: this.#mask.name(place), from, kind: "cookie" });
  }

  #sent(step: Step | FlowYield["id"], place: string, expr: Expr): SentValue {
    const id = typeof step === "string" ? step : step.id;
    const isOpen = typeof step !== "string" &&
      [...this.#unexplained].some((where) =>
        where.startsWith(`${step.trace} `) && where.endsWith(` ${place}`)
      );
    const from = exprPieces(expr, this.#refreshToken());
    return this.#noted(id, {
      place: this.#mask.name(place),
      from,
      kind: isOpen ? "unexplained" : kindOf(expr),
    });
  }

  #refreshToken(): string {
    const { refreshToken } = this.flow.result;
    return refreshToken?.kind === "extracted" ? refreshToken.extraction : "refresh_token";
  }

  #noted(step: string, sent: SentValue): SentValue {
    for (const { value } of sent.from.filter(isName)) {
      const uses = this.#uses.get(value) ?? [];
      uses.push({ step, place: sent.place });
      this.#uses.set(value, uses);
    }
    return sent;
  }

  #yields(id: FlowYield["id"], result: ResultTemplate): FlowYield {
    const sent = (place: string, expr: Expr) => this.#sent(id, place, expr);
    const client = new Map(result.cookies?.client ?? []);
    return {
      id,
      carries: [
        ...result.headers.map(([name, expr]) => sent(`header ${name}`, expr)),
        ...(result.cookies?.names ?? []).map((name) => {
          const expr = client.get(name);
          return expr === undefined
            ? this.#carried(id, `cookie ${name}`, this.#lastCookie(id, name))
            : sent(`cookie ${name}`, expr);
        }),
        ...result.queryParams.map(([name, expr]) => sent(`query ${name}`, expr)),
        ...result.bodyParams.map(([path, expr]) => sent(`body ${path}`, expr)),
        ...result.computed.map(({ username, password }) => this.#digest(id, username, password)),
        ...this.flow.proof === undefined ? [] : [KEY_PROOF],
      ],
      keeps: result.refreshToken === null ? [] : [sent("refresh token", result.refreshToken)],
      expiresIn: this.#lifetime(id, result.expiresIn),
    };
  }

  #lastCookie(id: FlowYield["id"], name: string): JarCookie | undefined {
    return id === "result" ? this.#cookies.findLast((cookie) => cookie.name === name) : undefined;
  }

  #digest(id: FlowYield["id"], username: Expr, password: Expr): SentValue {
    const from = [
      "HTTP Digest of ",
      ...exprPieces(username, ""),
      " and ",
      ...exprPieces(password, ""),
    ];
    return this.#noted(id, { place: "header Authorization", from, kind: "computed" });
  }

  #lifetime(id: FlowYield["id"], expires: ResultTemplate["expiresIn"]): string | null {
    switch (expires?.kind) {
      case "expr":
        this.#sent(id, "lifetime", expires.expr);
        return "the answer says it";
      case "jwt-exp":
        return 'the token says it ("exp")';
      case "constant":
        return expires.told === "moment"
          ? `${expires.seconds} seconds, until the moment the recorded answer named`
          : `${expires.seconds} seconds, the shortest lifetime of its cookies`;
      default:
        return null;
    }
  }
}

function valueOf(
  name: string,
  kind: FlowValue["kind"],
  origin: string,
  step: string | null,
): FlowValue {
  return { name, kind, origin, step, uses: [] };
}

function typedOrigin({ label, secret }: Input): string {
  return `typed by the user as "${label}"${secret ? ", not shown" : ""}`;
}

function madeOrigin({ shape }: Generated): string {
  switch (shape.kind) {
    case "uuid":
      return "made anew in each run: a UUID";
    case "random-bytes":
      return `made anew in each run: ${shape.length} random bytes in base64`;
    case "pkce-verifier":
      return `made anew in each run: a PKCE verifier of ${shape.length} characters`;
    case "random":
      return `made anew in each run: ${shape.length} random characters`;
    case "timestamp":
      return "the time of the run";
  }
}
