import * as E from "fp-ts/Either";
import type * as RT from "fp-ts/ReaderTask";
import type * as RTE from "fp-ts/ReaderTaskEither";
import type * as T from "fp-ts/Task";
import type * as TE from "fp-ts/TaskEither";

/** Runs `f` on every item, at most `limit` at a time and in order of start, until `stop` says to start no more. */
const run = async <A, B>(
  limit: number,
  items: ReadonlyArray<A>,
  f: (item: A) => T.Task<B>,
  stop: (result: B) => boolean,
): Promise<ReadonlyArray<B>> => {
  const results: B[] = [];
  const pending = items.entries();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of pending) {
      const result = await f(item)();
      results[index] = result;
      if (stop(result)) stopped = true;
      if (stopped) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
};

/**
 * The project's one traverse over effects: `traverseArray` would start everything at once.
 * Fails with the first error; items not started by then never start.
 */
export const traverseBounded =
  (limit: number) =>
  <A, E, B>(f: (item: A) => TE.TaskEither<E, B>) =>
  (items: ReadonlyArray<A>): TE.TaskEither<E, ReadonlyArray<B>> =>
  async () => {
    const results = await run(limit, items, f, E.isLeft);
    const values: B[] = [];
    for (const result of results.values()) {
      // A hole: an item that an earlier error kept from starting.
      if ((result as E.Either<E, B> | undefined) === undefined) continue;
      if (E.isLeft(result)) return result;
      values.push(result.right);
    }
    return E.right(values);
  };

/** The same for effects that cannot fail: every item runs. */
export const traverseAll =
  (limit: number) =>
  <A, B>(f: (item: A) => T.Task<B>) =>
  (items: ReadonlyArray<A>): T.Task<ReadonlyArray<B>> =>
  () =>
    run(limit, items, f, () => false);

/** `traverseBounded` for steps of a pipeline. */
export const traverseSteps =
  (limit: number) =>
  <A, R, E, B>(f: (item: A) => RTE.ReaderTaskEither<R, E, B>) =>
  (items: ReadonlyArray<A>): RTE.ReaderTaskEither<R, E, ReadonlyArray<B>> =>
  (needs) =>
    traverseBounded(limit)((item: A) => f(item)(needs))(items);

/** `traverseAll` for steps of a pipeline. */
export const traverseAllSteps =
  (limit: number) =>
  <A, R, B>(f: (item: A) => RT.ReaderTask<R, B>) =>
  (items: ReadonlyArray<A>): RT.ReaderTask<R, ReadonlyArray<B>> =>
  (needs) =>
    traverseAll(limit)((item: A) => f(item)(needs))(items);
