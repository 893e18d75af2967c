/**
 * What the smoke test runs in the empty folder: a few steps of a tiny CNN on three patterns of bars.
 * Takes the package as an argument, so that import and require() run the same lines.
 */
export async function train({ createConvoy, crossEntropy, SGD }, options, plugin) {
  const convoy = createConvoy(plugin ? { plugins: [plugin] } : {});
  const nn = await convoy.nn({ seed: 0, ...options });
  const model = nn.Sequential(
    nn.Conv2d(1, 4, 3, { padding: 1 }), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(4 * 4 * 4, 3),
  );
  const batch = 12;
  const pixels = Float32Array.from({ length: batch * 64 }, (_, i) => (Math.floor(i / 8) % 3 === Math.floor(i / 64) % 3 ? 1 : 0));
  const x = nn.tensor(pixels, [batch, 1, 8, 8]);
  const labels = nn.tensor(Int32Array.from({ length: batch }, (_, i) => i % 3), [batch]);
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const losses = [];
  for (let step = 0; step < 20; step++) {
    const loss = crossEntropy(model.forward(x), labels);
    model.zeroGrad();
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  return { convoy, losses };
}
