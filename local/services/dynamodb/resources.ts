import * as t from "io-ts";
import { entry, FILES } from "../../engine/stack/resource-type";
import { block, flag, many, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { TABLE_NAME } from "./limits";
import { streamOf } from "./streams/stream-arn";

const index = block(
  { name: TABLE_NAME, hash_key: t.string, projection_type: oneOf("ALL", "KEYS_ONLY", "INCLUDE") },
  { range_key: t.string, non_key_attributes: t.readonlyArray(t.string) },
);
const localIndex = block(
  { name: TABLE_NAME, range_key: t.string, projection_type: oneOf("ALL", "KEYS_ONLY", "INCLUDE") },
  { non_key_attributes: t.readonlyArray(t.string) },
);

/** Tables. */
export const resources = {
  aws_dynamodb_table: entry(
    block(
      {
        name: TABLE_NAME,
        hash_key: t.string,
        attribute: many(block({ name: t.string, type: oneOf("S", "N", "B") }, {})),
      },
      {
        range_key: t.string,
        global_secondary_index: many(index),
        local_secondary_index: many(localIndex),
        stream_enabled: flag,
        stream_view_type: oneOf("NEW_AND_OLD_IMAGES"),
      },
    ),
    {
      billing_mode: "no capacity is counted locally",
      table_class: "no price is counted locally",
      on_demand_throughput: "no capacity is counted locally",
      deletion_protection_enabled: "nothing deletes a local table but --fresh",
      point_in_time_recovery: "the data folder is the only copy",
      server_side_encryption: FILES,
      ttl: "dynalite expires nothing: an item outlives its time here, which AWS allows for days too",
    },
    ({ config }, deployment) => {
      const own = arn("dynamodb", deployment, `table/${config.name}`);
      return {
        id: config.name,
        name: config.name,
        arn: own,
        ...(config.stream_enabled === true ? streamOf(own) : {}),
      };
    },
  ),
};
