import { ACCESS } from "./access";
import { ENCRYPTION } from "./encryption";
import { ENVIRONMENT } from "./environment";
import { FAILURES } from "./failures";
import { IDENTITY } from "./identity";
import { KNOWN } from "./known";
import { RECOVERY } from "./recovery";
import type { Rule } from "./rule";
import { RUNNING } from "./running";

export const RULES: ReadonlyArray<Rule> = [
  ...KNOWN,
  ...ENCRYPTION,
  ...ACCESS,
  ...IDENTITY,
  ...RECOVERY,
  ...FAILURES,
  ...RUNNING,
  ...ENVIRONMENT,
];
