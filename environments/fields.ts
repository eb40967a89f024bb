/** What single properties of environment files and account settings may be. */
import * as E from "fp-ts/Either";
import { numberOf, stringOf } from "../lib/codecs";
import { ofWords } from "../lib/exactly";
import { REGIONS } from "./regions";

export const matching = (pattern: RegExp, description: string) =>
  stringOf(description, (text) => pattern.test(text));

export const whole = (min: number, max: number, unit: string) =>
  numberOf(
    `a whole number of ${unit} from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );

export const share = numberOf("a number from 0 to 1", (value) => value >= 0 && value <= 1);

export const Name = matching(
  /^[a-z][a-z0-9]{1,11}$/,
  "2 to 12 lower-case letters and digits, a letter first",
);
/** Twelve digits. */
export const AccountId = matching(/^\d{12}$/, "12 digits");
export const Region = ofWords(
  stringOf("an AWS region", (name) => REGIONS.includes(name)),
  REGIONS,
);
export const ParameterName = matching(/^\/[\w./-]{1,500}$/, "the name of an SSM parameter, starting with /");
/** A standard topic does not deliver to FIFO queues. */
export const QueueName = matching(
  /^[\w-]{1,80}$/,
  "the name of a standard queue: 1 to 80 letters, digits, hyphens and underscores",
);
export const Text = matching(/\S/, "a text");
export const HttpUrl = matching(/^https?:\/\/[^\s/]+(\/\S*)?$/, "an http or https URL");
export const HttpsUrl = matching(/^https:\/\/[^\s/]+(\/\S*)?$/, "an https URL");
export const PullRequest = numberOf(
  "the number of a pull request",
  (value) => Number.isInteger(value) && value >= 1 && value <= 999_999_999,
);
export const Instant = matching(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  "an instant such as 2026-11-25T14:05:00Z",
);
export const Mail = matching(/^[^\s@]+@[^\s@]+$/, "an email address");

const TIME_ZONES = Intl.supportedValuesOf("timeZone");

/** By its other names too (`UTC`). Node takes offsets (`+01:00`) besides, which EventBridge Scheduler does not. */
const isTimeZone = (name: string): boolean =>
  TIME_ZONES.includes(name) ||
  (/^[A-Za-z]/.test(name) &&
    E.isRight(
      E.tryCatch(
        () => new Intl.DateTimeFormat("en", { timeZone: name }),
        () => undefined,
      ),
    ));

export const TimeZone = ofWords(stringOf("an IANA time zone", isTimeZone), TIME_ZONES);
