/**
 * The script that looks on while somebody logs in, in a world of its own beside each page's. It tells kind,
 * name and value of a field that belongs to a login when the field is left or its form is sent; of any other
 * field it tells nothing, and no keystroke of any.
 *
 * A password box says what it is. Otherwise the page says so by `autocomplete` (HTML standard section
 * 4.10.18.7.1), by standing before a password box in the same form, or by the name and type of a field in a
 * form that asks for little else: the first step of a login on two pages, and the one for a code.
 */

/** The function by which the script reports; only its own world has it. */
export const REPORT_BINDING = "keysmithReport";
export const SCRIPT_WORLD = "keysmith";

/** A text, and no function turned into one: see `page_functions.ts`. */
const WATCH_CREDENTIAL_FIELDS = String.raw`function (report) {
  const TEXT_TYPES = new Set(["text", "email", "tel", "number", "search", ""]);
  const IDENTIFYING = /user|login|e-?mail|identifier|account|member|customer/i;
  const CODE = /otp|one.?time|2fa|mfa|totp|verif|pass ?code|^code$|[_-]code$/i;
  /** A form that asks for more is a profile or an order. */
  const MAX_FIELDS_OF_A_LOGIN = 3;

  const doc = globalThis.document;
  // Of this world alone: the page's scripts see no such property.
  if (doc.keysmithWatches === true) return;
  doc.keysmithWatches = true;

  const isField = (node) => node !== null && node !== undefined && node.tagName === "INPUT";
  const scopeOf = (field) => field.form ?? field.getRootNode();
  const fieldsIn = (scope) => Array.from(scope.querySelectorAll("input"));
  const isText = (field) => TEXT_TYPES.has(field.type);

  function kindOf(field) {
    const hints = (field.autocomplete ?? "").toLowerCase().split(/\s+/);
    if (hints.includes("new-password")) return null;
    if (hints.includes("one-time-code")) return "one-time-code";
    if (field.type === "password") return "password";
    if (!isText(field)) return null;
    if (hints.includes("username") || hints.includes("webauthn")) return "identifier";
    const all = fieldsIn(scopeOf(field));
    const texts = all.filter(isText);
    const secret = all.findIndex((other) => other.type === "password");
    const called = field.name + " " + field.id;
    if (texts.length > MAX_FIELDS_OF_A_LOGIN) return null;
    if (called.split(" ").some((name) => CODE.test(name)) && field.value.length <= 12) {
      return "one-time-code";
    }
    if (secret >= 0 && all.indexOf(field) < secret) return "identifier";
    return field.type === "email" || IDENTIFYING.test(called) ? "identifier" : null;
  }

  function tell(field) {
    if (!isField(field) || field.value === "") return;
    const kind = kindOf(field);
    if (kind === null) return;
    const filledBy = field.matches(":autofill") ? "browser" : "person";
    report(JSON.stringify({ kind, name: field.name || field.id, value: field.value, filledBy }));
  }

  doc.addEventListener("change", (event) => tell(event.composedPath()[0]), true);
  doc.addEventListener(
    "submit",
    (event) => fieldsIn(event.composedPath()[0]).forEach(tell),
    true,
  );
}`;

export const CREDENTIAL_FIELDS_SCRIPT =
  `(${WATCH_CREDENTIAL_FIELDS})((text) => globalThis.${REPORT_BINDING}(text));`;
