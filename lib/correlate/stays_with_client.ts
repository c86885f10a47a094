/** Sessions that live with their client alone, so that a login in a browser leaves nothing to hand over either. */

/** The words by which a reason says so. */
export const STAYS_WITH_CLIENT = "no session can be handed over";

/** False where one of the reasons says that the session stays with its client. */
export function canHandOver(reasons: readonly string[]): boolean {
  return !reasons.some((reason) => reason.includes(STAYS_WITH_CLIENT));
}
