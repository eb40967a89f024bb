import { ClientInstant } from "../../functions/domain/instant";

/** An instant as clients write it. */
export const instant = (text: string): ClientInstant => {
  if (!ClientInstant.is(text)) throw new Error(`not an instant: ${text}`);
  return text;
};
