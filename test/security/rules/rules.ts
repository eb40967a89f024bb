import { ACCESS } from "./access";
import { ENCRYPTION } from "./encryption";
import { ENVIRONMENT, PROVIDER } from "./environment";
import { FAILURES } from "./failures";
import { IDENTITY } from "./identity";
import { KNOWN, READABLE } from "./known";
import { READINESS } from "./readiness";
import { RECOVERY } from "./recovery";
import type { Rule } from "./rule";
import { RUNNING } from "./running";

/** What every stack keeps, an environment's or an account's. */
export const COMMON: ReadonlyArray<Rule> = [...READABLE, ...ENCRYPTION, ...ACCESS, ...PROVIDER];

/** What an environment's stack keeps. An account's roles deploy: account.test.ts tells what they may do. */
export const RULES: ReadonlyArray<Rule> = [
  ...COMMON,
  ...KNOWN,
  ...IDENTITY,
  ...READINESS,
  ...RECOVERY,
  ...FAILURES,
  ...RUNNING,
  ...ENVIRONMENT,
];
