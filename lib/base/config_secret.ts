/** The `secrets` section of a configuration file: every source type and its keys. */
import { dirname } from "node:path";
import type { ConfigOrigin, OAuthSource, SecretSource, TextSource } from "./config.ts";
import type { ConfigNode } from "./config_node.ts";
import { hasUser, isLoopbackUrl, resolvePath, resolveProgram } from "./config_values.ts";

const DEFAULT_EXEC_TIMEOUT_SEC = 10;
const MAX_EXEC_TIMEOUT_SEC = 600;

export const TEXT_TYPES = ["literal", "env", "file", "exec", "osKeychain"] as const;
export const TEXT_KEYS = ["type", "value", "command", "timeoutSec"] as const;
const SOURCE_TYPES = [...TEXT_TYPES, "basic", "oauth2", "app", "certificate", "awsSigV4"] as const;

const OAUTH_KEYS = [
  "type",
  "origins",
  "mode",
  "issuer",
  "authorizationURL",
  "tokenURL",
  "deviceAuthorizationURL",
  "clientId",
  "clientSecret",
  "privateKey",
  "keyId",
  "clientAuth",
  "scopes",
  "audience",
  "resource",
  "dpop",
  "account",
  "interactive",
  "callbackPort",
  "redirectURI",
  "tokenStorage",
] as const;

const OAUTH_MODES = [
  "clientCredentials",
  "authorizationCode",
  "deviceAuthorization",
  "implicit",
  "password",
] as const;

/** One entry of `secrets`. Relative paths are taken from the folder of the file it stands in. */
export function readSecretSource(node: ConfigNode, origin: ConfigOrigin): SecretSource {
  const type = typeOf(node).oneOf(SOURCE_TYPES);
  switch (type) {
    case "basic": {
      const fields = node.fields(["type", "origins", "username", "password"]);
      return {
        type,
        username: textOrLiteral(required(node, fields.username, "username"), origin),
        password: readTextSource(required(node, fields.password, "password"), origin),
      };
    }
    case "app": {
      const fields = node.fields(["type", "origins", "value"]);
      return { type, value: required(node, fields.value, "value").string() };
    }
    case "certificate": {
      const fields = node.fields(["type", "origins", "certificate", "key", "ca"]);
      return {
        type,
        certificate: readTextSource(required(node, fields.certificate, "certificate"), origin),
        key: readTextSource(required(node, fields.key, "key"), origin),
        ca: fields.ca === undefined ? null : readTextSource(fields.ca, origin),
      };
    }
    case "awsSigV4":
      return readAwsSource(node, origin);
    case "oauth2":
      return readOAuthSource(node, origin);
    default: {
      const fields = node.fields([...TEXT_KEYS, "origins", "prefix"]);
      return { ...textSource(node, type, fields, origin), prefix: prefixOf(fields.prefix) };
    }
  }
}

export function typeOf(node: ConfigNode, types: readonly string[] = SOURCE_TYPES): ConfigNode {
  const type = node.entries().find(([key]) => key === "type")?.[1];
  return type ?? node.fail(`needs a "type"`, `Types: ${types.join(", ")}`);
}

export function required(
  parent: ConfigNode,
  node: ConfigNode | undefined,
  name: string,
): ConfigNode {
  return node ?? parent.fail(`needs "${name}"`);
}

/** A prefix may end in a space, and may be empty. */
function prefixOf(node: ConfigNode | undefined): string {
  if (node === undefined) return "";
  return typeof node.value === "string" ? node.value : node.fail("must be a text");
}

export function readTextSource(node: ConfigNode, origin: ConfigOrigin): TextSource {
  const type = typeOf(node).oneOf(TEXT_TYPES);
  return textSource(node, type, node.fields(TEXT_KEYS), origin);
}

/** Names that are no secret (client ids, user names) may be written as they are. */
export function textOrLiteral(node: ConfigNode, origin: ConfigOrigin): TextSource {
  if (typeof node.value === "string") return { type: "literal", value: node.string() };
  return readTextSource(node, origin);
}

/** `serviceAlone`: an item of the keychain may be named by its service. */
export function textSource(
  node: ConfigNode,
  type: (typeof TEXT_TYPES)[number],
  fields: Partial<Record<(typeof TEXT_KEYS)[number], ConfigNode>>,
  origin: ConfigOrigin,
  serviceAlone = false,
): TextSource {
  if (type === "exec") {
    const timeoutSec = fields.timeoutSec?.integer(1, MAX_EXEC_TIMEOUT_SEC) ??
      DEFAULT_EXEC_TIMEOUT_SEC;
    const command = fields.command?.strings() ??
      [required(node, fields.value, "command").string()];
    const [program, ...args] = command;
    return program === undefined
      ? node.fail(`needs a program in "command"`)
      : { type, command: [resolveProgram(program, dirname(origin.file)), ...args], timeoutSec };
  }
  fields.command?.fail(`belongs to type "exec" alone`);
  fields.timeoutSec?.fail(`belongs to type "exec" alone`);
  const value = required(node, fields.value, "value");
  if (type === "file") return { type, ...fileOf(value, origin) };
  if (type === "osKeychain") checkKeychainItem(value, origin, serviceAlone);
  return { type, value: value.string() };
}

