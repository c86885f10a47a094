import assert from "node:assert/strict";
import { isBystanderCookie, isOwnHeader } from "../../lib/http/ordinary_traffic.ts";
import * as names from "../../lib/http/vocabulary.ts";
import { WORD_TABLE } from "../../lib/http/word_table.ts";

Deno.test("words() takes names of every spelling apart alike", () => {
  for (const name of ["userPassword", "user_password", "user[password]", "User-Password"]) {
    assert.equal(names.words(name), "user password", name);
  }
});

const TABLE: readonly [
  about: string,
  test: (name: string) => boolean,
  yes: readonly string[],
  no: readonly string[],
][] = [
  [
    "isPasswordName()",
    names.isPasswordName,
    ["password", "user[password]", "pwd", "Passwd", "loginPassword", "senha", "mdp", "passphrase"],
    ["new_password", "passwordConfirmation", "client_secret", "passwordPolicy", "compass", "q"],
  ],
  [
    "isPasswordChangeName()",
    names.isPasswordChangeName,
    ["new_password", "password2", "confirmPassword", "old_pwd"],
    ["password", "pwd", "newsletter"],
  ],
  [
    "isIdentifierName()",
    names.isIdentifierName,
    ["username", "userName", "user[email]", "login", "account", "phoneNumber", "uid"],
    ["user_agent", "login_token", "emailType", "client_id", "redirect_url", "page"],
  ],
  [
    "isClientSecretName()",
    names.isClientSecretName,
    ["client_id", "clientSecret", "app_key", "consumer-key"],
    ["secret", "key", "client"],
  ],
  [
    "isCredentialName()",
    names.isCredentialName,
    ["access_token", "X-Auth-Token", "sessionid", "PHPSESSID_token", "jwt", "_csrf"],
    ["page", "sort", "lang"],
  ],
  [
    "isKeepAlivePath()",
    names.isKeepAlivePath,
    ["/session/keep-alive", "/api/heartbeat", "/auth/session/extend", "/KeepAlive", "/token/renew"],
    ["/session", "/api/bookings", "/extensions", "/keep", "/renew/orders/7"],
  ],
  [
    "isApiKeyName()",
    names.isApiKeyName,
    ["X-Api-Key", "apikey", "Ocp-Apim-Subscription-Key", "key"],
    ["keyword", "monkey", "page"],
  ],
  [
    "isMadeOnceName()",
    names.isMadeOnceName,
    ["state", "nonce", "x-request-id", "guid", "Idempotency-Key", "traceId"],
    ["status", "user", "stateless", "challenge", "verifier", "requested", "login_state_key"],
  ],
  [
    "isDeviceName()",
    names.isDeviceName,
    ["X-Device-Id", "deviceId", "udid", "installation_id", "fingerprint"],
    ["devices_of", "user", "session", "verifier"],
  ],
  [
    "isTimestampName()",
    names.isTimestampName,
    ["_", "t", "ts", "timestamp", "X-Time"],
    ["title", "type", "u"],
  ],
  [
    "isSignatureName()",
    names.isSignatureName,
    ["X-Signature", "sig", "hmac", "sign"],
    ["design", "assigned", "signed_in"],
  ],
  [
    "isLoginPath()",
    names.isLoginPath,
    ["/login", "/api/v1/sign-in", "/oauth2/token", "/users/sign_in", "/session"],
    ["/catalog", "/blog/post", "/authors"],
  ],
  [
    "isLoginEndpoint()",
    names.isLoginEndpoint,
    ["/auth/token", "/oauth/callback", "/api/csrf", "/login/"],
    ["/auth/group/add", "/orders", "/"],
  ],
  [
    "isRegistrationPath()",
    names.isRegistrationPath,
    ["/register", "/signUp", "/account/create-account"],
    ["/registry", "/login"],
  ],
  ["isLogoutPath()", names.isLogoutPath, ["/logout", "/sign-out"], ["/login", "/outlook"]],
  [
    "isCredentialParameter()",
    names.isCredentialParameter,
    ["access_token", "apiKey", "sid", "session", "auth"],
    ["page_token", "next_key", "authority", "sessions"],
  ],
  [
    "isSecretName()",
    names.isSecretName,
    ["code", "pin", "mfa_token", "client_secret", "new_password", "X-Csrf-Token", "code_verifier"],
    ["zip_code", "token_type", "key", "expires_in", "spinning", "session_state", "author"],
  ],
  [
    "isPerRequestName()",
    names.isPerRequestName,
    ["X-Request-Id", "X-Correlation-ID", "traceId", "timestamp"],
    ["X-Tenant", "requested", "runtime"],
  ],
  [
    "isAntiForgeryName()",
    names.isAntiForgeryName,
    ["csrfmiddlewaretoken", "XSRF-TOKEN", "_csrf"],
    ["token", "session"],
  ],
  [
    "isAboutLogin()",
    names.isAboutLogin,
    [".well-known/openid-configuration", "userSign-in.do", "reset-password", "tokens", "sso"],
    ["author", "account", "orders", "tokenizer"],
  ],
  [
    "isLogoutEndpoint()",
    names.isLogoutEndpoint,
    ["/users/sign_out", "/logout.php", "/oauth/revoke"],
    ["/logout/confirmed", "/outlook"],
  ],
  [
    "isOwnHeader()",
    isOwnHeader,
    ["X-Auth-Token", "Authorization", "X-Requested-With", "apikey"],
    ["Accept", "User-Agent", "sec-ch-ua", ":authority", "Cookie", "traceparent"],
  ],
  [
    "isBystanderCookie()",
    isBystanderCookie,
    ["_ga", "_ga_X1", "_fbp", "AWSALB", "__cf_bm"],
    ["sid", "JSESSIONID", "gat"],
  ],
];

for (const [about, test, yes, no] of TABLE) {
  Deno.test(`${about} goes by the words of a name`, () => {
    for (const name of yes) assert.equal(test(name), true, name);
    for (const name of no) assert.equal(test(name), false, name);
  });
}

Deno.test("isOneTimeCode() wants both the name and the look of a code", () => {
  const cases: [string, string, boolean][] = [
    ["otp", "123456", true],
    ["code", "123 456", true],
    ["mfaCode", "A1B2C3", true],
    ["token", "123456", true],
    ["code", "4/P7q7W91aoMsCeLvIaQm6bTrgtp7", false],
    ["zip_code", "12345", false],
    ["client_code", "123456", false],
    ["page", "123456", false],
  ];
  for (const [name, value, expected] of cases) {
    assert.equal(names.isOneTimeCode(name, value), expected, `${name}=${value}`);
  }
});

Deno.test("WORD_TABLE gives each phrase of a role once", () => {
  const seen = new Set<string>();
  for (const [role, , text] of WORD_TABLE) {
    for (const phrase of text.split(",")) {
      const key = `${role}: ${phrase.trim()}`;
      assert.match(phrase.trim(), /^[a-z\d]+( [a-z\d]+)*$/, key);
      assert.ok(!seen.has(key), key);
      seen.add(key);
    }
  }
});

Deno.test("ownerOf() goes by the last word that says whose a field is", () => {
  const owners: Record<names.Owner, string[]> = {
    secret: ["password", "user[pwd]"],
    person: ["username", "app_user", "login_hint", "owner", "displayName"],
    client: ["client_id", "scope", "user_role", "login_method", "realm", "client_name", "page"],
    free: ["badge", "q", "remember", ""],
  };
  for (const [owner, fields] of Object.entries(owners)) {
    for (const field of fields) assert.equal(names.ownerOf(field), owner, field);
  }
});
