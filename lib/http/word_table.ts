/**
 * The words that fields, headers, cookies and paths are named with, each with its role and its source.
 * Look-ups are in `vocabulary.ts`. A phrase stands for every spelling: `api key` for `apiKey`,
 * `api_key`, `X-Api-Key` and `apikey`.
 */

export type Role =
  | "password"
  | "password change"
  | "the same again"
  | "not a login's password"
  | "identifier"
  | "not an identifier"
  | "one-time code"
  | "not a one-time code"
  | "client's own"
  | "credential"
  | "credential, part of a word"
  | "credential, in one reading"
  | "describes a credential"
  | "kind of a credential"
  | "secret"
  | "api key"
  | "made once"
  | "request id"
  | "device"
  | "client setting"
  | "person"
  | "per request"
  | "timestamp"
  | "signature"
  | "refresh"
  | "keep-alive path"
  | "anti-forgery"
  | "anti-forgery, in one reading"
  | "login path"
  | "login path, in one reading"
  | "login endpoint"
  | "about a login"
  | "registration path"
  | "logout path"
  | "code-sending path";

/** Where the web takes a word from. "usage": hand-written logins of no particular framework. */
export type WordSource =
  | "HTML autocomplete" // HTML standard section 4.10.18.7.1
  | "OAuth" // RFC 6749, 6750, 7009, 7591, 7636, 7662, 8628, 8693; OpenID Connect Core and Session
  | "SAML" // SAML 2.0 bindings
  | "HTTP" // RFC 6265, 7615, 7616, 9110, 9421; IANA field names
  | "OTP" // RFC 4226, 6238
  | "framework" // Rails, Django, Laravel, Spring, ASP.NET, Express, PHP, cloud gateways
  | "tracing" // W3C Trace Context and what preceded it
  | "languages" // the word for it in other languages
  | "usage";

/** Phrases are separated by commas. */
export type WordEntry = readonly [role: Role, source: WordSource, phrases: string];

