import { nameOf } from "./engine/gateway/callers";
import type { Observer } from "./engine/gateway/gateway";
import type { Metrics } from "./engine/metrics";

/** Counts each call that is answered, by who made it: as AWS/Usage does on AWS, which knows no callers. */
export const countCalls =
  ({ put }: Pick<Metrics, "put">): Observer =>
  ({ service, operation, caller }) => {
    put(
      {
        namespace: "LocalPlatform",
        name: "Calls",
        dimensions: { Service: service.name, Operation: operation, Caller: nameOf(caller) },
      },
      1,
    );
  };
