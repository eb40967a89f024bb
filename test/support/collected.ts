/** All that an iterable gives, in its order. */
export const collected = async <A>(all: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const found: A[] = [];
  for await (const each of all) found.push(each);
  return found;
};
