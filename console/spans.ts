/** The times that metrics are shown over, each in periods of its own: so many that a bar can be seen. */
export const SPANS = {
  "1h": { name: "hour", periodS: 60, periods: 60 },
  "6h": { name: "6 hours", periodS: 300, periods: 72 },
  "24h": { name: "24 hours", periodS: 900, periods: 96 },
  "7d": { name: "7 days", periodS: 7_200, periods: 84 },
} as const;

export type Span = keyof typeof SPANS;

export const isSpan = (text: string): text is Span => Object.hasOwn(SPANS, text);
