/** For the rule set of its endpoints; a test compares them in every region that an environment may be in. */
import { regionalEndpoint } from "./regional-endpoint";

export const defaultEndpointResolver = regionalEndpoint("dynamodb");
