import type { SystemMap, SystemNode } from "../../shapes";
import { useRead } from "../data";
import { Loaded, Page } from "../parts";
import { RoleFilter, roleIn } from "./role-filter";
import { code, Table } from "./table";

const granted = ({ name, grants }: SystemNode) =>
  grants.map(({ actions, on }) => ({
    key: JSON.stringify([name, actions, on]),
    cells: [name, code(actions.join(", ")), code(on)],
  }));

/** What each resource's role may do, as the stack declares it. */
export const DeclaredGrants = ({ url }: { url: URL }) => {
  const of = roleIn(url);
  const read = useRead<SystemMap>("/api/map");
  return (
    <Page title="Permissions" aside={<span class="quiet">as the stack declares them</span>}>
      <p>Which calls AWS allowed and denied stands in the account's CloudTrail.</p>
      <Loaded read={read}>
        {({ nodes }) => {
          const granting = nodes.filter(({ grants }) => grants.length > 0);
          return (
            <>
              <RoleFilter url={url} roles={granting.map(({ name }) => name)} />
              <Table
                name="Grants"
                head={["Role of", "Actions", "On"]}
                rows={granting.filter(({ name }) => of === "" || name === of).flatMap(granted)}
              />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
};
