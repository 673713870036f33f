/** Version of the contract in proto/: a node and a coordinator with another one do not talk. */
export const contract = "v1";
