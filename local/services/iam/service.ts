import type { LocalService } from "../service";
import { rolePolicies } from "./policies";

export { resources } from "./resources";

export const service: LocalService = { policies: rolePolicies };
