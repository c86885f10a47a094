/** What is wrong with an expression or a place, told to the model. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}
