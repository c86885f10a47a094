/** Bodies that are no short text as contents of a result: images, audio, files, and links to what is kept. */
import { Buffer } from "node:buffer";
import type { CallToolResult } from "@modelcontextprotocol/server";
import { messageOf } from "../base/error.ts";
import type { Redactor } from "../base/redact.ts";
import type { KeptAnswers } from "../ops/kept_answers.ts";
import type { ToolResult } from "../ops/tool_owner.ts";
import { answerUri } from "./answer_uri.ts";

/** Of an image or sound, before it is encoded. Larger ones are more than models take. */
const MAX_MEDIA_BYTES = 1024 * 1024;
/** Of any other file that stands in the result itself. */
const MAX_FILE_BYTES = 64 * 1024;

interface ContentOptions {
  readonly redactor: Redactor;
  readonly tool: string;
  readonly kept: KeptAnswers;
}

type Content = CallToolResult["content"];

/** What models can see or hear, or a small file, and in any case where the file is. */
export async function binaryContent(result: ToolResult, options: ContentOptions): Promise<Content> {
  const { body, mediaType } = result;
  const data = () => Buffer.from(body).toString("base64");
  const isSmall = body.length <= MAX_MEDIA_BYTES;
  if (isSmall && /^image\/(png|jpeg|gif|webp)$/.test(mediaType)) {
    return [{ type: "image", data: data(), mimeType: mediaType }];
  }
  if (isSmall && mediaType.startsWith("audio/")) {
    return [{ type: "audio", data: data(), mimeType: mediaType }];
  }
  return await keptContent(body, result, options, body.length <= MAX_FILE_BYTES ? "whole" : 0);
}

/**
 * Keeps the body, and says where. `shown`: how many of its bytes the result shows already; `whole` puts the
 * file itself into the result.
 */
export async function keptContent(
  content: string | Uint8Array,
  { mediaType }: Pick<ToolResult, "mediaType">,
  { kept, tool, redactor }: ContentOptions,
  shown: number | "whole",
): Promise<Content> {
  try {
    const answer = await kept.keep(content, { tool, mediaType });
    const { id, path, size } = answer;
    const uri = answerUri(id);
    const type = mediaType === "" ? {} : { mimeType: redactor.redact(mediaType) };
    const file: Content = shown === "whole" && typeof content !== "string"
      ? [{
        type: "resource",
        resource: { uri, ...type, blob: Buffer.from(content).toString("base64") },
      }]
      : [];
    const link = { type: "resource_link" as const, uri, name: `Answer to ${tool}`, size, ...type };
    return [{ type: "text", text: placeWords(uri, path, size, shown) }, ...file, link];
  } catch (error) {
    return [{ type: "text", text: `The whole answer could not be kept: ${messageOf(error)}` }];
  }
}

function placeWords(uri: string, path: string, size: number, shown: number | "whole"): string {
  const from = typeof shown === "number" && shown > 0
    ? `This is the beginning, ${shown} of ${size} bytes. `
    : `The answer has ${size} bytes. `;
  const next = typeof shown === "number" ? `, in parts ${uri}?offset=${shown}&length=65536` : "";
  return `${from}All of it: the file ${path}, and the resource ${uri}${next}. ` +
    "Both are there until the server ends";
}
