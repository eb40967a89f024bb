/** For signatures that hold in many regions, and their optional packages: S3 is asked in one region, by its name. */
import { SignatureV4 } from "@smithy/signature-v4";

export class SignatureV4MultiRegion extends SignatureV4 {
  static sigv4aDependency = () => "none";
}
