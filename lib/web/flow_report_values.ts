/** Values in the report: one mark wherever a value occurs, and the list of all of them. */
import type { ExplainedFlow, FlowValue, Piece, SentValue } from "../ops/flow_explanation.ts";
import { type Markup, markup } from "./flow_report_markup.ts";

/** `entry`: in the list of values, beside the diagram. */
type Role = "origin" | "use" | "entry";

/** What a click on a value follows: every mark of the same number. */
export class ValueMarks {
  readonly #values: readonly FlowValue[];

  constructor(flow: ExplainedFlow) {
    this.#values = flow.values;
  }

  /** A value where it is used, or in another role. */
  mark(name: string, role: Role = "use"): Markup {
    const index = this.#values.findIndex((value) => value.name === name);
    const value = this.#values[index];
    if (value === undefined) return markup`<span class="value">${name}</span>`;
    const classes = `value ${value.kind}`;
    const shown = value.kind === "cookie" ? name.replace(/^cookie /, "") : name;
    return markup`<a class="${classes}" href="#v${index}" data-value="v${index}" data-role="${role}">${shown}</a>`;
  }

  pieces(pieces: readonly Piece[]): Markup {
    return markup`${
      pieces.map((piece) => typeof piece === "string" ? piece : this.mark(piece.value))
    }`;
  }

  /** The list beside the diagram. */
  list(): Markup {
    const entries = this.#values.map((value, index) => this.#entry(value, index));
    return markup`<ul class="values">${entries}</ul>`;
  }

  #entry({ name, origin, step, uses }: FlowValue, index: number): Markup {
    const from = step === null ? origin : markup`${origin} (${stepLink(step)})`;
    return markup`<li id="v${index}">
<p>${this.mark(name, "entry")}</p>
<p class="origin">${from}</p>
${uses.length === 0 ? markup`<p class="origin">not sent</p>` : usesOf(uses)}
</li>`;
  }
}

function usesOf(uses: FlowValue["uses"]): Markup {
  const items = uses.map(({ step, place }) => markup`<li>${stepLink(step)} ${place}</li>`);
  return markup`<ul class="uses">${items}</ul>`;
}

const YIELD_NAMES: Readonly<Record<string, string>> = {
  result: "the result",
  refreshed: "the refreshed result",
};

function stepLink(step: string): Markup {
  return markup`<a href="#${step}">${YIELD_NAMES[step] ?? step}</a>`;
}

/** Places with what they carry. Constants say little and are folded away. */
export function sentFields(sent: readonly SentValue[], marks: ValueMarks): Markup {
  const constants = sent.filter(({ kind }) => kind === "constant");
  const changing = sent.filter(({ kind }) => kind !== "constant");
  const fields = changing.map((field) => fieldRow(field, marks));
  return markup`${fields.length === 0 ? null : markup`<dl class="fields">${fields}</dl>`}${
    foldedConstants(constants)
  }`;
}

function fieldRow({ place, from, kind }: SentValue, marks: ValueMarks): Markup {
  const flag = kind === "unexplained" ? markup` <strong class="bad">unexplained</strong>` : null;
  return markup`<div><dt>${place}</dt><dd>${marks.pieces(from)}${flag}</dd></div>`;
}

function foldedConstants(constants: readonly SentValue[]): Markup | null {
  if (constants.length === 0) return null;
  const count = `${constants.length} ${constants.length === 1 ? "constant" : "constants"}`;
  const places = constants.map(({ place }) => markup`<li>${place}</li>`);
  return markup`<details class="constants"><summary>${count}</summary><ul>${places}</ul></details>`;
}
