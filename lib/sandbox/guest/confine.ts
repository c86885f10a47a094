/** The Worker's realm locked down, and the compartment in which a script is evaluated. */
import "./realm.ts";
import "ses";
import {
  closeWebGlobals,
  dropEvaluators,
  hardenWebGlobals,
  takeWebGlobals,
  type WebGlobals,
} from "./globals.ts";
import { hideStacks, SCRIPT_URL } from "./thrown.ts";

export type Evaluate = (source: string) => unknown;

/** Locks the realm down and returns the evaluator of a compartment with the given globals. */
export function confine(globalsOf: (web: WebGlobals) => Record<string, unknown>): Evaluate {
  const web = takeWebGlobals();
  closeWebGlobals(web);
  lockRealm(web);
  const evaluate = inCompartment(Compartment, globalsOf(web));
  dropEvaluators();
  return evaluate;
}

/** Once in a realm. From now on nothing of the language and of the given globals can be changed. */
export function lockRealm(web: WebGlobals): void {
  Reflect.set(globalThis, "console", {}); // ses insists on one
  lockdown({
    reporting: "none",
    errorTrapping: "none",
    unhandledRejectionTrapping: "none",
    consoleTaming: "unsafe",
    localeTaming: "unsafe",
    overrideTaming: "severe",
  });
  hideStacks();
  hardenWebGlobals(web);
}

/** @param Confined the class of the locked realm, which has no global name once scripts run */
export function inCompartment(
  Confined: typeof Compartment,
  globals: Record<string, unknown>,
): Evaluate {
  const compartment = new Confined({ globals: harden(globals), __options__: true });
  for (const name of ["Compartment", "Function", "eval", "harden", "lockdown"]) {
    Reflect.deleteProperty(compartment.globalThis, name);
  }
  // What looks like a direct eval to ses may be text, and there is no eval to call.
  const options = { __rejectSomeDirectEvalExpressions__: false };
  return (source) => compartment.evaluate(`${source}\n//# sourceURL=${SCRIPT_URL}`, options);
}
