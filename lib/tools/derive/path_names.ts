/**
 * One name for one thing: a field that holds what stands in paths as `{project_id}` is called `project_id`, too,
 * whether the app spells it `project`, `projectId` or `id`.
 */
import { snakeCase } from "./nouns.ts";
import type { TemplatePart } from "./path_template.ts";
import type { Sample } from "./sample.ts";
import { segmentKind, splitSegment } from "./segment_kind.ts";

/** Shorter values stand in fields of any name by chance. In UTF-16 units. */
const MIN_TELLING_LENGTH = 6;

export class PathNames {
  readonly #values = new Map<string, Set<string>>();
  /** By value, in how many requests each name had it. */
  readonly #uses = new Map<string, Map<string, number>>();

  /** `templates`: of all of the app's samples. */
  constructor(templates: Iterable<readonly [Sample, readonly TemplatePart[]]>) {
    for (const [{ segments }, parts] of templates) {
      for (const [at, { parameter }] of parts.entries()) {
        if (parameter === null || !parameter.name.endsWith("_id")) continue;
        const { value } = splitSegment(segments[at]!);
        const known = this.#values.get(parameter.name) ?? new Set();
        known.add(value);
        this.#values.set(parameter.name, known);
        const uses = this.#uses.get(value) ?? new Map<string, number>();
        uses.set(parameter.name, (uses.get(parameter.name) ?? 0) + 1);
        this.#uses.set(value, uses);
      }
    }
  }

  /**
   * The name for an id of a path that stands in other paths, too: the one that most requests have it under, the first
   * of those where some are equal. Its own where the values are not all known under that name.
   */
  pathNameFor(name: string, values: readonly string[]): string {
    if (!name.endsWith("_id") || !values.every(isTelling)) return name;
    const names = new Set(values.map((value) => mostUsed(this.#uses.get(value)) ?? name));
    return names.size === 1 ? [...names][0]! : name;
  }

  /** The path's name for a field with these values; the field's own where no path has them. */
  nameFor(field: string, values: readonly unknown[]): string {
    const texts = values.filter((value) => typeof value === "string" || typeof value === "number")
      .map(String).filter((text) => text !== "");
    if (texts.length === 0 || texts.length < values.length) return field;
    const stem = snakeCase(field).replace(/_?id$/, "");
    if (stem !== "" && this.#holdsSome(`${stem}_id`, texts)) return `${stem}_id`;
    // `id`, and short forms such as `pid`.
    if (!/^_?[a-z]{0,2}_?id$/i.test(field)) return field;
    return this.#onlyNameOf(texts) ?? field;
  }

  #onlyNameOf(texts: readonly string[]): string | null {
    if (!texts.every((text) => text.length >= MIN_TELLING_LENGTH)) return null;
    const names = new Set(texts.map((text) => mostUsed(this.#uses.get(text))));
    return names.size === 1 ? [...names][0] ?? null : null;
  }

  #holdsSome(name: string, texts: readonly string[]): boolean {
    const known = this.#values.get(name);
    return known !== undefined && texts.some((text) => known.has(text));
  }
}

/** Long, or of a kind that does not come twice by chance. */
function isTelling(value: string): boolean {
  return value.length >= MIN_TELLING_LENGTH && segmentKind(value) !== null;
}

function mostUsed(uses: ReadonlyMap<string, number> | undefined): string | undefined {
  return [...uses ?? []].reduce<readonly [string, number] | undefined>(
    (best, one) => best === undefined || one[1] > best[1] ? one : best,
    undefined,
  )?.[0];
}
