/** What the method and path of an operation say of it, for the search. */
import { stemmer } from "stemmer";
import type { ToolSummary } from "../ops/tool_owner.ts";
import { METHOD_VERBS } from "./search_words.ts";
import { wordsIn } from "./words_in.ts";

/** What each segment of a path costs: what is asked for most stands high in a hierarchy. */
const DEPTH_WEIGHT = 0.15;

/** What is asked for seldom goes behind what is asked for often: versions that are not final, deep paths. */
export function priorOf({ method, path, description }: ToolSummary): number {
  const depth = path.split("/").length;
  const isDeprecated = /\bdeprecated\b/i.test(description.slice(0, 200));
  const isUnfinished = /v\d+(alpha|beta)\d*|\/beta\/|preview/i.test(path);
  return (method === "HEAD" ? 0.5 : 1) * (isDeprecated ? 0.5 : 1) * (isUnfinished ? 0.7 : 1) /
    (1 + DEPTH_WEIGHT * depth);
}

/** The stems of the last segment that is not a parameter. */
export function pathEnd(tool: ToolSummary): string[] {
  return lastWords(tool).map(stemmer);
}

/** Its last segment is of people by the ending of its name: members, authors, assignees. */
export function endsInPeople(tool: ToolSummary): boolean {
  const last = lastWords(tool).at(-1) ?? "";
  return /^(people|persons?|staff)$|(er|or|ee)s?$/.test(last) && !THINGS_LIKE_PEOPLE.test(last);
}

const THINGS_LIKE_PEOPLE =
  /^(buffer|chapter|cluster|color|counter|error|factor|filter|folder|footer|header|layer|letter|meter|monitor|number|offer|order|parameter|register|reminder|router|sensor|server|tier|timer|transfer|trigger|vector|voucher|fee|tree)s?$/;

function lastWords({ path }: ToolSummary): string[] {
  const last = path.split("/").findLast((segment) => segment !== "" && !segment.includes("{"));
  return wordsIn(last ?? "");
}

/** What a path ends in that does something: `cancel` of `POST /orders/{id}/cancel`. */
export function actionOf(tool: ToolSummary): string[] {
  const isAction = (tool.method === "POST" || tool.method === "PUT") && !isOfOne(tool);
  return isAction ? pathEnd(tool).slice(0, 1) : [];
}

/** The verb of an operation: a POST to one thing changes it, unless its name says what it does. */
export function verbOf(tool: ToolSummary): string {
  if (tool.method === "GET") return isOfOne(tool) ? "get" : "list";
  if (tool.method === "POST") return isOfOne(tool) ? "update" : "create";
  return METHOD_VERBS[tool.method]?.[0] ?? "";
}

/** What it takes are the properties of a thing that there is. */
export function isChangeOfOne(tool: ToolSummary): boolean {
  return ["PATCH", "PUT", "POST"].includes(tool.method) && isOfOne(tool);
}

function isOfOne({ path }: ToolSummary): boolean {
  return path.endsWith("}");
}
