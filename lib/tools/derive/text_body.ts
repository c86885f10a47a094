/** The body of a tool that sends a text: XML, or plain. */
import { isXml } from "../../http/xml.ts";
import type { ToolBody } from "../definition.ts";
import type { NewParameter, ParameterSet } from "./parameter_set.ts";
import type { Sample } from "./sample.ts";
import { xmlSkeleton } from "./xml_message.ts";

/** One argument for all of it. */
export function textBody(samples: readonly Sample[], parameters: ParameterSet): ToolBody {
  const param = parameters.add({
    name: "body",
    place: "body",
    schema: { type: "string" },
    description: aboutText(samples),
    ...usualText(samples),
  });
  return { kind: "text", value: { kind: "param", param } };
}

/**
 * How a text is written, where that is XML: the elements of one that was sent, and nothing it said. A credential
 * inside is put where the text has the element for it.
 */
function aboutText(samples: readonly Sample[]): string {
  const places = [...new Set(samples.flatMap(({ carried }) => carried.body))];
  const skeleton = skeletonsOf(samples).find((one) => one !== null);
  return [
    "The body as text",
    ...(skeleton === undefined ? [] : [`, such as ${skeleton}`]),
    ...(places.length === 0
      ? []
      : [`; the session is filled in at ${places.join(", ")}, which may be empty`]),
  ].join("");
}

/** Of the texts that are XML; `null` for one that is too large. */
function skeletonsOf(samples: readonly Sample[]): (string | null)[] {
  const texts = samples.map(({ body }) => body.kind === "text" ? body.text : "");
  return texts.filter(isXml).map(xmlSkeleton);
}

/**
 * A PROPFIND needs no body: without one it asks for all properties (RFC 4918 section 9.1). Where the app asked for
 * the same ones each time, so does a call that names none.
 */
function usualText(samples: readonly Sample[]): Pick<NewParameter, "required" | "default"> {
  const isQuestion = samples.every(({ method, carried }) =>
    method === "PROPFIND" && carried.body.length === 0
  );
  if (!isQuestion) return { required: true };
  const [first, ...others] = new Set(skeletonsOf(samples));
  const isSame = typeof first === "string" && others.length === 0;
  return { required: false, ...(isSame ? { default: first } : {}) };
}
