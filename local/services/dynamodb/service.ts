import * as t from "io-ts";
import type { AwsCall, Backend } from "../../engine/gateway/call";
import { parseJson } from "../../json";
import type { LocalService } from "../service";
import { dynamodb } from "./api";
import { TABLE_METRICS } from "./metrics";
import { dynalite } from "./server";
import { STREAMS_TARGET } from "./streams/target";
import { makeTables } from "./tables";

export { resources } from "./resources";

const GivesStream = t.type({ StreamSpecification: t.unknown });

/** dynalite takes a change of a table's stream for none. */
const withStreams =
  (tables: Backend): Backend =>
  (call: AwsCall) =>
    call.operation === "UpdateTable" && GivesStream.is(parseJson(call.body.toString()))
      ? tables({ ...call, headers: { ...call.headers, "x-amz-target": `${STREAMS_TARGET}.UpdateTable` } })
      : tables(call);

export const service: LocalService = {
  api: dynamodb,
  server: dynalite,
  measures: TABLE_METRICS,
  start: ({ client, stack, forward }) => ({
    backend: withStreams(forward(dynalite)),
    create: () => makeTables(client, stack),
  }),
};
