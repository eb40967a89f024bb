import * as t from "io-ts";
import { arn, entry, FILES } from "../../engine/entry";
import { block } from "../../engine/stack/block";

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
    ({ address }, place) => ({ id: address, key_id: address, arn: arn(place, "kms", `key/${address}`) }),
  ),
};
