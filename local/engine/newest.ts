/** Keeps the newest of what it is given, for whoever looks at it. */
export const newest = <A>(most: number) => {
  const kept: A[] = [];
  return {
    put: (one: A): void => {
      kept.unshift(one);
      kept.splice(most);
    },
    all: (): ReadonlyArray<A> => [...kept],
  };
};
