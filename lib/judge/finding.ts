/** What the judge says of a place: that something is wrong there, or that it is taken on trust. Holds no secret value. */

interface JudgedPlace {
  /** `Trace.id` of the recorded request; `null` for the result and the script. */
  readonly trace: string | null;
  /** `header "X-Client"`, `body field "client_id"`. */
  readonly where: string;
}

/** Something that is wrong. */
export interface Objection extends JudgedPlace {
  readonly problem: string;
}

/** Something a proof takes on trust, with the evidence for it. */
export interface Assumption extends JudgedPlace {
  readonly as: "constant" | "generated" | "typed";
  /** What speaks for it, or what is missing. */
  readonly why: string;
  /** True when the evidence decides; else only another recording, or a login, can tell. */
  readonly isSettled: boolean;
}

export type Finding = Objection | Assumption;

export function objection({ trace, where }: JudgedPlace, problem: string): Objection {
  return { trace, where, problem };
}

/** To something that no recorded request shows: the script as a text, what it hands over. */
export function objectionTo(where: string, problem: string): Objection {
  return { trace: null, where, problem };
}

/** @param issued where a recorded answer holds it */
export function copyObjection(
  at: JudgedPlace,
  issued: { readonly trace: string; readonly place: string },
): Objection {
  return objection(
    at,
    `holds a recorded value, to be taken from the answer of ${issued.trace}, ${issued.place}`,
  );
}

/** Takes something on trust that evidence speaks for. */
export function settled(at: JudgedPlace, as: Assumption["as"], why: string): Assumption {
  return { trace: at.trace, where: at.where, as, why, isSettled: true };
}

/** Takes something on trust that nothing decides. */
export function unsettled(at: JudgedPlace, as: Assumption["as"], why: string): Assumption {
  return { ...settled(at, as, why), isSettled: false };
}
