/** What a configuration file says, once read and validated. See `config_schema.ts` for the keys. */

export interface Config {
  readonly services: ReadonlyMap<string, ServiceConfig>;
  /** By the key they are looked up with: `<service>.<scheme>` or `<scheme>`. */
  readonly secrets: ReadonlyMap<string, SecretConfig>;
  /** By the name of the app, an account or an environment: `shop`, `shop@bob`, `shop:staging`. */
  readonly apps: ReadonlyMap<string, AppConfig>;
  readonly policy: Policy;
  /** Where token state is kept; `null` means the default, files. */
  readonly store: "file" | "keychain" | null;
  /** The language model to ask; `null` when none is set. */
  readonly model: ModelConfig | null;
  /** What tokens of models cost; empty where none is set. By the model's name, or `*` for any. */
  readonly prices: ReadonlyMap<string, TokenPrices>;
  /** The files that were read, the user's first. */
  readonly files: readonly string[];
  /** What was read but has no effect where it stands, as sentences. */
  readonly warnings: readonly string[];
  /** The working folder's file, where the user has not approved what it says: nothing of it is in force. */
  readonly unapproved: UnapprovedFile | null;
}

/** A project's file that has no effect yet. */
export interface UnapprovedFile {
  readonly file: string;
  /** Of what it says and of the programs it brings: the approval is good for exactly this. */
  readonly fingerprint: string;
  /** What it would do, a line each, for the user to decide on. */
  readonly says: readonly string[];
  /** The services it defines, and those it has secrets for. */
  readonly services: readonly string[];
  /** The apps and accounts whose prompts it answers. */
  readonly apps: readonly string[];
  /** Whether it would start a program. */
  readonly hasPrograms: boolean;
}

/**
 * Who wrote a part of the configuration. What stands in the working folder may have come with
 * somebody else's repository; what `--config` names is the user's own word.
 */
export type ConfigLayer = "user" | "project" | "option";

/** Where a part of the configuration was read. */
export interface ConfigOrigin {
  readonly layer: ConfigLayer;
  readonly file: string;
}

export interface Policy {
  /** Only the user's own file can switch this on. */
  readonly allowExecSecrets: boolean;
}

export interface ServiceConfig {
  readonly name: string;
  /** Absolute path, or an http(s) URL, of the OpenAPI document. */
  readonly openapi: string;
  /** Replaces the document's servers. */
  readonly server: string | null;
  /** Values for the variables of templated server URLs. */
  readonly serverVariables: Readonly<Record<string, string>>;
  /** Schemes applied to operations for which the document declares no security. */
  readonly attach: readonly AttachedScheme[];
  /** Origins the service's secrets may go to; `null` leaves it to the server, then to the document. */
  readonly origins: readonly string[] | null;
  /** Absolute paths or URLs that `$ref`s may point into besides the document itself. */
  readonly refs: readonly string[];
  readonly tools: ToolSettings;
  readonly origin: ConfigOrigin;
}

/** Which tools are offered to a client. What is empty says nothing; `*` stands for any text. */
export interface ToolChoice {
  /** Groups of the document. */
  readonly tags: readonly string[];
  /** HTTP methods, upper case. */
  readonly methods: readonly string[];
  /** Paths, and what is below them. */
  readonly paths: readonly string[];
  /** Names, or requests such as `GET /pets/*`. */
  readonly match: readonly string[];
  /** As `match`: these stand in the list even where the others are only found by a search. */
  readonly pin: readonly string[];
}

export interface ToolSettings extends ToolChoice {
  /** Of one call of any tool; `null` leaves it to the caller. */
  readonly timeoutSec: number | null;
  /** By patterns of tool names; the first that fits counts. */
  readonly timeouts: Readonly<Record<string, number>>;
}

/** What the configuration says of a captured app, or of one account or environment of it. */
export interface AppConfig {
  readonly name: string;
  /** Who answers the prompts of its login, by their labels. */
  readonly answers: ReadonlyMap<string, AnswerSource>;
  /** Other places where the same application runs, by name. */
  readonly environments: ReadonlyMap<string, EnvironmentHosts>;
  readonly tools: ToolSettings;
  readonly origin: ConfigOrigin;
}

/** One origin for an app that was recorded at one; else the origins by the recorded ones. */
export type EnvironmentHosts = string | Readonly<Record<string, string>>;

/** A source of the answer to one prompt, asked when the prompt comes. */
export type AnswerSource =
  | (TextSource & {
    /** How long the answer may take to be there, for what is sent in the middle of a login; 0: no time. */
    readonly waitSec: number;
  })
  | TotpSource
  /** Stands for the user's word that something was done elsewhere, after so long. */
  | { readonly type: "confirm"; readonly waitSec: number };

