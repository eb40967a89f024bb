import * as t from "io-ts";
import { arn, entry, FILES, TRACING } from "../../engine/entry";
import { block, oneOf } from "../../engine/stack/block";

/** State machines. */
export const resources = {
  aws_sfn_state_machine: entry(
    block({ name: t.string, role_arn: t.string, definition: t.string }, { type: oneOf("STANDARD") }),
    {
      logging_configuration: "steps are printed as they happen",
      tracing_configuration: TRACING,
      encryption_configuration: FILES,
      publish: "there is one version",
    },
    ({ config }, place) => {
      const own = arn(place, "states", `stateMachine:${config.name}`);
      return { id: own, arn: own };
    },
  ),
};
