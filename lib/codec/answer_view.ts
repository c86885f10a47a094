/** An answer taken apart; every part is made on first use. */
import type { JsonValue } from "../base/json.ts";
import { bodyText, parseBody, type ParsedBody, parseGuardedJson } from "../http/body.ts";
import { responseCookies, type SetCookie } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { type HtmlPage, parseHtml } from "../http/html.ts";
import { parseUrl } from "../http/url.ts";

const BINARY_TYPE =
  /^(image|audio|video|font)\/(?!svg)|^application\/(octet-stream|pdf|zip|gzip|wasm)/;

export class AnswerView {
  #cookies: readonly SetCookie[] | undefined;
  #location: URL | null | undefined;
  #text: string | undefined;
  #body: ParsedBody | undefined;
  #json: { readonly value: JsonValue | undefined } | undefined;
  #page: HtmlPage | undefined;

  /**
   * @param url of the request: redirect targets and form actions are made absolute against it
   * @param isMadeUp says that nothing shows how many forms the real page has
   */
  constructor(
    readonly response: HttpResponse,
    readonly url: string,
    readonly isMadeUp: (text: string) => boolean = () => false,
  ) {}

  get cookies(): readonly SetCookie[] {
    return this.#cookies ??= responseCookies(this.response.headers);
  }

  /** The redirect target, absolute; `null` when there is none. */
  get location(): URL | null {
    if (this.#location !== undefined) return this.#location;
    const target = headerValue(this.response.headers, "location");
    return this.#location = target === undefined ? null : parseUrl(target, this.url);
  }

  /** The body as text; `""` when it is missing or binary. */
  get text(): string {
    const { headers, body } = this.response;
    return this.#text ??= body === null || this.isBinary ? "" : bodyText(headers, body);
  }

  /** By the content type. */
  get isBinary(): boolean {
    return BINARY_TYPE.test(mediaType(this.response.headers));
  }

  /** The body by its content type. */
  get body(): ParsedBody {
    return this.#body ??= parseBody(this.response.headers, this.response.body);
  }

  /** The body read as JSON whatever its content type says, as a script reads it. */
  get json(): JsonValue | undefined {
    if (this.body.kind === "json") return this.body.value;
    this.#json ??= { value: parseGuardedJson(this.text) };
    return this.#json.value;
  }

  /** False when the head says that it is not a page; cheaper than looking at the body. */
  get mayBePage(): boolean {
    return /^$|html/.test(mediaType(this.response.headers));
  }

  get isPage(): boolean {
    return this.mayBePage && this.body.kind === "html";
  }

  /** The body read as HTML, whatever it is. */
  get page(): HtmlPage {
    return this.#page ??= parseHtml(this.text);
  }
}
