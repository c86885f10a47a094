/** The media type of a part of a multipart body, among those that its encoding declares. */

/**
 * The declared type that the content fits, else the first one; `null` where only ranges are declared that it does not
 * fit. A list of types and ranges is no type that could be sent (OpenAPI 3.1, "Encoding Object", `contentType`).
 *
 * @param fitting The type of the content, as far as that is known.
 */
export function chosenType(declared: string | null, fitting: string | null): string | null {
  const types = (declared ?? "").split(",").map((type) => type.trim()).filter((type) =>
    type !== ""
  );
  const chosen = fitting === null ? undefined : types.find((type) => isIn(fitting, type));
  const result = chosen ?? types.find((type) => !type.includes("*")) ?? null;
  return result?.includes("*") ? fitting : result;
}

/** Whether a type is the one declared, its parameters aside, or in the range declared. */
function isIn(type: string, declared: string): boolean {
  const essence = declared.split(";")[0]!.trim().toLowerCase();
  const [main, sub] = essence.split("/");
  return essence === type || essence === "*/*" || sub === "*" && type.startsWith(`${main}/`);
}
