/** The result of one check, with what to do where it failed. */
export type Line = {
  readonly ok: boolean;
  /** `account`, `parameter /orders/dev/slack-webhook`, … */
  readonly what: string;
  readonly detail: string;
};

export const ok = (what: string, detail: string): Line => ({ ok: true, what, detail });
export const toDo = (what: string, detail: string): Line => ({ ok: false, what, detail });

export const shown = ({ ok: isOk, what, detail }: Line): string =>
  `${isOk ? "ok   " : "to do"}  ${what}: ${detail}`;
