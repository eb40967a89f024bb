/** For the endpoints that DynamoDB's discovery found: it is off, as it is in every SDK, and no command asks for it. */
export class EndpointCache {
  get(): never {
    throw new Error("endpoint discovery is not bundled: take endpoint-cache.ts out of cli/build/stubs.mts");
  }
}