export const WORD_TABLE: readonly WordEntry[] = [
  ["password", "HTML autocomplete", "pass word"],
  ["password", "usage", "pass wd, pass phrase, pwd, psw, pswd, pw, pass, passw"],
  [
    "password",
    "languages",
    "passwort, kennwort, senha, contrasena, contrasenya, clave, mdp, motdepasse, mot de passe, parola, heslo, " +
    "haslo, wachtwoord, losenord, passord, adgangskode, salasana, sifre, parole",
  ],
  ["password change", "HTML autocomplete", "new, current"],
  ["password change", "usage", "old, confirm, confirmation, repeat, again, retype, reset, verify"],
  ["the same again", "usage", "confirm, confirmation, repeat, again, retype"],
  ["not a login's password", "HTML autocomplete", "new, current"],
  ["not a login's password", "usage", "old, confirm, confirmation, repeat, again, retype, reset"],
  ["not a login's password", "usage", "policy, hint"],

  ["identifier", "HTML autocomplete", "user name, e mail, tel, nickname"],
  [
    "identifier",
    "usage",
    "user, user id, login, login id, log, mail, account, account name, identifier, ident, member id, phone, " +
    "phone number, mobile, uid, uname, usr",
  ],
  [
    "identifier",
    "languages",
    "benutzer, benutzer name, utilisateur, identifiant, courriel, usuario, correo, utente, nome utente, gebruiker, " +
    "gebruikersnaam, bruker, brukernavn, bruger, brugernavn, anvandare, anvandarnamn, epost, kayttajatunnus, " +
    "uzytkownik, kullanici, kullanici adi",
  ],
  ["not an identifier", "HTTP", "agent"],
  ["not an identifier", "OAuth", "type, token, redirect, client"],
  ["not an identifier", "usage", "csrf, url, pool, method, btn, button, submit, option, options"],

  ["one-time code", "HTML autocomplete", "one time, one time code"],
  ["one-time code", "OTP", "otp, totp, one time password"],
  [
    "one-time code",
    "usage",
    "mfa, tfa, 2fa, pin, passcode, verification, sms, authenticator, second factor, code, token",
  ],
  ["not a one-time code", "HTML autocomplete", "postal, country, area"],
  ["not a one-time code", "OAuth", "client, error"],
  ["not a one-time code", "usage", "zip, post"],

  ["client's own", "OAuth", "client secret, client id, client password"],
  ["client's own", "usage", "client key, app secret, app key, app id, app password"],
  ["client's own", "usage", "application secret, application key, application id"],
  ["client's own", "usage", "application password, consumer secret, consumer key, consumer id"],
  ["client's own", "usage", "consumer password"],

  ["credential", "OAuth", "token, bearer, access token, auth token, jwt"],
  ["credential", "HTTP", "authorization, authenticate, auth, api key"],
  ["credential", "framework", "session, session id, csrf, xsrf, sid, sess"],
  ["credential", "usage", "credential"],
  ["credential, part of a word", "OAuth", "token"],
  ["credential, part of a word", "framework", "session, csrf, xsrf"],
  ["credential, in one reading", "OAuth", "nonce, access"],
  ["credential, in one reading", "HTTP", "signature"],
  ["credential, in one reading", "usage", "ticket, key"],
  ["describes a credential", "OAuth", "token type, token endpoint, expires, expires in"],
  ["describes a credential", "OAuth", "methods supported, types supported, session state"],
  ["describes a credential", "OAuth", "code challenge method"],
  ["describes a credential", "usage", "session count"],
  [
    "kind of a credential",
    "framework",
    "auth method, auth type, auth mode, auth provider, auth strategy",
  ],
  ["secret", "OAuth", "secret, assertion, code verifier, jwt"],
  ["secret", "HTTP", "authorization, api key, signature"],
  [
    "secret",
    "usage",
    "credential, pass word, pass phrase, pass code, access key, subscription key",
  ],

  ["api key", "HTTP", "api key"],
  ["api key", "framework", "subscription key"],
  ["api key", "usage", "api token, access key, app key, auth key, key"],

  ["made once", "OAuth", "state, oauth state, csrf state, nonce, auth nonce"],
  ["made once", "HTTP", "cnonce, client nonce"],
  ["made once", "usage", "uuid, guid"],
  [
    "request id",
    "tracing",
    "request id, trace id, span id, correlation id, x request, x correlation",
  ],
  ["request id", "HTTP", "idempotency key, idempotency id"],
  ["request id", "usage", "transaction id, message id, attempt id, request uuid, request guid"],
  [
    "device",
    "usage",
    "device, install, installation, fingerprint, visitor, browser, machine, instance, client uuid, " +
    "client session, device id, install id, udid",
  ],
  [
    "client setting",
    "OAuth",
    "grant, scope, scopes, response, audience, resource, prompt, redirect, client, realm",
  ],
  ["client setting", "HTTP", "host, method, version, domain"],
  ["client setting", "languages", "lang, language, locale"],
  [
    "client setting",
    "framework",
    "action, app, application, build, callback, command, cmd, connection, database, db, environment, function, " +
    "jsonrpc, module, operation, op, provider, query, schema, sdk, service, strategy, tenant",
  ],
  [
    "client setting",
    "usage",
    "brand, document, flow, format, hash, library, limit, mode, offset, org, organization, page, permission, " +
    "permissions, platform, pool, project, release, return, role, roles, server, site, step, type, view",
  ],
  [
    "client setting",
    "usage",
    "country, currency, channel, region, market, theme, referrer, referer, campaign",
  ],
  ["person", "usage", "name, nick, handle, owner, author, member, person, principal, subject"],
  ["person", "framework", "upn, dn, cn"],
  ["per request", "tracing", "request, trace, correlation, span, transaction, message"],
  ["per request", "HTTP", "idempotency, nonce, date"],
  ["per request", "usage", "time, timestamp"],

  ["timestamp", "OAuth", "iat, expires"],
  ["timestamp", "HTTP", "date"],
  ["timestamp", "usage", "ts, time, timestamp, now, at, stamp"],
  ["signature", "HTTP", "signature, digest"],
  ["signature", "usage", "sig, sign, hmac, mac, checksum"],
  ["refresh", "OAuth", "refresh"],
  ["refresh", "usage", "renew, renewal"],
  [
    "keep-alive path",
    "usage",
    "keep alive, keepalive, heartbeat, heart beat, extend, prolong, renew, refresh, touch, ping",
  ],
  ["anti-forgery", "framework", "csrf, xsrf, request verification, authenticity"],
  ["anti-forgery, in one reading", "framework", "nonce, token, form key, form build id, form hash"],
  ["anti-forgery, in one reading", "framework", "security, crumb, ticket, sesskey, check sum"],

  ["login path", "OAuth", "authorize, oauth, oauth2, token, identity"],
  ["login path", "SAML", "saml, saml2, sso, idp, acs"],
  ["login path", "OTP", "otp"],
  [
    "login path",
    "usage",
    "log in, sign in, log on, sign on, auth, authn, authenticate, authentication, session, sessions, verify, " +
    "mfa, challenge, password less, magic, webauthn, passkey",
  ],
  ["login path, in one reading", "usage", "account"],
  ["login endpoint", "OAuth", "callback, refresh, exchange"],
  ["login endpoint", "framework", "csrf, xsrf"],
  ["login endpoint", "usage", "renew, continue"],
  [
    "about a login",
    "OAuth",
    "openid, oidc, jwks, tokens, userinfo, consent, introspect, credential, credentials",
  ],
  [
    "about a login",
    "usage",
    "whoami, pass word, pass wd, pass code, two factor, 2fa, totp, verification",
  ],
  ["about a login", "usage", "authorise, authorization"],
  ["registration path", "OAuth", "register, registration"],
  ["registration path", "usage", "sign up, create account, join"],
  ["logout path", "OAuth", "revoke, end session"],
  ["logout path", "usage", "log out, sign out, log off"],
  ["code-sending path", "OTP", "otp"],
  [
    "code-sending path",
    "usage",
    "sms, send, resend, request, code, codes, challenge, start, magic, link, password less, email, mfa, 2fa, " +
    "initiate, begin",
  ],
];
