/**
 * The login flow with its constants as placeholders, so that the script written from it may be shown.
 *
 * Constants become plain tokens first, because the generator percent-encodes what stands in URLs; in the
 * finished text the tokens are replaced by placeholders.
 */
import type { AnswerFacts } from "../correlate/answer_facts.ts";
import { mapAtoms, mapExprs } from "../correlate/expr_walk.ts";
import type { Expr, JsonTemplate, LoginFlow, ResultTemplate, Step } from "../correlate/flow.ts";
import { maskedPlace } from "../codec/place.ts";
import { parseUrl } from "../http/url.ts";
import { ambientDeclarations } from "../script/ambient.ts";
import { generateScript, RESULT_TYPE } from "../script/generate.ts";
import type { Redaction } from "./redaction.ts";
import { constantUrl } from "./shown_url.ts";

/** The draft of a script for a flow, as a model may see it. */
export function redactedScript(
  app: string,
  flow: LoginFlow,
  answers: ReadonlyMap<string, AnswerFacts>,
  redaction: Redaction,
): string {
  const tokens = new Tokens(redaction);
  const source = generateScript(tokens.flow(flow), { app, answers: tokens.answers(answers) });
  return tokens.replaceIn(withoutDeclarations(source));
}

/** What the type checker of an editor wants is known to a model. `dressed` puts it back. */
function withoutDeclarations(source: string): string {
  return source
    .replace(/^(?:\/\/.*\n)+/, "")
    .replace(/^(?:\/\*\*[^\n]*\*\/\n)?export interface AuthResult \{[\s\S]*?^\}\n/m, "")
    .replace(/^interface \w+ \{[\s\S]*?^\}\n/gm, "")
    .replace(/^declare function \w+\([^\n]*\{[\s\S]*?^\};\n/gm, "")
    .replace(/^declare function [^\n]*;\n/gm, "")
    .trimStart();
}

/** A script with what it uses declared after it, where no line moves. */
export function dressed(source: string): string {
  const result = /\binterface AuthResult\b|\btype AuthResult\b/.test(source) ? "" : RESULT_TYPE;
  const ambient = /\bdeclare\b/.test(source) ? "" : ambientDeclarations(source);
  return [source.trimEnd(), result, ambient].filter((part) => part !== "").join("\n\n") + "\n";
}

class Tokens {
  readonly #shownByToken = new Map<string, string>();
  readonly #tokenByShown = new Map<string, string>();

  constructor(readonly redaction: Redaction) {}

  replaceIn(source: string): string {
    return source.replace(/KSTOKEN\d+X/g, (token) => this.#shownByToken.get(token) ?? token);
  }

  flow(flow: LoginFlow): LoginFlow {
    const masked = mapExprs(flow, (expr) => this.#expr(expr));
    const part = <T extends Pick<LoginFlow, "steps" | "result">>(old: T): T => ({
      ...old,
      steps: old.steps.map((step) => this.#step(step)),
      result: this.#result(old.result),
    });
    return {
      ...part(masked),
      hosts: flow.hosts.map((host) => this.#origin(`https://${host}`).replace(/^https:\/\//, "")),
      refresh: masked.refresh && part(masked.refresh),
    };
  }

  answers(answers: ReadonlyMap<string, AnswerFacts>): ReadonlyMap<string, AnswerFacts> {
    return new Map([...answers].map(([trace, facts]) => [trace, {
      ...facts,
      redirectPath: facts.redirectPath === null ? null : this.#token(facts.redirectPath),
      sessionCookies: facts.sessionCookies.map((name) => this.#name(name)),
    }]));
  }

  /** What is shown as it is stays; the rest becomes a token. */
  #token(text: string): string {
    const isUrl = /^https?:\/\//.test(text);
    return this.#as(
      text,
      isUrl ? constantUrl(this.redaction, text) : this.redaction.constant(text),
    );
  }

  #name(text: string): string {
    return this.redaction.showsName(text) ? text : this.#token(text);
  }

  #as(text: string, shown: string): string {
    if (shown === text) return text;
    const known = this.#tokenByShown.get(shown);
    if (known !== undefined) return known;
    const token = `KSTOKEN${this.#tokenByShown.size + 1}X`;
    this.#tokenByShown.set(shown, token);
    this.#shownByToken.set(token, shown);
    return token;
  }

  #origin(origin: string): string {
    const url = parseUrl(origin);
    return url === null || this.redaction.origin(url) === url.origin ? origin : this.#token(origin);
  }

  #pairs(list: readonly (readonly [string, Expr])[]): (readonly [string, Expr])[] {
    return list.map(([name, expr]) => [this.#name(name), expr] as const);
  }

  #step(step: Step): Step {
    const { url, body } = step;
    return {
      ...step,
      headers: this.#pairs(step.headers),
      url: url.kind === "whole"
        ? url
        : { ...url, origin: this.#origin(url.origin), query: this.#pairs(url.query) },
      cookies: step.cookies.map((cookie) => ({ ...cookie, name: this.#name(cookie.name) })),
      body: body === null || body.kind === "text"
        ? body
        : body.kind === "json"
        ? { ...body, value: this.#json(body.value) }
        : { ...body, fields: this.#pairs(body.fields) },
      extractions: step.extractions.map((extraction) => ({
        ...extraction,
        ...maskedPlace(extraction, {
          name: (text) => this.#name(text),
          text: (text) => this.#token(text),
        }),
      })),
    };
  }

  #expr(expr: Expr): Expr {
    return mapAtoms(
      expr,
      (atom) =>
        atom.kind === "constant" ? { kind: "constant", value: this.#token(atom.value) } : atom,
    );
  }

  #json(template: JsonTemplate): JsonTemplate {
    switch (template.kind) {
      case "literal":
        return typeof template.value === "string"
          ? { kind: "literal", value: this.#token(template.value) }
          : template;
      case "expr":
        return template;
      case "object":
        return {
          kind: "object",
          entries: template.entries.map(([key, item]) =>
            [this.#name(key), this.#json(item)] as const
          ),
        };
      case "array":
        return { kind: "array", items: template.items.map((item) => this.#json(item)) };
    }
  }

  #result(result: ResultTemplate): ResultTemplate {
    const { cookies } = result;
    return {
      ...result,
      headers: this.#pairs(result.headers),
      bodyParams: this.#pairs(result.bodyParams),
      queryParams: this.#pairs(result.queryParams),
      cookies: cookies && {
        ...cookies,
        urls: cookies.urls.map((url) => this.#token(url)),
        names: cookies.names.map((name) => this.#name(name)),
        client: this.#pairs(cookies.client),
      },
    };
  }
}
