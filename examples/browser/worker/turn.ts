const { port1, port2 } = new MessageChannel();
let resolvers: (() => void)[] = [];
port1.onmessage = () => {
  const ready = resolvers;
  resolvers = [];
  for (const resolve of ready) resolve();
};

/** Resolves when what the page has asked in the meantime had its turn; a timer would wait for 4 ms. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    resolvers.push(resolve);
    port2.postMessage(undefined);
  });
}
