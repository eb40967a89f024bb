/** As `functions/domain/status.ts` has them, held together by a test. */
export const STATUSES = ["received", "submitted", "accepted", "rejected", "expired", "cancelled"] as const;
export type Status = (typeof STATUSES)[number];

export const isStatus = (text: string): text is Status => STATUSES.some((status) => status === text);
