/** The program of a thread in which a function runs: it loads nothing of the platform's, as there are many of them. */
import { workerData } from "node:worker_threads";
import * as t from "io-ts";
import { JumpingClock, setJumpingClock } from "./engine/faults/clock";
import { run } from "./engine/runtime/function-thread";
import { FunctionPart } from "./threads";

const Told = t.intersection([FunctionPart, t.partial({ clock: JumpingClock })]);

if (!Told.is(workerData)) throw new Error("a thread without a function");
if (workerData.clock !== undefined) setJumpingClock(workerData.clock);
run(workerData);
