import { AuctionConfig, WithdrawalConfig } from "../auction-config";
import { decodeVariables } from "./environment";

/** Where the auction platform is, of a function whose contract asks something of it. */
export const auctionEnvironment = (): AuctionConfig => decodeVariables(AuctionConfig);

/** The same, of a function that takes orders back where the auction platform gives them. */
export const withdrawalEnvironment = () => decodeVariables(WithdrawalConfig);
