/** The text of a body with credentials masked, by the form the body has. */
import { MASK, type Redactor } from "../base/redact.ts";
import { parseBody } from "../http/body.ts";
import type { HeaderList } from "../http/exchange.ts";
import { isSecretName } from "../http/vocabulary.ts";

/** One member of a JSON object whose value is a string or a number; RFC 8259 section 7 for the escapes. */
const JSON_MEMBER = /("(?:[^"\\]|\\.)*")(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g;
const FORM_PAIR = /(^|&)([^=&]+)=([^&]*)/g;
const MULTIPART_PART =
  /(\bname="([^"]*)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([\s\S]*?)(?=\r?\n--)/g;

/**
 * Masks credentials by the name of their field, however short they are, and the values the redactor
 * knows wherever they occur. `text` is the decoded `body`.
 */
export function maskBodyText(
  headers: HeaderList,
  body: Uint8Array,
  text: string,
  redactor: Redactor,
): string {
  return redactor.redact(maskFields(parseBody(headers, body).kind, text));
}

function maskFields(kind: ReturnType<typeof parseBody>["kind"], text: string): string {
  switch (kind) {
    case "json":
      return text.replace(
        JSON_MEMBER,
        (whole, name, colon) =>
          isSecretName(name.slice(1, -1)) ? `${name}${colon}"${MASK}"` : whole,
      );
    case "form":
      return text.replace(
        FORM_PAIR,
        (whole, mark, name) => isSecretName(name) ? `${mark}${name}=${MASK}` : whole,
      );
    case "multipart":
      return text.replace(
        MULTIPART_PART,
        (whole, head, name) => isSecretName(name) ? `${head}${MASK}` : whole,
      );
    default:
      return text;
  }
}
