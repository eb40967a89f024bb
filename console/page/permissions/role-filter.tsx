import { go, withQuery } from "../route";

/** The role that is looked at; empty: all of them. */
export const roleIn = (url: URL): string => url.searchParams.get("role") ?? "";

export const RoleFilter = ({ url, roles }: { url: URL; roles: ReadonlyArray<string> }) => (
  <div class="filters">
    <select
      aria-label="Role"
      value={roleIn(url)}
      onChange={({ currentTarget }) => go(withQuery(url, { role: currentTarget.value }))}
    >
      <option value="">every role</option>
      {roles.map((role, index) => (
        <option key={index} value={role}>
          {role}
        </option>
      ))}
    </select>
  </div>
);
