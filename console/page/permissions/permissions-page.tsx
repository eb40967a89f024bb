import type { Decided, Permissions, UnusedGrant } from "../../inside";
import { useAbout, useLive, useRead } from "../data";
import { Loaded, Note, Page, Time } from "../parts";
import { numberText } from "../words";
import { DeclaredGrants } from "./declared-grants";
import { RoleFilter, roleIn } from "./role-filter";
import { code, Table } from "./table";

const Refused = ({ refused }: Pick<Permissions, "refused">) =>
  refused.length === 0 ? (
    <Note kind="empty">Nothing was denied since the platform was started.</Note>
  ) : (
    <>
      <Note kind="problem">Calls were denied. Each line says which statement is missing, or in the way.</Note>
      <Table
        name="Denied calls"
        head={["Who", "Action", "Times", "What is missing"]}
        rows={refused.map(({ who, action, times, text }) => ({
          key: text,
          cells: [who, code(action), numberText(times), code(text)],
        }))}
      />
    </>
  );

const Newest = ({ newest }: { newest: ReadonlyArray<Decided> }) => (
  <Table
    name="Decisions"
    head={["Who", "Action", "Decision", "On", "When"]}
    rows={newest.map(({ at, who, action, resource, allowed, text }, index) => ({
      key: `${at} ${index}`,
      cells: [
        who,
        code(action),
        <span class={`badge ${allowed ? "accepted" : "rejected"}`} title={text}>
          {allowed ? "allowed" : "denied"}
        </span>,
        code(resource),
        <Time at={at} />,
      ],
    }))}
  />
);

const Used = ({ used }: Pick<Permissions, "used">) => (
  <Table
    name="Used grants"
    head={["Role", "Action", "Calls", "On"]}
    rows={used
      .toSorted((a, b) => a.role.localeCompare(b.role) || b.calls - a.calls)
      .map(({ role, policy, statement, action, resource, calls }) => ({
        key: JSON.stringify([role, policy, statement, action, resource]),
        cells: [role, code(action), numberText(calls), code(resource)],
      }))}
  />
);

const unusedText = ({ action, resource }: UnusedGrant): string => action ?? `everything on ${resource ?? ""}`;

const Unused = ({ unused }: Pick<Permissions, "unused">) => (
  <Table
    name="Unused grants"
    head={["Role", "What nothing needed", "Statement"]}
    rows={unused.map((grant) => ({
      key: JSON.stringify(grant),
      cells: [grant.role, code(unusedText(grant)), code(`${grant.policy} ${grant.statement}`)],
    }))}
  />
);

/** What is shown of one role, or of all. */
const of = (role: string, { newest, refused, used, unused }: Permissions): Permissions => ({
  newest: newest.filter(({ who }) => role === "" || who === role),
  refused: refused.filter(({ who }) => role === "" || who === role),
  used: used.filter((grant) => role === "" || grant.role === role),
  unused: unused.filter((grant) => role === "" || grant.role === role),
});

const rolesIn = ({ newest, refused, used, unused }: Permissions): ReadonlyArray<string> =>
  [
    ...new Set(
      [...newest, ...refused].map(({ who }) => who).concat([...used, ...unused].map(({ role }) => role)),
    ),
  ].toSorted();

const Decisions = ({ url }: { url: URL }) => {
  const { live } = useLive();
  const role = roleIn(url);
  const read = useRead<Permissions>("/api/permissions", live?.at);
  return (
    <Page title="Permissions" aside={<span class="quiet">since the platform was started</span>}>
      <Loaded read={read}>
        {(all) => {
          const { newest, refused, used, unused } = of(role, all);
          return (
            <>
              <RoleFilter url={url} roles={rolesIn(all)} />
              <h2>Denied</h2>
              <Refused refused={refused} />
              <h2>Newest decisions</h2>
              <Newest newest={newest} />
              <h2>Grants that were used</h2>
              <Used used={used} />
              <h2>Grants that nothing has used yet</h2>
              <Unused unused={unused} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
};

/** Decisions are known of the local platform alone. */
export const PermissionsPage = ({ url }: { url: URL }) =>
  useAbout()?.local === false ? <DeclaredGrants url={url} /> : <Decisions url={url} />;
