/** Kept answers as resources: listed, and read whole or by ranges of bytes. */
import { Buffer } from "node:buffer";
import type { KeptAnswer, KeptAnswers } from "../ops/kept_answers.ts";
import { ANSWER_TEMPLATE, answerUri, readAnswerUri } from "./answer_uri.ts";
import type { Connection } from "./connection.ts";
import { INVALID_PARAMS, RequestError } from "./request_error.ts";

/** Of one reading. Clients end the connection at 10 MiB, and base64 makes a third more of it. */
const MAX_READ_BYTES = 4 * 1024 * 1024;
/** Of one character. */
const MAX_CONTINUATION_BYTES = 3;

export function serveAnswers(connection: Connection, kept: KeptAnswers): void {
  connection.setRequestHandler("resources/list", () => ({
    resources: kept.list().map(({ id, tool, mediaType, size }) => ({
      uri: answerUri(id),
      name: `Answer to ${tool}`,
      size,
      ...typeOf(mediaType),
    })),
  }));
  connection.setRequestHandler("resources/templates/list", () => ({
    resourceTemplates: [{
      uriTemplate: ANSWER_TEMPLATE,
      name: "Answer of a tool",
      description: "What was too large for the result of a tool. offset and length are in bytes; " +
        "a part of a text begins and ends with whole characters.",
    }],
  }));
  connection.setRequestHandler("resources/read", async ({ params: { uri } }) => {
    const address = readAnswerUri(uri);
    const answer = address === null ? undefined : kept.get(address.id);
    if (address === null || answer === undefined) throw refused(`There is no resource "${uri}"`);
    return { contents: [await readRange(kept, answer, uri, address.range)] };
  });
}

async function readRange(
  kept: KeptAnswers,
  answer: KeptAnswer,
  uri: string,
  range: { readonly offset: number; readonly length: number } | null,
) {
  const { offset, length } = range ?? { offset: 0, length: Infinity };
  const wanted = Math.max(0, Math.min(length, answer.size - offset));
  if (wanted > MAX_READ_BYTES) {
    throw refused(
      `"${uri}" has ${wanted} bytes from ${offset} on; at most ${MAX_READ_BYTES} are read at once: ` +
        `ask for ${answerUri(answer.id)}?offset=${offset}&length=${MAX_READ_BYTES}`,
    );
  }
  const type = typeOf(answer.mediaType);
  if (!answer.isText) {
    const bytes = await kept.read(answer, { offset, length: wanted });
    return { uri, ...type, blob: Buffer.from(bytes).toString("base64") };
  }
  const bytes = await kept.read(answer, { offset, length: wanted + MAX_CONTINUATION_BYTES });
  return { uri, ...type, text: wholeCharacters(bytes, wanted) };
}

/** A character on the border of two parts belongs to the one in which it begins. */
function wholeCharacters(bytes: Uint8Array, length: number): string {
  let start = 0;
  while (start < length && isContinuation(bytes[start])) start++;
  let end = length;
  while (isContinuation(bytes[end])) end++;
  return new TextDecoder().decode(bytes.subarray(start, end));
}

/** The second and later bytes of a character in UTF-8 (RFC 3629 section 3). */
function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function typeOf(mediaType: string): { mimeType?: string } {
  return mediaType === "" ? {} : { mimeType: mediaType };
}

function refused(message: string): RequestError {
  return new RequestError(INVALID_PARAMS, message);
}
