/** What a refresh may read again without a session. */
import { atoms, exprsIn } from "./expr_walk.ts";
import { isConstant } from "./expr.ts";
import type { Expr, ResultTemplate, Step } from "./flow.ts";
import { type KnownValues, messageOf } from "./known_values.ts";
import { NO_LOGIN } from "./login_span.ts";
import { Slice } from "./slice.ts";

/**
 * What pages show to anybody, such as the id of the client: a refresh may open such a page again. The
 * page is asked for with constants alone and without a cookie.
 */
export class PublicValues {
  readonly known: KnownValues;
  /** The request as recorded, and all that it rests on. */
  readonly slice: Slice;
  readonly #index: number;

  constructor({ explainer }: Slice, index: number) {
    this.known = explainer.known;
    this.#index = index;
    this.slice = new Slice(explainer, new Set(), NO_LOGIN);
    this.slice.require(index);
  }

  has(atom: Expr): boolean {
    const page = this.#pageOf(atom);
    return page !== undefined && page.method === "GET" && page.cookies.length === 0 &&
      exprsIn(page).every(isConstant);
  }

  /** True when nothing but the refresh token and public values is needed. */
  suffice(expr: Expr): boolean {
    return atoms(expr).every((atom) =>
      atom.kind === "constant" || atom.kind === "refresh-token" || atom.kind === "generated" ||
      this.has(atom)
    );
  }

  /** The step after the pages that it and the result take values from. @rule off: [step] */
  withPages(step: Step, result: ResultTemplate): Step[] {
    const used = exprsIn([step, result]).flatMap(atoms);
    const pages = used.filter((atom) => this.has(atom)).map((atom) => this.#pageOf(atom)!);
    return [...new Set(pages), step];
  }

  #pageOf(atom: Expr): Step | undefined {
    const extraction = this.known.extractionOf(atom);
    const index = extraction === undefined ? this.#index : messageOf(extraction);
    return index === this.#index || !this.slice.has(index) ? undefined : this.slice.step(index);
  }
}
