/** The operations of a service as tools: what a list shows of each. */
import type { ServiceConfig } from "../base/config.ts";
import { plainText } from "../http/plain_text.ts";
import { answerSchema } from "../openapi/answer_schema.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import { operationWords } from "../openapi/operation_words.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import { askedSecurity } from "../resolve/attach.ts";
import { type Described, describedLater } from "./described_later.ts";
import { urlOf } from "./service_urls.ts";
import type { SkippedTool, ToolListing, ToolSummary } from "./tool_owner.ts";

/** Of a tool's description, in UTF-16 units: documents hold whole manuals. */
const MAX_DESCRIPTION_LENGTH = 1000;

/**
 * Operations of one document whose arguments are described for the list. Documents with more have schemas for
 * minutes of work and gigabytes, and nobody reads a list as long: those are described one by one.
 */
const MAX_DESCRIBED = 3_000;
/** Of all descriptions of one document together, as JSON, in UTF-16 units: the rest is described one by one. */
const MAX_ALL_DESCRIBED = 32 * 1024 * 1024;

/** An operation whose schemas cannot be read is skipped, with why; in a huge document that is told by the call. */
export function listOperations(catalog: Catalog, service: ServiceConfig): ToolListing {
  const tools: ToolSummary[] = [];
  const skipped: SkippedTool[] = catalog.skipped.map(({ operationId, method, path, reason }) => ({
    name: operationId ?? `${method} ${path}`.trim(),
    reason,
  }));
  const { operations } = catalog;
  const isHuge = operations.length > MAX_DESCRIBED;
  let described = 0;
  for (const operation of operations) {
    if (isHuge || described > MAX_ALL_DESCRIBED) {
      tools.push(describedLater(catalog, requestSummary(catalog, service, operation)));
      continue;
    }
    try {
      const tool = summaryOf(catalog, service, operation);
      described += tool.size + tool.answersSize;
      tools.push(tool);
    } catch (error) {
      if (!(error instanceof DocumentProblem)) throw error;
      skipped.push({ name: operation.tool, reason: error.message });
    }
  }
  return { tools, skipped };
}

/** @throws {DocumentProblem} when a schema of the operation cannot be read. */
export function summaryOf(
  catalog: Catalog,
  service: ServiceConfig,
  operation: Operation,
): ToolSummary {
  const parameters = argumentSchema(catalog, operation);
  const size = JSON.stringify(parameters).length;
  const answers = answerSchema(catalog, operation);
  const answersSize = answers === null ? 0 : JSON.stringify(answers).length;
  const request = requestSummary(catalog, service, operation);
  return { ...request, size, parameters, answersSize, answers };
}

export function requestSummary(
  catalog: Catalog,
  service: ServiceConfig,
  operation: Operation,
): Omit<ToolSummary, Described> {
  const { alternatives } = askedSecurity(operation.security, service.attach, catalog.schemes);
  const { safe, idempotent, destructive } = operation.effect;
  return {
    name: operation.tool,
    description: descriptionOf(catalog, operation),
    method: operation.method,
    path: operation.path,
    tags: operation.tags,
    url: urlOf(catalog, service, operation),
    requiresAuth: alternatives.length > 0 && alternatives.every((one) => one.length > 0),
    safe,
    idempotent,
    additive: !safe && !destructive,
    words: operationWords(catalog.references, operation),
  };
}

function descriptionOf(catalog: Catalog, operation: Operation): string {
  const { summary, description, method, path, deprecated } = operation;
  const texts = [...new Set([plainText(summary), plainText(description)])];
  const text = texts.filter((part) => part !== "").join("\n\n") || `${method} ${path}`;
  const cut = text.length > MAX_DESCRIPTION_LENGTH
    ? `${text.slice(0, MAX_DESCRIPTION_LENGTH).trimEnd()}…`
    : text;
  const told = [deprecated ? `Deprecated. ${cut}` : cut, followUpsOf(catalog, operation)];
  return told.filter((part) => part !== "").join("\n\n");
}

/** `The answer leads to: get_pet (petId: id of the answer)`; nothing of pages, which are asked for otherwise. */
function followUpsOf(catalog: Catalog, { followUps, tool }: Operation): string {
  const known = followUps.flatMap(({ operation, parameters }) => {
    const target = catalog.find(operation)?.tool;
    if (target === undefined || target === tool) return [];
    const given = parameters.map(([name, from]) => `${name}: ${from}`).join(", ");
    return [`${target}${given === "" ? "" : ` (${given})`}`];
  });
  return known.length === 0 ? "" : `The answer leads to: ${known.join("; ")}`;
}
