import type { Store } from "dynalite/db/index.js";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { TARGET } from "../actions";
import { invalid, type Served } from "../serve";
import { executeBatch } from "./execute";

/** Batches of statements. */
export const partiql = (store: Store): Served => ({
  answers: (target) => target === `${TARGET}.BatchExecuteStatement`,
  answer: async (_, input) =>
    pipe(
      await executeBatch(store, input),
      E.bimap(invalid, (Responses) => ({ Responses })),
    ),
});
