/**
 * Dead files, exports and dependencies: `npm run knip`. Files that are loaded by URL are entries, as are the published ones.
 */
// Tests import built files; read those imports as what they are built from, or everything only tests use would look dead.
const asSource = (text) => text.replace(/(['"])((?:\.\.\/)+)dist\/(src|backends)\//g, '$1$2$3/');

export default {
  entry: [
    'src/cli/main.ts',
    'src/testkit/index.ts',
    'backends/*/{kernels,worker}.ts',
    'test/**/*.test.ts',
    'test/{reference,training}/run.mjs',
    'bench/*.mjs',
    'bench/peers/*.mjs',
    'scripts/**/*.mjs',
  ],
  project: ['{src,backends,test,bench,scripts}/**/*.{ts,mjs}'],
  ignore: ['test/lint/fixture/**', 'backends/*/assembly/**'],
  // Packages of bench/peers, which has a package.json of its own and is no workspace.
  ignoreDependencies: ['@bufbuild/protobuf', '@jax-js/jax', '@tensorflow/.+', 'onnx-buf', 'onnxruntime-.+'],
  ignoreExportsUsedInFile: true,
  compilers: { ts: asSource, mjs: asSource },
};
