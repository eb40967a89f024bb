import type { SystemMap, SystemNode } from "../../shapes";
import { useRead } from "../data";
import { Loaded, Page } from "../parts";
import { go, withQuery } from "../route";
import { code, Table } from "./table";

const granted = ({ name, grants }: SystemNode) =>
  grants.map(({ actions, on }) => ({
    key: JSON.stringify([name, actions, on]),
    cells: [name, code(actions.join(", ")), code(on)],
  }));

/** What each resource's role may do, as the stack declares it. */
export const DeclaredGrants = ({ url }: { url: URL }) => {
  const of = url.searchParams.get("role") ?? "";
  const read = useRead<SystemMap>("/api/map");
  return (
    <Page title="Permissions" aside={<span class="quiet">as the stack declares them</span>}>
      <p>Which calls AWS allowed and denied stands in the account's CloudTrail.</p>
      <Loaded read={read}>
        {({ nodes }) => {
          const granting = nodes.filter(({ grants }) => grants.length > 0);
          return (
            <>
              <div class="filters">
                <select
                  aria-label="Role"
                  value={of}
                  onChange={({ currentTarget }) => go(withQuery(url, { role: currentTarget.value }))}
                >
                  <option value="">every role</option>
                  {granting.map(({ id, name }) => (
                    <option key={id} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              </div>
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
