/** What the pages of a login have in common: how they look, without scripts. Texts are escaped by hono. */
import { html } from "hono/html";

export type Markup = ReturnType<typeof html>;

export const STYLE_PATH = "/style.css";

export interface PageOptions {
  /** Seconds until it is loaded again, or `refreshUrl` in its place. */
  readonly refreshS?: number;
  readonly refreshUrl?: string;
}

/** One card that fits a phone. */
export function page(
  title: string,
  body: Markup,
  { refreshS, refreshUrl }: PageOptions = {},
): Markup {
  const refresh = refreshS === undefined ? "" : html`
    <meta http-equiv="refresh" content="${refreshS}${refreshUrl === undefined
      ? ""
      : `;url=${refreshUrl}`}">
  `;
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        ${refresh}
        <link rel="stylesheet" href="${STYLE_PATH}">
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>Keysmith, on this computer</footer>
      </body>
    </html>
  `;
}

/** Served beside the pages: their policy takes styles from nowhere else. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #59636e; --card: #fff; --back: #eef1f4;
  --line: #c9d1d9; --key: #0b6b57; --bad: #b42318; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --quiet: #9aa4ae; --card: #161b22; --back: #0d1117; --line: #3b434d;
    --key: #3fb79b; --bad: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
  justify-content: center; gap: 1rem; padding: 1rem; background: var(--back); color: var(--ink);
  font: 1.0625rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 .75rem; }
ul { margin: 0 0 .75rem; padding-left: 1.25rem; }
.path, li { font-family: ui-monospace, monospace; font-size: .9375rem; }
.quiet, footer { color: var(--quiet); font-size: .9375rem; }
.note { padding-left: .75rem; border-left: 3px solid var(--line); white-space: pre-wrap; }
.good { color: var(--key); } .bad { color: var(--bad); }
label { display: block; margin-bottom: .375rem; font-weight: 600; }
input[id] { width: 100%; min-height: 2.75rem; margin-bottom: 1rem; padding: .5rem .75rem; font: inherit;
  color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: .5rem; }
button { width: 100%; min-height: 2.75rem; margin-top: .25rem; font: inherit; font-weight: 600; color: #fff;
  background: #0b6b57; border: 0; border-radius: .5rem; cursor: pointer; }
/* Apart by more than the ring of the one that has the focus. */
button + button { margin-top: .75rem; }
button.second { color: var(--ink); background: transparent; border: 1px solid var(--line); }
:focus-visible { outline: 3px solid var(--key); outline-offset: 2px; }
a { color: var(--key); }
`;
