import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, isUnlimited, type SubjectGrant } from "../../../core/access/decide.js";
import { requiredRole } from "../../../core/access/required-role.js";
import { owner, roles, type Grant, type Principal } from "../../../core/domain/principal.js";
import { CoordinatorService } from "../../../proto/gen/dispatch/v1/coordinator.js";
import { NodeAgentService } from "../../../proto/gen/dispatch/v1/node_agent.js";

const alice = (...grants: Grant[]): Principal => ({ kind: "client", name: "alice", grants });
const object = { machine: "spark01", target: "work:0.1", agentKind: "claude" };

describe("a decision", () => {
  it("is no where nothing says yes", () => {
    expect(decide(alice(), "observe", object, [])).toEqual({ allowed: false, why: "client:alice has no grant here" });
    expect(decide(alice({ roles: ["observe"] }), "send", object, [])).toEqual({ allowed: false, why: "client:alice has not the role send" });
  });

  it.each([
    ["admin", ["observe", "send", "exec", "admin"]], ["send", ["observe", "send"]], ["exec", ["observe", "exec"]], ["observe", ["observe"]],
  ] as const)("%s includes %j and nothing else", (role, included) => {
    expect(roles.filter((wanted) => decide(alice({ roles: [role] }), wanted, object, []).allowed)).toEqual(roles.filter((one) => (included as readonly string[]).includes(one)));
  });

  it.each([
    [{ machines: ["spark*"] }, true], [{ machines: ["SPARK01"] }, true], [{ machines: ["other"] }, false], [{ targets: ["work:*"] }, true], [{ targets: ["work"] }, false],
    [{ agentKinds: ["claude", "codex"] }, true], [{ agentKinds: ["codex"] }, false], [{ machines: ["spark*"], targets: ["rel-*"] }, false],
  ])("a grant narrowed to %j: %s", (scope, allowed) => {
    expect(decide(alice({ roles: ["send"], ...scope }), "send", object, []).allowed).toBe(allowed);
  });

  it("what is not known fits no grant that is narrowed by it", () => {
    const narrowed = alice({ roles: ["send"], targets: ["*"] });
    expect(decide(narrowed, "send", { machine: "spark01" }, []).allowed).toBe(false);
    expect(decide(alice({ roles: ["send"], machines: ["*"] }), "send", {}, []).allowed).toBe(false);
  });

  it("the configuration gives more or less, by subject", () => {
    const configured: SubjectGrant[] = [{ subject: "client:al*", roles: ["send"], machines: ["spark01"] }];
    expect(decide(alice(), "send", object, configured)).toEqual({ allowed: true, why: "client:alice has the role send for machines spark01" });
    expect(decide({ ...alice(), name: "bob" }, "send", object, configured).allowed).toBe(false);
    // What is said here takes the place of what the certificate says.
    expect(decide(alice({ roles: ["admin"] }), "exec", object, configured)).toEqual({ allowed: false, why: "client:alice has not the role exec" });
    expect(decide(alice({ roles: ["send"] }), "send", { ...object, machine: "other" }, configured).allowed).toBe(false);
    // Another kind of the same name is somebody else.
    expect(decide({ ...alice(), kind: "tailnet" }, "send", object, configured).allowed).toBe(false);
  });

  it("the owner may do everything", () => {
    for (const role of roles) expect(decide(owner("me"), role, {}, []).allowed).toBe(true);
  });

  const scopes = fc.record({ machines: fc.constantFrom(undefined, ["spark01"], ["s*"], ["x"]), targets: fc.constantFrom(undefined, ["work:*"], ["x"]), agentKinds: fc.constantFrom(undefined, ["claude"], ["x"]) });
  const grants = fc.array(fc.tuple(fc.subarray([...roles], { minLength: 1 }), scopes).map(([some, scope]): Grant => ({ roles: some, ...scope })), { maxLength: 4 });

  it("a narrower grant never allows more; more grants never allow less; their order does not matter", () => {
    fc.assert(fc.property(grants, scopes, fc.constantFrom(...roles), (given, scope, role) => {
      const allowed = (some: readonly Grant[]): boolean => decide(alice(...some), role, object, []).allowed;
      const narrower = given.map((grant): Grant => ({ ...grant, machines: grant.machines ?? scope.machines, targets: grant.targets ?? scope.targets }));
      if (allowed(narrower)) expect(allowed(given)).toBe(true);
      expect(allowed(given.toReversed())).toBe(allowed(given));
      if (allowed(given.slice(0, -1))) expect(allowed(given)).toBe(true);
      if (isUnlimited(alice(...given), role, [])) expect(decide(alice(...given), role, {}, []).allowed).toBe(true);
    }));
  });
});

describe("the role of a call", () => {
  it.each([...Object.values(NodeAgentService), ...Object.values(CoordinatorService)].map(({ path }) => path))("%s has one", (path) => {
    expect(requiredRole(path)).toBeDefined();
  });

  it.each(["/dispatch.v1.NodeAgent/Nothing", "/other/Deliver", "/dispatch.v1.NodeAgent/constructor", "", "/__proto__/x"])("%s has none: nobody may make it", (path) => {
    expect(requiredRole(path)).toBeUndefined();
  });
});
