/** The path of a tool: a template with the arguments that fill it. */
import type { ParameterSet } from "./parameter_set.ts";
import type { TemplatePart } from "./path_template.ts";
import type { Sample } from "./sample.ts";

/** The parts with their parameters under the names the set gave them. */
export function pathParts(
  parts: readonly TemplatePart[],
  parameters: ParameterSet,
  samples: readonly Sample[],
  nameAt: (at: number, name: string) => string,
): TemplatePart[] {
  return parts.map((part, at) => {
    if (part.parameter === null) return part;
    const { name, schema, behind, isUser = false, isRest = false } = part.parameter;
    const other = isUser || isRest ? name : nameAt(at, name);
    const isTaken = parameters.names.includes(other);
    const given = parameters.add({
      name: isTaken ? name : other,
      place: "path",
      schema,
      description: isUser
        ? "Whose"
        : isRest
        ? "Path of the file or folder; slashes divide folders"
        : behind === undefined
        ? "First segment of the path"
        : `Segment of the path behind "${behind}"`,
      // The tree itself, where it was asked for.
      required: !isRest || samples.every(({ segments }) => segments.slice(at).join("") !== ""),
      isUser,
    });
    return { ...part, parameter: { ...part.parameter, name: given } };
  });
}
