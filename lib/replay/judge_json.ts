/** Holding a JSON value against its template, leaf by leaf. */
import { isRecord, type JsonValue } from "../base/json.ts";
import type { Expr, JsonTemplate } from "../correlate/flow.ts";

export interface JsonJudge {
  match(path: string, expr: Expr, observed: string): void;
  find(path: string, problem: string): void;
}

/** A member whose value is `null` and a member that is absent are taken for the same. */
export function judgeJson(
  template: JsonTemplate,
  observed: JsonValue | undefined,
  path: string,
  judge: JsonJudge,
): void {
  if (observed === undefined) {
    const isNull = template.kind === "literal" && template.value === null;
    if (!isNull) judge.find(path, "is missing");
    return;
  }
  switch (template.kind) {
    case "literal":
      if (!isEqual(template.value, observed)) judge.find(path, "is not the recorded constant");
      return;
    case "expr":
      return judgeLeaf(template, observed, path, judge);
    case "object":
      return judgeObject(template.entries, observed, path, judge);
    case "array":
      return judgeArray(template.items, observed, path, judge);
  }
}

function judgeLeaf(
  template: JsonTemplate & { kind: "expr" },
  observed: JsonValue,
  path: string,
  judge: JsonJudge,
): void {
  const type = typeof observed;
  if (type !== template.as) return judge.find(path, `is no ${template.as}`);
  judge.match(path, template.expr, String(observed));
}

function judgeObject(
  entries: readonly (readonly [string, JsonTemplate])[],
  observed: JsonValue,
  path: string,
  judge: JsonJudge,
): void {
  if (!isRecord(observed)) return judge.find(path, "is no object");
  const members = observed as Record<string, JsonValue>;
  for (const [name, template] of entries) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    judgeJson(template, member, join(path, name), judge);
  }
  const known = new Set(entries.map(([name]) => name));
  for (const [name, value] of Object.entries(members)) {
    if (known.has(name) || value === null) continue;
    judge.find(join(path, name), "is sent and the recorded request has none");
  }
}

function judgeArray(
  items: readonly JsonTemplate[],
  observed: JsonValue,
  path: string,
  judge: JsonJudge,
): void {
  if (!Array.isArray(observed)) return judge.find(path, "is no array");
  if (observed.length !== items.length) return judge.find(path, "has another number of items");
  items.forEach((item, index) =>
    judgeJson(item, (observed as JsonValue[])[index], join(path, String(index)), judge)
  );
}

function isEqual(a: JsonValue, b: JsonValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (isRecord(a) && isRecord(b)) {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length &&
      names.every((name) =>
        Object.hasOwn(b, name) && isEqual(a[name] as JsonValue, b[name] as JsonValue)
      );
  }
  return a === b;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
