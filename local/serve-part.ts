import { workerData } from "node:worker_threads";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { JumpingClock, setJumpingClock } from "./engine/faults/clock";
import { DamagedError, StartError } from "./start-error";
import { tellPlatform } from "./threads";

const HasClock = t.type({ clock: JumpingClock });

/** Serves in this thread what the platform has started it for; why that cannot be is for the person who starts it. */
export const servePart = <A>(codec: t.Decoder<unknown, A>, serve: (part: A) => Promise<void>): void => {
  const part = codec.decode(workerData);
  if (E.isLeft(part)) throw new Error("a thread without a part");
  if (HasClock.is(workerData)) setJumpingClock(workerData.clock);
  serve(part.right).catch((error: unknown) => {
    if (!(error instanceof StartError)) throw error;
    tellPlatform({ refused: error.message, damaged: error instanceof DamagedError });
  });
};
