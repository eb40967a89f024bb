/** The rules of a plan as a person reads them. */
import type { CallRule, DeliveryRule, InvocationRule, PlannedError } from "./plan-file";

const share = (probability: number | undefined, of: string): ReadonlyArray<string> =>
  probability === undefined || probability === 1
    ? []
    : [`${Number((probability * 100).toFixed(2))} % of ${of}`];

const errorWords = (error: PlannedError): string => {
  switch (error) {
    case "throttle":
      return "throttled";
    case "timeout-before-effect":
      return "connection reset before it takes effect";
    case "timeout-after-effect":
      return "connection reset after it took effect";
    default:
      return `answered ${error.status} ${error.code}`;
  }
};

export const callWords = ({
  service,
  operation,
  probability,
  latency,
  error,
  down = [],
}: CallRule): string => {
  const what = [
    ...(error === undefined ? [] : [errorWords(error)]),
    ...(latency === undefined
      ? []
      : [`${latency.ms}${latency.jitter === undefined ? "" : ` to ${latency.ms + latency.jitter}`} ms late`]),
    ...down.map(({ from, to }) => `down from ${from} s to ${to} s after the start`),
    ...share(probability, "calls"),
  ];
  const calls = service === "*" ? "every service" : service;
  return `${calls}${operation === undefined ? "" : ` ${operation}`}: ${what.join(", ")}`;
};

export const deliveryWords = ({ queue, duplicate, reorder }: DeliveryRule): string =>
  `${queue === "*" ? "every queue" : queue}: ${[
    ...(duplicate === undefined ? [] : [["delivered twice", ...share(duplicate, "batches")].join(", ")]),
    ...(reorder === undefined ? [] : [["out of order", ...share(reorder, "batches")].join(", ")]),
  ].join("; ")}`;

export const invocationWords = ({ function: name, kill, afterMs = 0 }: InvocationRule): string =>
  `${name}: ${[`killed ${afterMs} ms after it began`, ...share(kill, "invocations")].join(", ")}`;
