/** API Gateway's throttling: `rate` requests a second, and up to `burst` at once after a quiet time. */
export const tokenBucket = (rate: number, burst: number, now: () => number = () => performance.now()) => {
  let tokens = burst;
  let filledAt = now();
  return {
    /** Takes one token if there is one. */
    take: (): boolean => {
      const time = now();
      tokens = Math.min(burst, tokens + ((time - filledAt) / 1_000) * rate);
      filledAt = time;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};

export type TokenBucket = ReturnType<typeof tokenBucket>;
