import assert from "node:assert/strict";
import type { GuestExchange } from "../../lib/sandbox/guest_run.ts";
import type { WatchedAnswer } from "../../lib/sandbox/protocol.ts";
import type { FailureKind } from "../../lib/token/failed_answer.ts";
import { judgeFailedRun } from "../../lib/token/failed_run.ts";
import { lineHash, type RecordedStep } from "../../lib/token/recorded_step.ts";

const ORIGIN = "https://shop.example";

function step(request: string, parts: Partial<RecordedStep> = {}): RecordedStep {
  return {
    part: "login",
    request: `${request.split(" ")[0]} ${ORIGIN}${request.split(" ")[1]}`,
    fields: [],
    submits: false,
    status: 200,
    kind: "json",
    lines: [],
    ...parts,
  };
}

const STATIC = ["Sign in", "Account locked? Ask the support", "JavaScript is disabled"];
const STEPS = [
  step("GET /login", { kind: "html", lines: STATIC.map(lineHash) }),
  step("POST /login", { submits: true, fields: ["username", "password", "csrf"] }),
  step("POST /token", { fields: ["code"] }),
];

interface Sent {
  readonly status: number;
  readonly type?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

function run(
  body: string,
  { status, type = "application/json", headers = [] }: Sent,
  steps = STEPS,
) {
  const exchange: GuestExchange = { method: "POST", url: `${ORIGIN}/login`, status };
  const answer: WatchedAnswer = {
    method: "POST",
    url: exchange.url,
    status,
    headers: [["content-type", type], ...headers],
    body,
  };
  return judgeFailedRun({ exchanges: [exchange], answers: [answer] }, steps);
}

const HTML = "text/html";
const FORM = '<form><input name="username"><input name="password" type="password"></form>';

const CASES: readonly (readonly [string, number, string, string, FailureKind | null])[] = [
  ["401 in words", 401, "", '{"error":"Bad credentials"}', "refused"],
  ["401 without a word", 401, "", "", "refused"],
  ["a flag that is not set", 401, "", '{"error":"Invalid password","blocked":false}', "refused"],
  ["a flag that is set to a text", 401, "", '{"blocked":"no","msg":"wrong password"}', "refused"],
  ["a code for a locked account", 400, "", '{"error":{"message":"USER_DISABLED"}}', "locked"],
  ["a code of one word", 401, "", '{"error":"locked"}', "locked"],
  ["too many attempts", 400, "", '{"error":"TOO_MANY_ATTEMPTS_TRY_LATER"}', "locked"],
  ["423", 423, "", "{}", "locked"],
  ["429", 429, HTML, "<h1>Slow down</h1>", "limited"],
  ["429 without a word", 429, "", "", "limited"],
  ["429 in Japanese", 429, "", '{"message":"しばらくしてからもう一度お試しください"}', "limited"],
  ["429 for too many attempts", 429, "", '{"error":"Too many attempts"}', "limited"],
  ["429 that speaks of a lock", 429, "", '{"error":"Your account is locked"}', "locked"],
  ["429 that speaks of a lock in German", 429, "", '{"m":"Ihr Konto wurde gesperrt"}', "locked"],
  ["too many requests by its words", 403, "", '{"message":"Rate limit exceeded"}', "limited"],
  ["403 without a word", 403, "", "", "refused"],
  ["404 about a user", 404, "", '{"message":"User not found"}', "refused"],
  ["404 about an address", 404, "", '{"message":"Not Found"}', "broken"],
  ["404 with a page", 404, HTML, "<h1>Not Found</h1>", "broken"],
  ["405", 405, "", '{"detail":"Method Not Allowed"}', "broken"],
  ["415", 415, "", "", "broken"],
  [
    "a missing field that is not sent",
    422,
    "",
    '{"detail":[{"loc":["body","login"],"msg":"field required"}]}',
    "broken",
  ],
  [
    "a missing field in a list of errors",
    400,
    "",
    '{"errors":{"Login":["The Login field is required."]}}',
    "broken",
  ],
  [
    "a missing field as Django names it",
    400,
    "",
    '{"email":["This field is required."]}',
    "broken",
  ],
  ["a missing field in a sentence", 400, "", '{"message":"\\"email\\" is required"}', "broken"],
  ["a missing field in plain text", 400, "text/plain", "Missing parameter: email", "broken"],
  [
    "a field that is sent and unwanted",
    400,
    "",
    '{"message":"Unrecognized field \\"username\\""}',
    "broken",
  ],
  [
    "a field that is sent and left empty",
    422,
    "",
    '{"errors":{"password":["must not be blank"]}}',
    "refused",
  ],
  [
    "wrong credentials under a field of another name",
    422,
    "",
    '{"errors":{"email":["Invalid email or password"]}}',
    "refused",
  ],
  [
    "wrong credentials under no field",
    400,
    "",
    '{"non_field_errors":["Unable to log in: invalid credentials"]}',
    "refused",
  ],
  ["invalid_grant", 400, "", '{"error":"invalid_grant"}', "refused"],
  ["invalid_client", 401, "", '{"error":"invalid_client"}', "broken"],
  ["invalid_request", 400, "", '{"error":"invalid_request"}', "broken"],
  ["400 that says nothing of credentials", 400, "text/plain", "Bad Request", "broken"],
  ["403 without a word", 403, "", "", "refused"],
  ["403 about forgery", 403, HTML, "<h1>CSRF verification failed. Request aborted.</h1>", "broken"],
  ["419", 419, HTML, "<title>Page Expired</title>", "broken"],
  ["the form again", 200, HTML, FORM, "refused"],
  [
    "the form again with class names",
    200,
    HTML,
    `<style>.locked{}</style><div class="blocked">${FORM}</div>`,
    "refused",
  ],
  [
    "the form again with what it always says",
    200,
    HTML,
    `<p>Account locked? Ask the support</p>${FORM}`,
    "refused",
  ],
  [
    "the form again with a hidden sentence",
    200,
    HTML,
    `<p hidden>Account is locked</p>${FORM}`,
    "refused",
  ],
  [
    "the form again with a lock",
    200,
    HTML,
    `<p>Your account has been locked.</p>${FORM}`,
    "locked",
  ],
  [
    "the form again with a field of its own",
    200,
    HTML,
    `<p>Tenant is required</p>${FORM}`,
    "broken",
  ],
  ["the form in German", 200, HTML, `<p>Benutzername oder Passwort falsch</p>${FORM}`, "refused"],
  ["200 with an error of the credentials", 200, "", '{"ok":false,"msg":"Login failed"}', "refused"],
  ["200 with other data", 200, "", '{"access":"abc"}', null],
  ["another page in place of data", 200, HTML, "<h1>Welcome to nginx</h1>", "broken"],
  ["a page about maintenance", 200, HTML, "<h1>Down for maintenance</h1>", "down"],
  ["503", 503, HTML, "<h1>Service Unavailable</h1>", "down"],
  ["500 about credentials", 500, "", '{"error":"Bad credentials"}', "refused"],
  ["502 about credentials", 502, HTML, "<h1>Login failed</h1>", "down"],
  [
    "a threat of a lock",
    401,
    "",
    '{"m":"Wrong PIN. 2 tries before your account is locked."}',
    "refused",
  ],
  [
    "a lock that is said for later",
    200,
    HTML,
    `<p>Login failed. You will be blocked.</p>${FORM}`,
    "refused",
  ],
  [
    "a heading about locks",
    200,
    HTML,
    `<nav>Locked accounts</nav><p>Wrong login</p>${FORM}`,
    "refused",
  ],
  ["a flag that is set", 401, "", '{"error":"login_failed","accountLocked":true}', "locked"],
  ["an abbreviated code", 403, "", '{"errorCode":"E_ACCT_LOCKED"}', "locked"],
  ["a wait in numbers", 403, "", '{"message":"Please try again in 15 minutes"}', "locked"],
  ["a problem of the moment", 400, "", '{"message":"Something went wrong"}', "broken"],
  [
    "Django's own refusal",
    400,
    "",
    '{"e":["Unable to log in with provided credentials."]}',
    "refused",
  ],
  [
    "a field that is spelled another way",
    422,
    "",
    '{"detail":[{"type":"missing","loc":["body","user_name"],"msg":"Field required"}]}',
    "broken",
  ],
  ["a filter's page in place of data", 403, HTML, "<h1>Checking your browser</h1>", "broken"],
  ["a refusal in words that no list knows", 400, "", '{"msg":"Nope, that is not you"}', "refused"],
  ["an unknown code", 400, "", '{"code":"E1207"}', "broken"],
  ...[
    "Usuario o contraseña no válidos",
    "Nome utente o password errati",
    "Usuário ou senha inválidos",
    "Onjuist wachtwoord",
    "Nieprawidłowy login lub hasło",
    "Неверный логин или пароль",
    "用户名或密码错误",
    "パスワードが正しくありません",
    "아이디 또는 비밀번호가 올바르지 않습니다",
    "Die Anmeldedaten stimmen nicht überein",
  ].map((msg) => [`"${msg}" under 200`, 200, "", JSON.stringify({ msg }), "refused"] as const),
  ...[
    "Ihr Konto wurde gesperrt",
    "Account bloccato",
    "Sua conta foi bloqueada",
    "Ваш аккаунт заблокирован",
    "账号已被锁定",
    "アカウントがロックされました",
  ].map((msg) => [`"${msg}"`, 400, "", JSON.stringify({ msg }), "locked"] as const),
  ...[
    "Tilisi on lukittu",
    "A fiókja zárolva van",
    "Akun Anda telah diblokir",
    "Tài khoản của bạn đã bị khóa",
    "Ο λογαριασμός σας κλειδώθηκε",
    "تم قفل حسابك",
    "บัญชีของคุณถูกล็อก",
  ].map((msg) => [`"${msg}"`, 400, "", JSON.stringify({ msg }), "locked"] as const),
  ["a detail of one word", 401, "", '{"title":"Unauthorized","detail":"LockedOut"}', "locked"],
  ["a state under 200", 200, "", '{"status":"LOCKED_OUT","factors":[]}', "locked"],
  ["an account that waits", 401, "", '{"error":"Your account is not activated yet."}', "locked"],
  ["a bar", 200, HTML, "<h2>Your account is prohibited from signing in</h2>", "locked"],
  [
    "a lock in a sentence of its own",
    200,
    HTML,
    `<p>There were more than 5 failed logins. It is temporarily blocked.</p>${FORM}`,
    "locked",
  ],
  ["a setting of one word", 401, "", '{"error":"Wrong PIN","captcha":"disabled"}', "refused"],
  ["a setting inside", 401, "", '{"error":"Wrong PIN","mfa":{"status":"disabled"}}', "refused"],
  ["404 that repeats its address", 404, "", '{"error":"Not Found","path":"/login"}', "broken"],
  ["a login that took too long", 400, HTML, `<p>Your login attempt timed out.</p>`, "broken"],
  ["a session of the form", 401, "", '{"message":"Session expired, log in again"}', "broken"],
  ["a session that was not begun", 401, "", '{"m":"No session: invalid password"}', "refused"],
  ["an id of a client", 400, "", '{"error":"Client id web-77 not found"}', "broken"],
  ["a client nobody knows", 401, "", '{"error_description":"Unknown client: xyz"}', "broken"],
  ["a secret of the client", 400, "", '{"message":"Wrong secret hash for client 3f"}', "broken"],
  ["the form again for its CSRF value", 200, HTML, `<p>Invalid CSRF token.</p>${FORM}`, "broken"],
  ["the form again for a cookie", 200, HTML, `<b>Cookies are blocked.</b>${FORM}`, "broken"],
  ["a name it does not recognise", 400, "", '{"m":"Unrecognized user or password"}', "refused"],
  ["a window of a script", 200, HTML, "<script>alert('Wrong password')</script>", "refused"],
  ["another window", 200, HTML, "<script>alert('Hello')</script>", "broken"],
  ["a flag under 200", 200, "", '{"success":false,"error":{"code":400}}', "refused"],
  ["an error under 200", 200, "", '{"error":{"message":"Access Denied"}}', "refused"],
  ["a field under 200", 200, "", '{"ok":false,"msg":""tenant" is required"}', "broken"],
  ["no error under 200", 200, "", '{"error":"","status":"0","token":"abc"}', null],
  ["one word of text", 200, "text/plain", "Fails.", "refused"],
  ["a German field that is missing", 400, "", '{"fehler":""email" fehlt"}', "broken"],
];

for (const [what, status, type, body, kind] of CASES) {
  Deno.test(`judgeFailedRun() takes ${what} for ${kind ?? "nothing that tells"}`, () => {
    const verdict = run(body, { status, ...(type === "" ? {} : { type }) });
    assert.equal(verdict?.kind ?? null, kind, JSON.stringify(verdict));
  });
}

/** What is wrong with something that nobody types, in words, codes and languages. */
const MISFITS: readonly (readonly [number, string])[] = [
  [400, '{"error":"bad signature"}'],
  [401, '{"error":"INVALID_SIGNATURE"}'],
  [401, '{"message":"Timestamp is missing or too old"}'],
  [400, '{"message":"The request checksum does not match"}'],
  [200, '{"ok":false,"msg":"sign error: invalid sign"}'],
  [403, '{"error":"client version too old"}'],
  [403, '{"message":"This API is deprecated"}'],
  [400, '{"message":"Please upgrade: app release 3 is no longer supported"}'],
  [400, '{"meldung":"Die Signatur ist ungültig"}'],
  [403, '{"message":"Version de l\'application obsolète"}'],
  [400, '{"msg":"签名错误"}'],
  [403, '{"msg":"客户端版本过低"}'],
  [400, '{"mensaje":"La firma no es válida"}'],
  [403, '{"message":"Версия приложения устарела"}'],
  [400, '{"message":"署名が正しくありません"}'],
];

for (const [status, body] of MISFITS) {
  Deno.test(`judgeFailedRun() takes ${status} ${body} for a script that no longer fits`, () => {
    const verdict = run(body, { status });
    assert.equal(verdict?.kind, "broken", JSON.stringify(verdict));
  });
}

/** The last column: whether the answer leaves open what is wrong. */
const UNCLEAR: readonly (readonly [string, number, string, boolean])[] = [
  ["403 without a word", 403, "", true],
  ["403 that says what 403 says", 403, '{"error":"Forbidden"}', true],
  ["words about something else", 400, '{"error":"Unknown tenant acme"}', true],
  ["a language that no list knows", 422, '{"skilaboð":"Undirskrift beiðninnar er röng"}', true],
  ["401 with words about something else", 401, '{"error":"Device not enrolled here"}', true],
  ["a flag with words about something else", 200, '{"ok":false,"msg":"Region not served"}', true],
  ["401 without a word", 401, "", false],
  ["401 that says what 401 says", 401, '{"error":"Unauthorized","message":"Access denied"}', false],
  ["words about the password", 403, '{"error":"wrong password"}', false],
  ["a flag alone", 200, '{"ok":false}', false],
  ["a flag with a number that only the site knows", 200, '{"ok":false,"code":17}', true],
  [
    "a flag with a name that only the site knows",
    200,
    '{"success":false,"errorCode":"KX-41"}',
    true,
  ],
  ["a flag with a number that is no code", 200, '{"ok":false,"took":17}', false],
];

for (const [what, status, body, isUnclear] of UNCLEAR) {
  Deno.test(`judgeFailedRun() ${isUnclear ? "leaves open" : "knows"} what is wrong after ${what}`, () => {
    const verdict = run(body, { status });
    assert.equal(verdict?.kind, "refused");
    assert.equal(verdict?.isUnclear ?? false, isUnclear, JSON.stringify(verdict));
  });
}

Deno.test("judgeFailedRun() leaves open what a page with a form says of a login that was answered with JSON", () => {
  const answered = (kind: RecordedStep["kind"]) =>
    run(FORM, { status: 200, type: HTML }, [STEPS[0]!, { ...STEPS[1]!, kind }]);
  assert.equal(answered("json")?.isUnclear, true);
  assert.equal(answered("none")?.isUnclear ?? false, false);
});

/** From a login that was recorded with data, and from one that was recorded with a redirect. */
const AWAY: readonly (readonly [string, number, number, FailureKind | null, boolean])[] = [
  ["/v2/login", 302, 200, "broken", false],
  ["https://id.elsewhere.example/sign-in", 302, 303, "broken", false],
  ["/anmelden/neu", 308, 303, "broken", false],
  ["/v2/login", 302, 303, "refused", true],
  ["/account/signin", 303, 302, "refused", true],
  ["/login", 302, 303, null, false],
];

for (const [to, status, recorded, kind, isUnclear] of AWAY) {
  Deno.test(`judgeFailedRun() takes ${status} to ${to} in place of ${recorded} for ${kind}`, () => {
    const steps = STEPS.map((one) => one.submits ? { ...one, status: recorded } : one);
    const verdict = run("", { status, type: HTML, headers: [["location", to]] }, steps);
    assert.equal(verdict?.kind ?? null, kind, JSON.stringify(verdict));
    assert.equal(verdict?.isUnclear ?? false, isUnclear);
    if (kind !== null) assert.match(verdict?.ledTo ?? "", /it leads to https:.*never was/);
  });
}

Deno.test("judgeFailedRun() takes a refusal that says when to come back for a limit, unless it speaks of the credentials", () => {
  const headers = [["retry-after", "90"]] as const;
  const kindOf = (status: number, body: string) => run(body, { status, headers })?.kind;
  assert.equal(kindOf(403, '{"message":"しばらくお待ちください"}'), "limited");
  assert.equal(kindOf(403, ""), "limited");
  assert.equal(kindOf(403, '{"message":"Wrong password"}'), "refused");
  assert.equal(kindOf(401, ""), "refused");
  assert.equal(kindOf(423, ""), "locked");
  assert.equal(kindOf(503, ""), "down");
});

const LED = [
  ["/login?error=account_locked", "locked"],
  ["/login?error=locked", "locked"],
  ["/login?error=bad_password", "refused"],
];
for (const [to, kind] of LED) {
  Deno.test(`judgeFailedRun() takes a redirect to ${to} for ${kind}`, () => {
    assert.equal(run("", { status: 302, type: HTML, headers: [["location", to!]] })?.kind, kind);
  });
}

function asked(method: string, path: string, status: number): GuestExchange {
  return { method, url: `${ORIGIN}${path}`, status };
}

const RUNS: readonly (readonly [string, GuestExchange[], FailureKind | null])[] = [
  [
    "a refusal behind the login",
    [asked("POST", "/login", 200), asked("POST", "/token", 401)],
    "broken",
  ],
  ["a refusal before it", [asked("GET", "/login", 403)], "broken"],
  ["an answer that nobody watched", [asked("POST", "/login", 401)], null],
  ["no request at all", [], null],
  ["a limit of requests behind the login", [
    asked("POST", "/login", 200),
    asked("POST", "/token", 429),
  ], null],
];

for (const [what, exchanges, kind] of RUNS) {
  Deno.test(`judgeFailedRun() takes ${what} for ${kind ?? "nothing that tells"}`, () => {
    assert.equal(judgeFailedRun({ exchanges, answers: [] }, STEPS)?.kind ?? null, kind);
  });
}

/** Of a login whose pages have a value of the login in their path, and of one at fixed addresses. */
const PER_LOGIN = [
  step("GET /authorize", { status: 302, kind: "none" }),
  step("GET /*", { kind: "html" }),
  step("POST /*", { submits: true, status: 303, kind: "none" }),
];
const FIXED = [
  step("GET /start", { kind: "html" }),
  step("POST /session", { submits: true, status: 303, kind: "none" }),
  step("GET /desk", { kind: "html" }),
];
const BACK: readonly (readonly [RecordedStep[], string, string, string, FailureKind | null])[] = [
  [PER_LOGIN, "/flow/q7Xk", "/flow/q7Xk/check", "/flow/q7Xk?e=1", "refused"],
  [PER_LOGIN, "/flow/q7Xk", "/flow/q7Xk/check", "/flow/q7Xk", "refused"],
  [PER_LOGIN, "/flow/q7Xk", "/flow/q7Xk/check", "/flow/q7Xk/agree", null],
  [PER_LOGIN, "/flow/q7Xk", "/flow/q7Xk/check", "https://other.example/flow/q7Xk?e=1", "broken"],
  [FIXED, "/start", "/session", "/start?e=1", "refused"],
  [FIXED, "/start", "/session", "/start", null],
  [FIXED, "/desk", "/session", "/desk?e=1", null],
];
for (const [steps, page, form, to, kind] of BACK) {
  Deno.test(`judgeFailedRun() takes a way from ${form} to ${to} for ${kind}, the form being at ${page}`, () => {
    const post = asked("POST", form, 303);
    const exchanges = [asked("GET", "/authorize", 302), asked("GET", page, 200), post];
    const headers = [["location", to]] as const;
    const answers = [{ method: "POST", url: post.url, status: 303, headers, body: "" }];
    const verdict = judgeFailedRun({ exchanges, answers }, steps);
    assert.equal(verdict?.kind ?? null, kind, JSON.stringify(verdict));
    if (kind === "refused") assert.equal(verdict?.ledTo, "it leads back to the login");
  });
}

Deno.test("judgeFailedRun() quotes what the site says", () => {
  const { said } = run('{"errors":{"login":["is required"]}}', { status: 422 })!;
  assert.equal(said, "login: is required");
});
