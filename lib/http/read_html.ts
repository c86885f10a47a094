/** Runs the HTML parser over a page, in time that grows with the page's length. */
import { type Handler, Parser } from "htmlparser2";

/** Of a page that is read, in UTF-16 units; what follows is left out. */
const MAX_PAGE_LENGTH = 8 * 1024 * 1024;

/**
 * Elements that are open at once; beyond that the outermost are no longer waited for. Browsers stop at 512
 * too; the parser's time grows with the square of it.
 */
const MAX_DEPTH = 512;

/** Malformed markup is read as far as it goes. Character references are decoded. */
export function readHtml(
  html: string,
  handler: Partial<Pick<Handler, "onopentag" | "ontext" | "onclosetag">>,
): void {
  const parser: Parser = new Parser({ ...handler, onopentagname: () => keepShallow(parser) });
  parser.write(html.slice(0, MAX_PAGE_LENGTH));
  parser.end();
}

/** The parser has no limit of its own; its stacks, the innermost element first, are no part of its types. */
function keepShallow(parser: Parser): void {
  const { stack, foreignContext } = parser as unknown as ParserStacks;
  if (stack.length > MAX_DEPTH) stack.pop();
  if (foreignContext.length > MAX_DEPTH) foreignContext.pop();
}

interface ParserStacks {
  readonly stack: string[];
  readonly foreignContext: unknown[];
}
