import type { MethodDefinition, Server, ServiceDefinition, UntypedHandleCall, UntypedServiceImplementation } from "@grpc/grpc-js";

/** Something that adds services to a server, as `grpc-health-check` and `@grpc/reflection` do. */
export interface ServiceAdder {
  addToServer(server: Pick<Server, "addService">): void;
}

type Kind = "unary" | "serverStream" | "bidi";

/**
 * Adds services whose libraries are loaded when one of their methods is first called: they cost more to load than all
 * the rest of the server, and most servers are never asked. Until then their messages are bytes.
 */
export function addLazyServices(server: Server, methods: Readonly<Record<string, Kind>>, load: () => Promise<ServiceAdder>): void {
  let loaded: Promise<Map<string, Method>> | undefined;
  const definition: Record<string, MethodDefinition<Buffer, Buffer>> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const [path, kind] of Object.entries(methods)) {
    definition[path] = { path, requestStream: kind === "bidi", responseStream: kind !== "unary", ...bytes };
    const handle = (call: RawCall, respond?: Respond): void => {
      // What arrives in the meantime waits in the call.
      loaded ??= load().then(methodsOf);
      loaded.then((known) => known.get(path)?.(call, respond)).catch((error: unknown) => call.emit("error", error));
    };
    implementation[path] = handle as UntypedHandleCall;
  }
  server.addService(definition, implementation);
}

type Respond = (error: unknown, value?: Buffer) => void;
type Method = (call: RawCall, respond?: Respond) => void;

interface RawCall extends NodeJS.EventEmitter {
  readonly request?: Buffer;
  write(message: Buffer): boolean;
}

const identity = (message: Buffer): Buffer => message;
const bytes = { requestSerialize: identity, requestDeserialize: identity, responseSerialize: identity, responseDeserialize: identity };

/** The methods that an adder brings, each made to take calls whose messages are bytes. */
function methodsOf(adder: ServiceAdder): Map<string, Method> {
  const methods = new Map<string, Method>();
  adder.addToServer({
    addService(service: ServiceDefinition, implementation: UntypedServiceImplementation) {
      for (const [name, definition] of Object.entries(service)) {
        const handler = (implementation[name] ?? implementation[name.charAt(0).toLowerCase() + name.slice(1)]) as ((call: unknown, respond: Respond) => void) | undefined;
        if (!handler) continue;
        methods.set(definition.path, (call, respond) => {
          handler(typedCall(call, definition), (error, value) => respond?.(error, error ? undefined : definition.responseSerialize(value)));
        });
      }
    },
  });
  return methods;
}

/** The same call, with messages in place of bytes. */
function typedCall(call: RawCall, definition: MethodDefinition<unknown, unknown>): RawCall {
  return new Proxy(call, {
    get(target, property) {
      if (property === "request") return target.request && definition.requestDeserialize(target.request);
      if (property === "write") return (message: unknown) => target.write(definition.responseSerialize(message));
      if (property === "on") {
        return (event: string, listener: (value: unknown) => void) =>
          target.on(event, event === "data" ? (message: Buffer) => listener(definition.requestDeserialize(message)) : listener);
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
