import * as t from "io-ts";
import { parseJson } from "../../json";

const BatchResponse = t.partial({
  batchItemFailures: t.union([t.null, t.readonlyArray(t.type({ itemIdentifier: t.string }))]),
});

/**
 * The items of a batch that a function reports as failed, by Lambda's rules: no answer or an empty list is none; an
 * answer that is not understood, or that names an item it was not given, is all of them.
 */
export const failedItems = (payload: string, given: ReadonlyArray<string>): ReadonlySet<string> => {
  const all = new Set(given);
  const answer = parseJson(payload);
  if (answer === null || answer === "") return new Set();
  if (!BatchResponse.is(answer)) return all;
  const failed = (answer.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((id) => all.has(id)) ? new Set(failed) : all;
};
