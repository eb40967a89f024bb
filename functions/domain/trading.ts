import * as t from "io-ts";
import { UtcInstant } from "./instant";

/** Whether `POST /orders` takes orders during a halt. */
const Intake = t.keyof({ open: null, refused: null }, "Intake");

/** `at`: when it was said, which names it. `reason`: who says it, and why. */
const SAID = { at: UtcInstant, reason: t.string };

/** `since` is earlier than `at` where only the intake of a halt was changed. */
export const HALT = { since: UtcInstant, intake: Intake, ...SAID };

/** Nothing is sent to the auction platform. */
export const Halt = t.strict({ state: t.literal("halted"), ...HALT }, "Halt");
export type Halt = t.TypeOf<typeof Halt>;

export const Resumption = t.strict({ state: t.literal("resumed"), ...SAID }, "Resumption");
export type Resumption = t.TypeOf<typeof Resumption>;

/** What an operator said last about sending orders, and whether people were told of it. */
export type Said = (Halt | Resumption) & { readonly announced: boolean };

/** Undefined: nobody ever said anything, and orders are sent. */
export type TradingState = Said | undefined;

export const isHalted = (state: TradingState): state is Halt & Said => state?.state === "halted";
