import { useEffect, useState } from "preact/hooks";
import type { Faults, FaultSwitch } from "../../inside";
import { change, useLive, useRead } from "../data";
import { Loaded, Note, Page, Time } from "../parts";

/** Whether it was switched. */
type Setting = (fault: FaultSwitch, on: boolean) => Promise<boolean>;

const Switches = ({ rules, set }: { rules: ReadonlyArray<FaultSwitch>; set: Setting }) => {
  // What was asked for shows at once, and stays until it is read: what comes in between is older.
  const [asked, setAsked] = useState<ReadonlyMap<string, boolean>>(new Map());
  const keep = (holds: (id: string, on: boolean) => boolean): void =>
    setAsked((all) => new Map([...all].filter(([id, on]) => holds(id, on))));
  useEffect(() => keep((id, on) => rules.some((rule) => rule.id === id && rule.on !== on)), [rules]);
  const ask = async (rule: FaultSwitch, on: boolean): Promise<void> => {
    setAsked((all) => new Map([...all, [rule.id, on]]));
    if (!(await set(rule, on))) keep((id) => id !== rule.id);
  };
  return (
    <ul class="switches" aria-label="Faults">
      {rules.map((rule) => (
        <li key={rule.id}>
          <label>
            <input
              type="checkbox"
              role="switch"
              checked={asked.get(rule.id) ?? rule.on}
              onChange={({ currentTarget }) => void ask(rule, currentTarget.checked)}
            />
            <span>{rule.text}</span>
          </label>
        </li>
      ))}
    </ul>
  );
};

const Happened = ({ happened }: Pick<Faults, "happened">) =>
  happened.length === 0 ? (
    <Note kind="empty">No fault was injected yet: switch one on, and post an order.</Note>
  ) : (
    <ol class="lines" aria-label="Injected faults">
      {happened.map(({ at, text }, index) => (
        <li key={`${at} ${index}`}>
          <span class="quiet">
            <Time at={at} />
          </span>{" "}
          <span class="code">{text}</span>
        </li>
      ))}
    </ol>
  );

export const FaultsPage = () => {
  const { live } = useLive();
  const [changed, setChanged] = useState(0);
  const [problem, setProblem] = useState<string>();
  const read = useRead<Faults>("/api/faults", `${live?.at} ${changed}`);
  const set: Setting = ({ id }, on) =>
    change(`/api/faults/${id}`, { on }).then(
      () => {
        setProblem(undefined);
        setChanged((times) => times + 1);
        return true;
      },
      (error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error));
        return false;
      },
    );
  return (
    <Page title="Faults" aside={<span class="quiet">what goes wrong on purpose</span>}>
      {problem !== undefined && <Note kind="problem">It was not switched: {problem}</Note>}
      <Loaded read={read}>
        {({ rules, happened }) => (
          <>
            <Switches rules={rules} set={set} />
            <h2>Injected</h2>
            <Happened happened={happened} />
          </>
        )}
      </Loaded>
    </Page>
  );
};
