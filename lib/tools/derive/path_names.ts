/**
 * One name for one thing: a field that holds what stands in paths as `{project_id}` is called `project_id`, too,
 * whether the app spells it `project`, `projectId` or `id`.
 */
import { snakeCase } from "./nouns.ts";
import type { TemplatePart } from "./path_template.ts";
import type { Sample } from "./sample.ts";
import { splitSegment } from "./segment_kind.ts";

/** Shorter values stand in fields of any name by chance. In UTF-16 units. */
const MIN_TELLING_LENGTH = 6;

export class PathNames {
  readonly #values = new Map<string, Set<string>>();

  /** `templates`: of all of the app's samples. */
  constructor(templates: Iterable<readonly [Sample, readonly TemplatePart[]]>) {
    for (const [{ segments }, parts] of templates) {
      for (const [at, { parameter }] of parts.entries()) {
        if (parameter === null || !parameter.name.endsWith("_id")) continue;
        const known = this.#values.get(parameter.name) ?? new Set();
        known.add(splitSegment(segments[at]!).value);
        this.#values.set(parameter.name, known);
      }
    }
  }

  /** The path's name for a field with these values; the field's own where no path has them. */
  nameFor(field: string, values: readonly unknown[]): string {
    const texts = values.filter((value) => typeof value === "string" || typeof value === "number")
      .map(String).filter((text) => text !== "");
    if (texts.length === 0 || texts.length < values.length) return field;
    const stem = snakeCase(field).replace(/_?id$/, "");
    if (stem !== "") return this.#holdsSome(`${stem}_id`, texts) ? `${stem}_id` : field;
    if (!/^_?id$/i.test(field) || !texts.every((text) => text.length >= MIN_TELLING_LENGTH)) {
      return field;
    }
    const names = [...this.#values.keys()].filter((name) => this.#holdsSome(name, texts));
    return names.length === 1 ? names[0]! : field;
  }

  #holdsSome(name: string, texts: readonly string[]): boolean {
    const known = this.#values.get(name);
    return known !== undefined && texts.some((text) => known.has(text));
  }
}
