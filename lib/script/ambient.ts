/** What a script may use besides Web-platform globals, declared for editors and type checkers. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  prompt_text: "declare function prompt_text(label: string): Promise<string>;",
  prompt_secret: "declare function prompt_secret(label: string): Promise<string>;",
  wait_user_confirmation:
    "declare function wait_user_confirmation(message: string): Promise<void>;",
  debug: "declare function debug(...args: unknown[]): void;",
  cookie_session: `interface CookieSession {
  (url: string, init?: RequestInit): Promise<Response>;
  cookies(url: string): { name: string; value: string }[];
  cookie_header(url: string): string;
  set_cookie(url: string, name: string, value: string): void;
}
declare function cookie_session(): CookieSession;`,
  html_forms: `interface HtmlForm {
  action: string;
  method: string;
  fields: Record<string, string>;
  inputs: { name: string; type: string; value: string }[];
}
declare function html_forms(html: string, base_url?: string): HtmlForm[] & {
  meta: Record<string, string>;
  hidden: Record<string, string>;
  attribute(selector: string, attribute: string): string | undefined;
};`,
};

/** Declarations of those injected globals that the code mentions. */
export function ambientDeclarations(code: string): string {
  return Object.entries(DECLARATIONS)
    .filter(([name]) => code.includes(`${name}(`))
    .map(([, text]) => text)
    .join("\n");
}
