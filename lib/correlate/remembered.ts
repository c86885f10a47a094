/** The function, each argument judged once. */
export function remembered<Argument, Answer>(
  judge: (argument: Argument) => Answer,
): (argument: Argument) => Answer {
  const known = new Map<Argument, Answer>();
  return (argument) => {
    const held = known.get(argument);
    if (held !== undefined) return held;
    const answer = judge(argument);
    known.set(argument, answer);
    return answer;
  };
}
