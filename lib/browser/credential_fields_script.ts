/**
 * The script that looks on while somebody logs in, in a world of its own beside each page's. It tells kind,
 * name and value of a field that belongs to a login when the field is left or its form is sent; of any other
 * field it tells nothing, and no keystroke of any.
 *
 * A password box says what it is, also once its text is shown. Otherwise the page says so by `autocomplete` (HTML
 * standard section 4.10.18.7.1), by standing before a password box in the same form, or by the name and type of a field
 * in a form that asks for little else: the first step of a login on two pages, and the one for a code. Fields in open
 * shadow trees are fields of the form around them.
 *
 * Who filled a field: the browser where it says so (`:autofill`), a person where a keystroke or a paste was one
 * (`isTrusted`). A value that came by neither is the page's own, unless a password came with it: pages fill in none,
 * extensions that keep passwords do.
 *
 * It is a text, as those of `page_functions.ts` are.
 */

/** The function by which the script reports; only its own world has it. */
export const REPORT_BINDING = "keysmithReport";
export const SCRIPT_WORLD = "keysmith";

export const CREDENTIAL_FIELDS_SCRIPT = `(() => {
  const report = (text) => globalThis.${REPORT_BINDING}(text);
  const TEXT_TYPES = new Set(["text", "email", "tel", "number", "search", ""]);
  const IDENTIFYING = /user|login|e-?mail|identifier|account|member|customer/i;
  const SECRET = /pass-?_?(?:word|wd|wort)|pwd|kennwort/i;
  const CODE = /otp|one.?time|2fa|mfa|totp|verif|pass ?code|^code$|[_-]code$/i;
  // A form that asks for more is a profile or an order.
  const MAX_FIELDS_OF_A_LOGIN = 3;
  const MAX_CODE = 12;

  // Of this world alone: the page's scripts see no such property. A page that writes itself anew (document.open(), HTML
  // standard section 8.4.1) takes the listeners away; put back twice, each listens once.
  if (document.keysmithWatch) return document.keysmithWatch();

  const touched = new WeakSet();
  const secrets = new WeakSet();
  const isField = (node) => node?.tagName === "INPUT";
  const isText = (field) => TEXT_TYPES.has(field.type);
  const isSecret = (field) => field.type === "password" || secrets.has(field);
  const hostOf = (node) => node.getRootNode().host;
  const namesOf = (field) => [field.name, field.id, hostOf(field)?.getAttribute("name"), hostOf(field)?.id]
    .filter(Boolean);

  // The form around a field, whatever shadow trees stand between, else the outermost of them.
  function scopeOf(field) {
    for (let node = field; ; node = hostOf(node)) {
      const form = node.form ?? node.closest("form");
      if (form) return form;
      if (!hostOf(node)) return node.getRootNode();
    }
  }

  function fieldsIn(root) {
    return Array.from(root.querySelectorAll("*")).flatMap((node) =>
      isField(node) ? [node] : node.shadowRoot ? fieldsIn(node.shadowRoot) : []
    );
  }

  function kindOf(field) {
    const hints = (field.autocomplete ?? "").toLowerCase().split(/\\s+/);
    const all = fieldsIn(scopeOf(field));
    // Logins say so, too, to keep a browser from filling them in; a new password is typed twice, or beside more.
    const isNew = hints.includes("new-password");
    if (isNew && (all.filter(isText).length > 1 || all.filter(isSecret).length > 1)) return null;
    if (hints.includes("one-time-code")) return "one-time-code";
    if (isSecret(field) || hints.includes("current-password")) return "password";
    if (!isText(field)) return null;
    if (hints.includes("username") || hints.includes("webauthn")) return "identifier";
    const secret = all.findIndex(isSecret);
    const names = namesOf(field);
    if (all.filter((other) => isText(other) && !isSecret(other)).length > MAX_FIELDS_OF_A_LOGIN) return null;
    if (names.some((name) => CODE.test(name)) && field.value.length <= MAX_CODE) return "one-time-code";
    if (names.some((name) => SECRET.test(name))) return "password";
    if (secret >= 0 && all.indexOf(field) < secret) return "identifier";
    return field.type === "email" || names.some((name) => IDENTIFYING.test(name)) ? "identifier" : null;
  }

  const isPutIn = (field) => !touched.has(field) && field.value !== field.defaultValue;

  function fillerOf(field) {
    if (field.matches(":autofill")) return "browser";
    if (touched.has(field)) return "person";
    const secret = isSecret(field) ? field : fieldsIn(scopeOf(field)).find(isSecret);
    return isPutIn(field) && secret !== undefined && isPutIn(secret) ? "browser" : null;
  }

  function tell(field) {
    if (!isField(field) || field.value === "") return;
    const filledBy = fillerOf(field);
    const kind = filledBy === null ? null : kindOf(field);
    if (kind === null) return;
    report(JSON.stringify({ kind, name: namesOf(field)[0] ?? "", value: field.value, filledBy }));
  }

  function look(event) {
    const [field] = event.composedPath();
    if (!isField(field)) return;
    if (field.type === "password") secrets.add(field);
    if (event.type === "input" && event.isTrusted) touched.add(field);
    // A shadow tree lets neither "change" nor "submit" out, nor a focus that moves inside (DOM standard section 2.2).
    if (hostOf(field)) listen(field.getRootNode());
  }

  const leave = (event) => tell(event.composedPath()[0]);
  const send = (event) => fieldsIn(event.composedPath()[0]).forEach(tell);
  function press(event) {
    const [field] = event.composedPath();
    if (event.key === "Enter" && isField(field)) fieldsIn(scopeOf(field)).forEach(tell);
  }

  // A code that is sent with its last digit, and a field that a key on the page sends, are never left.
  const part = () => fieldsIn(document).filter((field) => touched.has(field)).forEach(tell);

  function listen(root) {
    for (const type of ["focusin", "input"]) root.addEventListener(type, look, true);
    for (const type of ["change", "focusout"]) root.addEventListener(type, leave, true);
    root.addEventListener("submit", send, true);
    root.addEventListener("keydown", press, true);
  }

  document.keysmithWatch = () => {
    listen(globalThis);
    addEventListener("pagehide", part, true);
  };
  document.keysmithWatch();
})();`;
