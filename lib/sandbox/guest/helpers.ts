/** The helpers that speak to the user, and the bookkeeping of the questions that are open. */
import { type CallName, type GuestAnswer, type GuestMessage } from "../protocol.ts";
import { MAX_CALL_TEXT } from "../limits.ts";

export interface UserHelpers {
  readonly prompt_text: (label: string) => Promise<string>;
  readonly prompt_secret: (label: string) => Promise<string>;
  readonly wait_user_confirmation: (message: string) => Promise<void>;
  readonly tell_user: (message: string) => Promise<void>;
  readonly debug: (...args: unknown[]) => void;
}

/** Helpers that speak through `post`, and the receiver of the answers. */
export function makeUserHelpers(
  post: (message: GuestMessage) => void,
): { helpers: UserHelpers; receive: (answer: GuestAnswer) => void } {
  const open = new Map<number, (value: string) => void>();
  let lastId = 0;

  function call(name: CallName, text: unknown): Promise<string> {
    const shown = String(text);
    if (shown.length > MAX_CALL_TEXT) {
      throw new TypeError(`The text for ${name}() is longer than ${MAX_CALL_TEXT} characters`);
    }
    const id = ++lastId;
    return new Promise((resolve) => {
      open.set(id, resolve);
      post({ kind: "call", id, name, text: shown });
    });
  }

  return {
    helpers: {
      prompt_text: async (label) => await call("prompt_text", label),
      prompt_secret: async (label) => await call("prompt_secret", label),
      wait_user_confirmation: async (message) => {
        await call("wait_user_confirmation", message);
      },
      tell_user: async (message) => {
        await call("tell_user", message);
      },
      debug: (...args) => post({ kind: "debug", text: debugText(args) }),
    },
    receive: ({ id, value }) => {
      open.get(id)?.(value);
      open.delete(id);
    },
  };
}

function debugText(args: readonly unknown[]): string {
  const text = args.map(shownValue).join(" ");
  return text.length > MAX_CALL_TEXT ? `${text.slice(0, MAX_CALL_TEXT)}…` : text;
}

function shownValue(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
