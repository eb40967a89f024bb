import * as RTE from "fp-ts/ReaderTaskEither";
import type { Capabilities } from "./capabilities";

type Needs = Pick<Capabilities, "clock">;

/** The time as a step of a pipeline: read when the step runs, not when the pipeline is made. */
export const now: RTE.ReaderTaskEither<Needs, never, Date> = RTE.rightReaderIO(
  ({ clock }: Needs) => clock.now,
);
