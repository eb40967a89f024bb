import * as t from "io-ts";
import { entry, FILES } from "../../engine/stack/resource-type";
import { block } from "../../engine/stack/block";
import { arn } from "../../engine/location";

/** Keys: read for who may use them; nothing is encrypted with them. */
export const resources = {
  aws_kms_key: entry(
    block({}, { policy: t.string }),
    {
      description: FILES,
      enable_key_rotation: FILES,
      deletion_window_in_days: FILES,
      rotation_period_in_days: FILES,
    },
    ({ address }, deployment) => ({
      id: address,
      key_id: address,
      arn: arn("kms", deployment, `key/${address}`),
    }),
  ),
};
