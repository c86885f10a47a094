/** What the successful answers of an operation are: their media types, and the schemas of those in JSON. */
import type { SpecVersion } from "./document.ts";
import { DocumentProblem, type Node, rawChild, type References, textsAt } from "./reference.ts";

export interface Answers {
  /** Media types of successful answers. */
  readonly produces: readonly string[];
  /** Schemas of successful answers in JSON; empty where one of these has none. */
  readonly answers: readonly Node[];
}

/** Without parameters: `application/json`, `application/hal+json`. */
const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json$/;

export function readAnswers(
  references: References,
  version: SpecVersion,
  operation: Node,
): Answers {
  const successful = successfulResponses(references, operation);
  if (version === "2.0") return swaggerAnswers(references, operation, successful);
  const contents = successful.flatMap((response) =>
    references.members(rawChild(response, "content"))
  );
  const media = contents.filter(([type]) => isJson(type))
    .map(([, node]) => rawChild(node, "schema"));
  return { produces: [...new Set(contents.map(([type]) => type))], answers: complete(media) };
}

function swaggerAnswers(
  references: References,
  operation: Node,
  successful: readonly Node[],
): Answers {
  const own = textsAt(operation, "produces");
  const produces = own.length > 0 ? own : textsAt(references.root, "produces");
  const isInJson = produces.length === 0 || produces.some(isJson);
  const schemas = successful.map((response) => rawChild(response, "schema"))
    .filter((schema) => schema !== null);
  return { produces, answers: isInJson ? schemas : [] };
}

/** Those with a status of success, else the one for all. A response that cannot be read says nothing. */
function successfulResponses(references: References, operation: Node): Node[] {
  const responses = references.members(rawChild(operation, "responses"));
  const good = responses.filter(([status]) => /^2/.test(status));
  const chosen = good.length > 0 ? good : responses.filter(([status]) => status === "default");
  return chosen.flatMap(([, response]) => {
    try {
      return [references.follow(response)];
    } catch (error) {
      if (error instanceof DocumentProblem) return [];
      throw error;
    }
  });
}

/** One without a schema may be anything, and so may then the answer. */
function complete(schemas: readonly (Node | null)[]): Node[] {
  const known = schemas.filter((schema) => schema !== null);
  return known.length === schemas.length ? known : [];
}

function isJson(type: string): boolean {
  return JSON_TYPE.test(type.split(";")[0]!.trim().toLowerCase());
}
