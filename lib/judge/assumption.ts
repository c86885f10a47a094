/** Something a proof takes on trust, with the evidence for it. Holds no secret value. */
export interface Assumption {
  /** `Trace.id` of the recorded request; `null` for the result. */
  readonly trace: string | null;
  /** `header "X-Client"`, `body field "client_id"`. */
  readonly where: string;
  readonly as: "constant" | "generated" | "typed";
  /** What speaks for it, or what is missing. */
  readonly why: string;
  /** True when the evidence decides; else only another recording, or a login, can tell. */
  readonly isSettled: boolean;
}