function fileOf(value: ConfigNode, { layer, file }: ConfigOrigin) {
  const folder = dirname(file);
  const within = layer === "project" ? folder : null;
  return { value: resolvePath(value.string(), folder), within };
}

/** Tokens that Keysmith itself keeps in the keychain are no more a folder's to read than those in the home. */
function checkKeychainItem(
  value: ConfigNode,
  { layer }: ConfigOrigin,
  serviceAlone: boolean,
): void {
  if (!serviceAlone && !/^[^/:]+[/:].+$/.test(value.string())) {
    value.fail(`must be "service/account"`);
  }
  if (layer === "project" && /^keysmith\b/i.test(value.string())) {
    value.fail(
      "is an item of Keysmith itself",
      `Use { type: app, value: NAME } for the token of an app`,
    );
  }
}

function readAwsSource(node: ConfigNode, origin: ConfigOrigin): SecretSource {
  const fields = node.fields([
    "type",
    "origins",
    "accessKeyId",
    "secretAccessKey",
    "sessionToken",
    "region",
    "service",
  ]);
  return {
    type: "awsSigV4",
    accessKeyId: textOrLiteral(required(node, fields.accessKeyId, "accessKeyId"), origin),
    secretAccessKey: readTextSource(
      required(node, fields.secretAccessKey, "secretAccessKey"),
      origin,
    ),
    sessionToken: fields.sessionToken === undefined
      ? null
      : readTextSource(fields.sessionToken, origin),
    region: fields.region?.string() ?? null,
    service: fields.service?.string() ?? null,
  };
}

function readOAuthSource(node: ConfigNode, origin: ConfigOrigin): OAuthSource {
  const fields = node.fields(OAUTH_KEYS);
  const redirect = fields.redirectURI;
  if (redirect !== undefined && !isLoopbackUrl(redirect.string())) {
    redirect.fail("must be an http URL on 127.0.0.1, [::1] or localhost");
  }
  const source: OAuthSource = {
    type: "oauth2",
    mode: fields.mode?.oneOf(OAUTH_MODES) ?? null,
    issuer: urlOf(fields.issuer),
    authorizationURL: urlOf(fields.authorizationURL),
    tokenURL: urlOf(fields.tokenURL),
    deviceAuthorizationURL: urlOf(fields.deviceAuthorizationURL),
    clientId: textOrLiteral(required(node, fields.clientId, "clientId"), origin),
    clientSecret: fields.clientSecret === undefined
      ? null
      : readTextSource(fields.clientSecret, origin),
    privateKey: fields.privateKey === undefined ? null : readTextSource(fields.privateKey, origin),
    keyId: fields.keyId?.string() ?? null,
    clientAuth: fields.clientAuth?.oneOf(
      ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
    ) ?? null,
    scopes: fields.scopes?.strings() ?? [],
    audience: fields.audience?.string() ?? null,
    resource: fields.resource?.string() ?? null,
    dpop: fields.dpop?.boolean() ?? false,
    account: fields.account?.string() ?? null,
    interactive: fields.interactive?.boolean() ?? true,
    callbackPort: fields.callbackPort?.integer(1, 65_535) ?? null,
    redirectURI: redirect?.string() ?? null,
    tokenStorage: fields.tokenStorage?.oneOf(["file", "memory"]) ?? "file",
  };
  checkClientAuth(node, source);
  return source;
}

function checkClientAuth(node: ConfigNode, source: OAuthSource): void {
  if (source.clientAuth === "private_key_jwt" && source.privateKey === null) {
    node.fail(`needs "privateKey" for private_key_jwt`);
  }
  if (source.clientAuth?.startsWith("client_secret") && source.clientSecret === null) {
    node.fail(`needs "clientSecret" for ${source.clientAuth}`);
  }
}

function urlOf(node: ConfigNode | undefined): string | null {
  if (node === undefined) return null;
  const text = node.string();
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return node.fail("must be an http or https URL");
  }
  if (hasUser(url)) {
    node.fail("has a user name before its host", `Use "clientId" and "clientSecret"`);
  }
  return text;
}
