/**
 * What a project's configuration file would do, a line each, for the user who decides whether it may.
 * First what it reads and runs, then where that goes. Every section and every type of source has its
 * words in a table, so that a new one cannot be approved unseen.
 */
import type {
  AnswerSource,
  AppConfig,
  OAuthSource,
  SecretConfig,
  SecretSource,
  ServiceConfig,
  TextSource,
} from "./config.ts";
import type { ConfigFile } from "./config_schema.ts";
import { textSourcesIn } from "./config_sources.ts";
import { isHttpUrl } from "./config_values.ts";

type Sections = Omit<ConfigFile, "content">;

const SECTION_WORDS: { readonly [Name in keyof Sections]: (section: Sections[Name]) => string[] } =
  {
    secrets: (secrets) => [...secrets.values()].flatMap(secretWords),
    services: (services) => [...services.values()].flatMap(serviceWords),
    apps: (apps) => [...apps.values()].flatMap(appWords),
    model: (model) => model?.name == null ? [] : [`ask the language model ${quoted(model.name)}`],
    // These count in the user's own file alone.
    policy: () => [],
    store: () => [],
    llm: () => [],
  };

/** Values are quoted, so that none passes for words of Keysmith. */
export function configWords(file: Sections): string[] {
  return Object.entries(SECTION_WORDS).flatMap(([name, words]) =>
    (words as (section: unknown) => string[])(file[name as keyof Sections])
  );
}

/** `null` for what stands in the file itself. */
const TEXT_WORDS: {
  readonly [Type in TextSource["type"]]:
    | null
    | ((source: Extract<TextSource, { type: Type }>) => string);
} = {
  literal: null,
  env: ({ value }) => `read your environment variable ${quoted(value)}`,
  file: ({ value }) => `read the file ${quoted(value)}`,
  exec: ({ command }) => `run the program ${command.map(quoted).join(" ")}`,
  osKeychain: ({ value }) => `read ${quoted(value)} from your keychain`,
};

const OWN_WORDS: {
  readonly [Type in Exclude<SecretSource["type"], TextSource["type"]>]: (
    source: Extract<SecretSource, { type: Type }>,
  ) => string[];
} = {
  app: ({ value }) => [`use your login at the app ${quoted(value)}`],
  oauth2: oauthWords,
  basic: () => [],
  certificate: () => [],
  awsSigV4: () => [],
};

function secretWords({ key, source, origins }: SecretConfig): string[] {
  const own = source.type in OWN_WORDS
    ? (OWN_WORDS[source.type as keyof typeof OWN_WORDS] as (source: SecretSource) => string[])(
      source,
    )
    : [];
  const read = [...own, ...textSourcesIn(source).flatMap(textWords)];
  const where = origins === null ? "" : `, to be sent to ${origins.map(quoted).join(", ")} alone`;
  return read.map((words) => `${words}, as the secret ${quoted(key)}${where}`);
}

/** What answers prompts alone. */
const ANSWER_WORDS: {
  readonly [Type in Exclude<AnswerSource["type"], TextSource["type"]>]: (
    source: Extract<AnswerSource, { type: Type }>,
  ) => string;
} = {
  totp: () => "make a one-time code",
  confirm: ({ waitSec }) => `confirm in your place after ${waitSec} s`,
};

function appWords({ name, answers, environments }: AppConfig): string[] {
  const placed = [...environments].flatMap(([environment, hosts]) => {
    const places = typeof hosts === "string" ? [hosts] : Object.values(hosts);
    return places.map((host) =>
      `log in at ${place(host)}, as the environment ${quoted(environment)} of ${quoted(name)}`
    );
  });
  // Of every app, for an empty one too ends what the user's own file says of it: which tools a model is offered.
  const instead = `stand in place of your own answers, environments and tool settings of ${
    quoted(name)
  }`;
  return [...placed, ...answerWords(name, answers), instead];
}

function answerWords(name: string, answers: AppConfig["answers"]): string[] {
  return [...answers].flatMap(([label, source]) => {
    const own = source.type in ANSWER_WORDS
      ? [
        (ANSWER_WORDS[source.type as keyof typeof ANSWER_WORDS] as (
          source: AnswerSource,
        ) => string)(
          source,
        ),
      ]
      : [];
    const read = [...own, ...textSourcesIn(source).flatMap(textWords)];
    const words = read.length === 0 ? ["answer with a text of its own"] : read;
    return words.map((what) => `${what}, when ${quoted(name)} asks for ${quoted(label)}`);
  });
}

function textWords(source: TextSource): string[] {
  const words = TEXT_WORDS[source.type] as ((source: TextSource) => string) | null;
  return words === null ? [] : [words(source)];
}

function oauthWords(source: OAuthSource): string[] {
  const { issuer, authorizationURL, tokenURL, deviceAuthorizationURL } = source;
  const endpoints = [issuer, authorizationURL, tokenURL, deviceAuthorizationURL]
    .filter((url) => url !== null);
  return [
    endpoints.length === 0
      ? "log in where the service's document says"
      : `log in at ${endpoints.map(place).join(", ")}`,
  ];
}

function serviceWords(service: ServiceConfig): string[] {
  const { name, openapi, refs, server, serverVariables, origins } = service;
  const named = (words: string) => `${words}, for the service ${quoted(name)}`;
  const variables = Object.entries(serverVariables)
    .map(([variable, value]) => `${quoted(variable)} = ${quoted(value)}`);
  return [
    ...[openapi, ...refs].map((location) => named(`read the document ${place(location)}`)),
    named(
      server === null
        ? `send requests${variables.length === 0 ? "" : ` (${variables.join(", ")})`} ` +
          "where the document says"
        : `send requests to ${place(filled(server, serverVariables))}${
          variables.length === 0 ? "" : ` (${[quoted(server), ...variables].join(", ")})`
        }`,
    ),
    ...(origins ?? []).map((origin) => named(`send secrets to ${quoted(origin)}`)),
  ];
}

/** With the variables that the file gives in their places: one of them may hold another host, or end the first one. */
function filled(server: string, variables: Readonly<Record<string, string>>): string {
  return server.replace(
    /\{([^{}]*)\}/g,
    (written, name: string) => Object.hasOwn(variables, name) ? variables[name]! : written,
  );
}

/** A URL as it is followed: the host in ASCII, an address in its usual spelling, without a user before the host. */
function place(text: string): string {
  const url = isHttpUrl(text) ? new URL(text) : null;
  if (url === null) return quoted(text);
  const shown = `${url.origin}${url.pathname}${url.search}`;
  return quoted(/\/$/.test(text) ? shown : shown.replace(/\/$/, ""));
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