/** A one-time code of RFC 6238. What is `null` is left to the `otpauth:` address, then to the usual. */
export interface TotpSource {
  readonly type: "totp";
  /** The shared secret in base 32, or an `otpauth:` address. */
  readonly secret: TextSource;
  readonly algorithm: "SHA-1" | "SHA-256" | "SHA-512" | null;
  readonly digits: number | null;
  readonly periodSec: number | null;
}

/**
 * A language model behind an OpenAI-compatible endpoint. What is `null` is left to the environment
 * (`KEYSMITH_MODEL`, `OPENAI_BASE_URL`, `OPENAI_API_KEY`) and to defaults.
 */
export interface ModelConfig {
  /** As its endpoint knows it. */
  readonly name: string | null;
  readonly baseURL: string | null;
  readonly apiKey: TextSource | null;
  /** Spent at most on one command, prompts and answers together. */
  readonly maxTokens: number | null;
  /** For one answer. */
  readonly timeoutSec: number | null;
  readonly stream: boolean | null;
}

/** For a million tokens, in whatever currency the user counts in. */
export interface TokenPrices {
  readonly in: number;
  readonly out: number;
  /** Of those sent, for what the endpoint had kept; `null`: as any other. */
  readonly cached: number | null;
}

/** A scheme by the name the document declares, or one the document does not know. */
export interface AttachedScheme {
  readonly scheme: string;
  readonly type: "http" | "apiKey" | "mutualTLS" | null;
  /** For `http`: `bearer`, `basic`, `digest`. */
  readonly httpScheme: string | null;
  readonly in: "header" | "query" | "cookie" | null;
  /** The header, query parameter or cookie of an `apiKey`. */
  readonly name: string | null;
}

export interface SecretConfig {
  readonly key: string;
  readonly source: SecretSource;
  /** Origins the secret may go to whatever the service allows; `null` leaves it to the service. */
  readonly origins: readonly string[] | null;
  readonly origin: ConfigOrigin;
}

/** A source of one text. */
export type TextSource =
  | { readonly type: "literal"; readonly value: string }
  | { readonly type: "env"; readonly value: string }
  | {
    readonly type: "file";
    /** Absolute path. */
    readonly value: string;
    /** The folder it must stand in, links followed: that of a project's file; `null` for the user's own word. */
    readonly within: string | null;
  }
  /** Program and arguments; run without a shell. */
  | { readonly type: "exec"; readonly command: readonly string[]; readonly timeoutSec: number }
  /** `service/account`. */
  | { readonly type: "osKeychain"; readonly value: string };

export type SecretSource =
  | (TextSource & {
    /** Put before the value: `"Token "`. */
    readonly prefix: string;
  })
  | { readonly type: "basic"; readonly username: TextSource; readonly password: TextSource }
  | OAuthSource
  /** The token of a captured app, by its name. */
  | { readonly type: "app"; readonly value: string }
  /** A TLS client certificate and its key, both PEM. */
  | {
    readonly type: "certificate";
    readonly certificate: TextSource;
    readonly key: TextSource;
    /** Certificates of the authority that signed the server's, where no public one did. */
    readonly ca: TextSource | null;
  }
  | {
    readonly type: "awsSigV4";
    readonly accessKeyId: TextSource;
    readonly secretAccessKey: TextSource;
    readonly sessionToken: TextSource | null;
    readonly region: string | null;
    readonly service: string | null;
  };

export type OAuthMode =
  | "clientCredentials"
  | "authorizationCode"
  | "deviceAuthorization"
  | "implicit"
  | "password";

export interface OAuthSource {
  readonly type: "oauth2";
  /** `null`: chosen from the flows the document declares. */
  readonly mode: OAuthMode | null;
  readonly issuer: string | null;
  readonly authorizationURL: string | null;
  readonly tokenURL: string | null;
  readonly deviceAuthorizationURL: string | null;
  readonly clientId: TextSource;
  readonly clientSecret: TextSource | null;
  /** PEM or JWK, for `private_key_jwt`. */
  readonly privateKey: TextSource | null;
  readonly keyId: string | null;
  /** `null`: `private_key_jwt` with a key, `client_secret_basic` with a secret, else `none`. */
  readonly clientAuth:
    | "client_secret_basic"
    | "client_secret_post"
    | "private_key_jwt"
    | "none"
    | null;
  /** Asked for with every token, besides those of the operation. */
  readonly scopes: readonly string[];
  readonly audience: string | null;
  /** RFC 8707. */
  readonly resource: string | null;
  /** Tokens are bound to a key, and every request proves that it has it (DPoP, RFC 9449). */
  readonly dpop: boolean;
  /** Keeps the tokens of several accounts at one provider apart. */
  readonly account: string | null;
  /** False: never ask the user, in a browser or otherwise. */
  readonly interactive: boolean;
  /** Port of the loopback redirect; `null` lets the system choose. */
  readonly callbackPort: number | null;
  /** A loopback redirect URI, when the provider wants the exact one registered. */
  readonly redirectURI: string | null;
  readonly tokenStorage: "file" | "memory";
}
