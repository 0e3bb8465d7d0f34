import * as v from 'valibot';

/** What became of an unknown value: the typed value, or one English sentence that says where it does not fit. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

// A schema's message quotes the value it refuses, however long that is.
const longestReason = 200;

/** Checks an unknown value against a schema of this contract. Never throws. */
export function parseWith<TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
): Parsed<v.InferOutput<TSchema>> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  const reason = path === null ? issue.message : `${path}: ${issue.message}`;
  return { ok: false, reason: reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason };
}
