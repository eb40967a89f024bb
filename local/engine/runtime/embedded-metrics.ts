import * as t from "io-ts";
import type { Metric } from "../metrics";
import type { Json } from "../../json";

/** A log line in CloudWatch's embedded metric format. */
const Embedded = t.type({
  _aws: t.type({
    CloudWatchMetrics: t.readonlyArray(
      t.type({
        Namespace: t.string,
        Dimensions: t.readonlyArray(t.readonlyArray(t.string)),
        Metrics: t.readonlyArray(t.type({ Name: t.string })),
      }),
    ),
  }),
});

const property = (line: object, name: string): unknown =>
  Object.hasOwn(line, name) ? Reflect.get(line, name) : undefined;

/** The values that a line holds, each once for each set of dimensions. */
export const embeddedMetrics = (line: Json): ReadonlyArray<readonly [Metric, number]> => {
  if (!Embedded.is(line)) return [];
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name: name }): ReadonlyArray<readonly [Metric, number]> => {
        const dimensions = Object.fromEntries(names.map((key) => [key, String(property(line, key))]));
        return [property(line, name)]
          .flat()
          .filter((value) => typeof value === "number")
          .map((value) => [{ namespace, name, dimensions }, value]);
      }),
    ),
  );
};
