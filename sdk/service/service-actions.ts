export const serviceActions = ["install", "start", "stop", "restart", "status", "uninstall"] as const;
export type ServiceAction = (typeof serviceActions)[number];
