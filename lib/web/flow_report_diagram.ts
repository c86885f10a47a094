/** The sequence diagram: lifelines as columns of a grid, each message an arrow from column to column. */
import type { ExplainAuthOutput } from "../ops/explain_auth.ts";
import type { FlowStep, FlowYield } from "../ops/flow_explanation.ts";
import { hostOf, type Lanes, SCRIPT_LANE, shownHost, USER_LANE } from "./flow_report_lanes.ts";
import { type Insert, type Markup, markup } from "./flow_report_markup.ts";
import { sentFields, type ValueMarks } from "./flow_report_values.ts";

export interface Sequence {
  readonly title: string;
  readonly steps: readonly FlowStep[];
  readonly yields: FlowYield;
}

export class Diagram {
  constructor(
    readonly explanation: ExplainAuthOutput,
    readonly lanes: Lanes,
    readonly marks: ValueMarks,
  ) {}

  draw({ title, steps, yields }: Sequence): Markup {
    const role = yields.id === "result"
      ? " · hands the credentials over"
      : " · hands the refresh token over";
    const drawn = steps.map((step) => this.#step(step, step.submitsCredentials ? role : ""));
    const heads = ["you", "auth script", ...this.lanes.hosts.map(shownHost)];
    return markup`<div class="scroll" role="region" aria-label="${title}" tabindex="0">
<div class="sequence">
<div class="lifelines" aria-hidden="true">${heads.map(() => markup`<i></i>`)}</div>
<div class="heads">${heads.map((head) => markup`<span>${head}</span>`)}</div>
<ol>
${this.#opening(steps, yields)}${drawn}${this.#yields(yields)}
</ol>
<svg class="threads" aria-hidden="true"></svg>
</div>
</div>`;
  }

  /** What comes before the first request: what the client makes up, and the prompts of a login without requests. */
  #opening(steps: readonly FlowStep[], { id }: FlowYield): Markup[] {
    const places = new Set<string>([...steps.map((step) => step.id), id]);
    const made = (this.explanation.flow?.values ?? []).filter(({ kind, uses }) =>
      kind === "made" && uses.some(({ step }) => places.has(step))
    );
    const typed = id === "result" && steps.length === 0 ? this.explanation.inputs : [];
    return [
      ...(made.length === 0 ? [] : [this.#note(made.map(({ name }) => name))]),
      ...typed.map(({ name }) => this.#prompt(name)),
    ];
  }

  #note(made: readonly string[]): Markup {
    const names = made.map((name) => markup` ${this.marks.mark(name, "origin")}`);
    return markup`<li class="note"><p>makes up${names}</p></li>\n`;
  }

  #step(step: FlowStep, role: string): Markup {
    const column = this.lanes.column(step.host);
    const call = markup`<p class="call"><b>${step.method}</b> ${step.path}</p>
<p class="meta">${step.id} · ${step.trace}${role}${this.#proven(step)}</p>`;
    const answer = markup`<p class="call">${step.status}</p>`;
    return markup`${step.asks.map((name) => this.#prompt(name))}<li class="message" id="${step.id}">
${arrow(SCRIPT_LANE, column, "request", call, sentFields(step.sends, this.marks))}
</li>
<li class="message">
${arrow(column, SCRIPT_LANE, "answer", answer, this.#takes(step))}
</li>
`;
  }

  #takes({ takes }: FlowStep): Markup | null {
    if (takes.length === 0) return null;
    const rows = takes.map(({ value, place }) =>
      markup`<div><dt>${place}</dt><dd>${this.marks.mark(value, "origin")}</dd></div>`
    );
    return markup`<dl class="fields">${rows}</dl>`;
  }

  #prompt(name: string): Markup {
    const label = this.explanation.inputs.find((input) => input.name === name)?.label ?? name;
    const call = markup`<p class="call">${label} ${this.marks.mark(name, "origin")}</p>`;
    return markup`<li class="message">${arrow(USER_LANE, SCRIPT_LANE, "request", call)}</li>\n`;
  }

  #yields({ id, carries, keeps, expiresIn }: FlowYield): Markup {
    const { apiOrigins } = this.explanation;
    const api = apiOrigins[0] === undefined ? 0 : this.lanes.column(hostOf(apiOrigins[0]));
    const when = id === "result" ? "every request to the API" : "every request after a refresh";
    const call = markup`<p class="call"><b>${when}</b></p>
<p class="meta">${apiOrigins.join(", ")}</p>`;
    const kept = keeps.map(({ place, from }) =>
      markup`<p class="meta">keeps the ${place}: ${this.marks.pieces(from)}</p>`
    );
    const life = expiresIn === null ? null : markup`<p class="meta">lifetime: ${expiresIn}</p>`;
    const below = markup`${sentFields(carries, this.marks)}${kept}${life}`;
    return markup`<li class="message yields" id="${id}">
${arrow(SCRIPT_LANE, Math.max(api, SCRIPT_LANE + 1), "request", call, below)}
</li>`;
  }

  /** What the proof says of a step, where it is a proof of the script as it is. */
  #proven({ id }: FlowStep): Markup | null {
    const { script } = this.explanation;
    if (script?.state !== "proven" && script?.state !== "failed") return null;
    switch (script.proof?.steps.find(({ step }) => step === id)?.status) {
      case "asked":
        return markup` · <span class="good">✓ reproduced</span>`;
      case "missing":
        return markup` · <span class="bad">✗ not asked for</span>`;
      case "mismatch":
        return markup` · <span class="bad">✗ differs</span>`;
      default:
        return null;
    }
  }
}

/** From one column to another; `call` stands above the line, `below` under it. */
function arrow(
  from: number,
  to: number,
  kind: "request" | "answer",
  call: Insert,
  below: Insert = null,
): Markup {
  const [left, right] = from < to ? [from, to] : [to, from];
  const direction = from < to ? "rightward" : "leftward";
  const place = `from${left} to${right} span${right - left + 1}`;
  return markup`<div class="arrow ${kind} ${direction} ${place}">
${call}
<div class="line"></div>
${below}
</div>`;
}
