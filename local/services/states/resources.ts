import * as t from "io-ts";
import { entry, FILES, TRACING } from "../../engine/stack/resource-type";
import { block, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { MACHINE_NAME } from "./limits";

/** State machines. */
export const resources = {
  aws_sfn_state_machine: entry(
    block({ name: MACHINE_NAME, role_arn: t.string, definition: t.string }, { type: oneOf("STANDARD") }),
    {
      logging_configuration: "steps are printed as they happen",
      tracing_configuration: TRACING,
      encryption_configuration: FILES,
      publish: "there is one version",
    },
    ({ config }, deployment) => {
      const own = arn("states", deployment, `stateMachine:${config.name}`);
      return { id: own, arn: own };
    },
  ),
};
