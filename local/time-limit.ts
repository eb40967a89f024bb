/** A promise's value, or `late` if it has not settled after so many milliseconds. */
export const within = async <A, B>(ms: number, promise: Promise<A>, late: B): Promise<A | B> => {
  const { promise: timeout, resolve } = Promise.withResolvers<B>();
  const timer = setTimeout(() => {
    resolve(late);
  }, ms);
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};
