/** The function, each argument judged once. */
export function remembered<Argument, Answer>(
  judge: (argument: Argument) => Answer,
): (argument: Argument) => Answer {
  const known = new Map<Argument, Answer>();
  return (argument) => {
    if (!known.has(argument)) known.set(argument, judge(argument));
    return known.get(argument)!;
  };
}
