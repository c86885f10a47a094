/**
 * What a page asks a person, answered in a browser without a window: it would wait for ever, and the recording with it.
 * Dialogs (HTML standard section 8.8) are accepted, as whoever wrote a step that leads to one means to go on. A
 * password that only a dialog of the browser asks for (RFC 9110 section 11) is not given: the page has the 401.
 */
import type { Devtools, DevtoolsEvent } from "./devtools.ts";

export function answerForNobody(devtools: Devtools): void {
  devtools.onEvent(({ method, params, sessionId }: DevtoolsEvent) => {
    if (method === "Page.javascriptDialogOpening") {
      const promptText = String(params["defaultPrompt"] ?? "");
      devtools.attempt("Page.handleJavaScriptDialog", { accept: true, promptText }, sessionId);
    } else if (method === "Fetch.authRequired") {
      // A page that is opened fails by itself, with an error of its own.
      const response = params["resourceType"] === "Document" ? "Default" : "CancelAuth";
      devtools.attempt("Fetch.continueWithAuth", {
        requestId: params["requestId"],
        authChallengeResponse: { response },
      }, sessionId);
    }
  });
}
