/** The login page as HTML: one card that fits a phone, without scripts. Texts are escaped by hono. */
import { html } from "hono/html";
import type { PageState } from "./login_dialog.ts";
import { type Markup, page } from "./page_frame.ts";

/** What the user is told before anything runs. */
export interface LoginFacts {
  /** The app, the account of an app, or the service. */
  readonly owner: string;
  /** The login script's file; `null` where the provider's own page asks. */
  readonly script: string | null;
  /** `host:port` of what the script may reach. */
  readonly hosts: readonly string[];
  /** True where a browser window may be opened for the login. */
  readonly inBrowser: boolean;
  /** True for an app, whose login without a script is a browser's. */
  readonly kind: "app" | "service";
}

const REFRESH_S = 1;

export function pageFor(state: PageState, facts: LoginFacts): Markup {
  switch (state.kind) {
    case "intro":
      return page(`Log in to ${facts.owner}`, introduction(facts));
    case "question":
      return page(`Log in to ${facts.owner}`, question(state));
    case "working":
      return page(`Logging in to ${facts.owner}`, working(state.note), { refreshS: REFRESH_S });
    case "elsewhere":
      return page(`Log in to ${facts.owner}`, elsewhere(state.url), {
        refreshS: REFRESH_S,
        refreshUrl: state.url,
      });
    case "done":
      return page(
        `Logged in to ${facts.owner}`,
        html`
          <p class="good">You are logged in. Close this page and go back to your assistant.</p>
        `,
      );
    case "failed":
      return page(
        `Not logged in to ${facts.owner}`,
        html`
          <p class="bad">${state.message}</p>
          <p>Ask your assistant to try again.</p>
        `,
      );
  }
}

/** Why a request is refused. `ticket`: in its address. */
export type Refusal = "ticket" | "session" | "elsewhere";

const REFUSALS: Readonly<Record<Refusal, string>> = {
  ticket: "This address is not good, or was used before. Ask your assistant for a new one.",
  session:
    "This page is shown to the browser alone that opened the address of your assistant, and is known by a " +
    "cookie. None came that is good. Ask your assistant for a new address, and open it in a browser that keeps cookies.",
  elsewhere: "This request did not come from the login page, or is for a page that is not here.",
};

export function refusedPage(why: Refusal): Markup {
  return page(
    "Nothing to see here",
    html`
      <p>${REFUSALS[why]}</p>
    `,
  );
}

function introduction(facts: LoginFacts): Markup {
  const { owner, script, kind, inBrowser } = facts;
  const isBrowserOnly = kind === "app" && script === null && inBrowser;
  return html`
    <p>Your assistant needs a login to <strong>${owner}</strong>.</p>
    ${whatRuns(facts)}
    <p class="quiet">
      What you type goes to the login alone: neither to your assistant nor to its model.
    </p>
    <form method="post" action="/begin">
      ${isBrowserOnly ? "" : html`
        <button autofocus>Begin</button>
      `} ${inBrowser ? browserButton(isBrowserOnly) : ""}
    </form>
  `;
}

function whatRuns({ script, hosts, kind, inBrowser }: LoginFacts): Markup {
  if (script !== null) {
    const items = hosts.map((host) =>
      html`
        <li>${host}</li>
      `
    );
    return html`
      <p>This program runs, on this computer:</p>
      <p class="path">${script}</p>
      <p>It may reach these hosts and no others:</p>
      <ul>${items}</ul>
      <p>With Begin you agree to that, until the program or a host is another one.</p>
    `;
  }
  return kind === "app" && inBrowser
    ? html`
      <p>There is no program that logs in here: you do, in a browser window.</p>
    `
    : html`
      <p>The login goes on at the page of the provider.</p>
    `;
}

/** A profile of Keysmith's own is used: nothing of the browser that shows this page is seen or changed. */
function browserButton(isOnly: boolean): Markup {
  return html`
    <button name="way" value="browser" class="${isOnly ? "" : "second"}">
      Log in in a browser window
    </button>
    <p class="quiet">
      It opens with a profile of its own, and closes by itself once the login is seen.
    </p>
  `;
}

function question({ id, input, label, notes }: Extract<PageState, { kind: "question" }>): Markup {
  const said = notes.map((note) =>
    html`
      <p class="note">${note.trim()}</p>
    `
  );
  return html`
    ${said}
    <form method="post" action="/answer">
      <input type="hidden" name="id" value="${id}">
      ${input === "confirm" ? choice(label) : field(input, label)}
    </form>
  `;
}

function choice(label: string): Markup {
  return html`
    <p>${label}</p>
    <button name="value" value="yes">Yes</button>
    <button name="value" value="no" class="second">No</button>
  `;
}

function field(input: "text" | "secret", label: string): Markup {
  const isSecret = input === "secret";
  return html`
    <label for="value">${label}</label>
    <input
      id="value"
      name="value"
      type="${isSecret ? "password" : "text"}"
      autocomplete="${isSecret ? "current-password" : "username"}"
      autocapitalize="none"
      spellcheck="false"
      autofocus
      required
    >
    <button>Continue</button>
  `;
}

function working(note: string | undefined): Markup {
  return html`
    <p>${note ?? "This takes a moment."}</p>
    <p><a href="/">Look again</a></p>
  `;
}

function elsewhere(url: string): Markup {
  return html`
    <p>The login goes on at <strong>${new URL(url).host}</strong>.</p>
    <p><a href="${url}">Go there</a></p>
  `;
}
