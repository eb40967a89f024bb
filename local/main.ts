/**
 * The local platform. One program, several threads, each a part of it: the platform itself, and the servers that
 * hold its data. Each loads only its own part. Functions run in threads of another program (function.ts).
 */
import { isMainThread, workerData } from "node:worker_threads";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { JumpingClock, setJumpingClock } from "./engine/faults/clock";
import { DamagedError, StartError } from "./start-error";
import { ServingPart, tellPlatform } from "./threads";

const HasClock = t.type({ clock: JumpingClock });

const orRefused = (serving: Promise<void>): Promise<void> =>
  serving.catch((error: unknown) => {
    if (!(error instanceof StartError)) throw error;
    tellPlatform({ refused: error.message, damaged: error instanceof DamagedError });
  });

const start = async (): Promise<void> => {
  if (isMainThread) return (await import("./cli")).main();
  const part = ServingPart.decode(workerData);
  if (HasClock.is(workerData)) setJumpingClock(workerData.clock);
  if (E.isLeft(part)) throw new Error("a thread without a part");
  switch (part.right.part) {
    case "dynamodb":
      return orRefused((await import("./services/dynamodb/thread")).serve(part.right));
    case "fauxqs":
      return orRefused((await import("./services/fauxqs/thread")).serve(part.right));
  }
};

void start();
