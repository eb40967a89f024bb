/** The faults of a plan, each of which can be switched on and off while the platform runs. */
import { newest } from "../newest";
import { faultPlan } from "./plan";
import type { PlanFile } from "./plan-file";
import { callWords, deliveryWords, invocationWords } from "./rule-words";
import { toldPlan } from "./told-plan";

const HAPPENED_KEPT = 100;

/** The clock's jumps are set at the start and have no switch. */
const rulesOf = ({ calls = [], deliveries = [], invocations = [] }: PlanFile) => [
  ...calls.map((rule, index) => ({ id: `calls[${index}]`, text: callWords(rule) })),
  ...deliveries.map((rule, index) => ({ id: `deliveries[${index}]`, text: deliveryWords(rule) })),
  ...invocations.map((rule, index) => ({ id: `invocations[${index}]`, text: invocationWords(rule) })),
];

/** @param isOn whether its faults happen from the start */
export const switchedPlan = (file: PlanFile, isOn: boolean, tell: (fault: string) => void) => {
  const rules = rulesOf(file);
  const on = new Set(isOn ? rules.map(({ id }) => id) : []);
  const happened = newest<{ readonly at: string; readonly text: string }>(HAPPENED_KEPT);
  const plan = faultPlan(file, (id) => on.has(id));
  return {
    plan: toldPlan(plan, (text) => {
      happened.put({ at: new Date().toISOString(), text });
      tell(text);
    }),
    /** The rules, each by its place in the plan, `calls[0]`; and the newest faults, the last one first. */
    switches: () => ({
      rules: rules.map((rule) => ({ ...rule, on: on.has(rule.id) })),
      happened: happened.all(),
    }),
    /** False where the plan has no such rule. */
    set: (id: string, toOn: boolean): boolean => {
      if (!rules.some((rule) => rule.id === id)) return false;
      if (toOn) on.add(id);
      else on.delete(id);
      return true;
    },
  };
};
