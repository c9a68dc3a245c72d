// The import directions of docs/architecture.md, as a rule that fails `npm run check`.

// From the top of a house to its bottom: a folder may import itself and any folder on a later
// line, never one on its own line or an earlier one.
const library = [
  ['report'],
  ['train', 'interchange'],
  ['nn', 'optim', 'data', 'io'],
  ['autograd', 'distributed'],
  ['tensor'],
  ['graph'],
  ['kernels'],
  ['device', 'files'],
];
const experiments = [['sweep', 'reproduce'], ['trial'], ['models', 'runs'], ['command']];

function downward(house, layers) {
  const all = layers.flat();
  return layers.flatMap((folders, depth) =>
    folders.map((folder) => {
      const below = layers.slice(depth + 1).flat();
      const forbidden = all.filter((other) => other !== folder && !below.includes(other));
      return {
        name: `${folder}-imports-downward`,
        comment: `${house}/${folder} may import ${below.length ? below.join(', ') : 'no other folder'}.`,
        severity: 'error',
        from: { path: `^${house}/${folder}/` },
        to: { path: `^${house}/(${forbidden.join('|')})/` },
      };
    }),
  );
}

/** The compiler's rooms, in the order of its passes, and the rooms that each may import. */
const compiler = {
  syntax: [],
  check: ['syntax'],
  lower: ['syntax', 'check', 'values'],
  values: [],
  emit: ['values'],
};

/** Files that may know each other's types in a circle, and why. */
const circlesOfTypes = [
  {
    because:
      'Layers applied to symbolic values give symbolic values, which know the calls they come from.',
    files: ['^src/nn/(layer|symbolic)\\.ts$'],
  },
  {
    because:
      'A device makes recordings, and a recording runs on the memory of the device that made it.',
    files: [
      '^src/device/wasm/(wasm-device|recording|dispatcher)\\.ts$',
      '^src/device/webgpu/(webgpu-device|recording)\\.ts$',
    ],
  },
  {
    because:
      "Making one of the compiler's values simplifies it at once, and what simplifies makes values.",
    files: ['^src/device/wasm/compiler/values/'],
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downward('src', library),
    ...downward('experiments', experiments),
    ...Object.entries(compiler).map(([room, below]) => ({
      name: `compiler-${room}-imports-one-way`,
      comment:
        `The compiler's ${room} may import ${below.join(', ') || 'no other room'}, and of the files ` +
        'beside the rooms the errors and the form of a compiled kernel alone.',
      severity: 'error',
      from: { path: `^src/device/wasm/compiler/${room}/` },
      to: {
        path: '^src/device/',
        pathNot: `^src/device/wasm/(compiled\\.ts$|compiler/(error\\.ts$|(${[room, ...below].join('|')})/))`,
      },
    })),
    {
      name: 'graph-rooms-import-one-way',
      comment:
        'Nodes and cells know nothing of schedules, and schedules nothing of what runs them.',
      severity: 'error',
      from: { path: '^src/graph/(schedule/|[^/]+$)' },
      to: { path: '^src/graph/execution/' },
    },
    {
      name: 'nodes-know-no-schedule',
      comment: 'What a node is does not depend on which kernel computes it.',
      severity: 'error',
      from: { path: '^src/graph/[^/]+$' },
      to: { path: '^src/graph/schedule/' },
    },
    {
      name: 'compiler-has-one-door',
      comment: "What runs compiled kernels knows the compiler's compile.ts and error.ts alone.",
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/device/wasm/compiler/' },
      to: {
        path: '^src/device/wasm/compiler/',
        pathNot: '^src/device/wasm/compiler/(compile|error)\\.ts$',
      },
    },
    {
      name: 'devices-know-nothing-of-each-other',
      comment: 'The CPU device runs without WebGPU, and the other way round; open.ts chooses.',
      severity: 'error',
      from: { path: '^src/device/(wasm|webgpu)/' },
      to: { path: '^src/device/(wasm|webgpu)/', pathNot: '^src/device/$1/' },
    },
    {
      name: 'rooms-of-nn-and-data-stand-alone',
      comment: 'Losses and initializers know no layers; readers of files know no published sets.',
      severity: 'error',
      from: {
        path: '^src/(nn/(losses|initializers)|data/(files|pipeline|generated|augmentation))/',
      },
      to: { path: '^src/(nn/layers|data/published)/' },
    },
    {
      name: 'known-folders-only',
      comment: `A folder of src must have its place in the order above (${library.flat().join(', ')}).`,
      severity: 'error',
      from: { path: '^(src|test|bench)/' },
      to: { path: '^src/[^/]+/', pathNot: `^src/(${library.flat().join('|')})/` },
    },
    {
      name: 'errors-import-nothing',
      comment: 'src/errors.ts is what everything may import, so it imports nothing.',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: {},
    },
    {
      name: 'checks-and-causes-import-errors-alone',
      comment:
        'src/arguments.ts and src/cause.ts are for everybody too: they may import errors.ts, and what guesses names.',
      severity: 'error',
      from: { path: '^src/(arguments|cause)\\.ts$' },
      to: { pathNot: '^src/(errors|nearest-name)\\.ts$' },
    },
    {
      name: 'nobody-imports-the-entries',
      comment:
        'src/index.ts, src/node.ts and src/distributed.ts are for users; inside the library import the file that has it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(index|node|distributed)\\.ts$' },
    },
    {
      name: 'src-stands-alone',
      comment:
        'The library knows nothing of its tests, benches, examples, experiments and scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|examples|experiments|scripts)/' },
    },
    {
      name: 'nobody-imports-tests',
      comment: 'What tests share is for tests.',
      severity: 'error',
      from: { path: '^(bench|examples|experiments|scripts)/' },
      to: { path: '^test/' },
    },
    {
      name: 'references-stand-alone',
      comment: 'A reference that shared code with the library would share its errors.',
      severity: 'error',
      from: { path: '^test/reference/' },
      to: { path: '^(src|bench|examples|experiments|scripts)/|^test/(?!reference/)' },
    },
    {
      name: 'engine-tests-know-the-engine-alone',
      comment:
        'The tests of what computes import no layer, optimizer, data set or report: they would fail ' +
        'with those, and not say where. (The entries, as a user imports them, are open to all tests.)',
      severity: 'error',
      from: { path: '^test/(device|kernels|graph|tensor|autograd)/' },
      to: { path: '^(src/(nn|optim|data|io|train|report)|bench|examples|experiments)/' },
    },
    {
      name: 'examples-import-the-package',
      comment:
        "Examples and experiments import 'wgrad' and 'wgrad/node' as a user would (tsconfig.json " +
        'says where they are in the checkout), never a file of src.',
      severity: 'error',
      from: { path: '^(examples|experiments)/' },
      to: { path: '^src/', dependencyTypesNot: ['aliased-tsconfig-paths'] },
    },
    {
      name: 'examples-stand-alone',
      comment:
        'An example is copied as it is, so it imports nothing outside its folder. Only the MNIST ' +
        "command keeps a run's folder as experiments do.",
      severity: 'error',
      from: { path: '^examples/', pathNot: '^examples/mnist/' },
      to: {
        path: '^(src|test|bench|experiments|scripts)/',
        dependencyTypesNot: ['aliased-tsconfig-paths'],
      },
    },
    {
      name: 'mnist-borrows-run-folders-alone',
      comment: "Of experiments, the MNIST command has commands' and run folders' machinery.",
      severity: 'error',
      from: { path: '^examples/mnist/' },
      to: { path: '^experiments/', pathNot: '^experiments/(command|runs)/' },
    },
    {
      name: 'no-development-packages-in-src',
      comment: 'The published package has no mandatory dependency.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
    {
      name: 'optional-packages-only-dynamically',
      comment:
        'webgpu and the peers (echarts, sharp, …) are optional: `await import("webgpu")` where it ' +
        'is needed, no static or type import, so that the package loads and type-checks without.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-optional', 'npm-peer'], dynamic: false },
    },
    {
      name: 'node-builtins-only-dynamically',
      comment: 'The package must load in a browser: `await import("node:...")` where it is needed.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['core'], dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular-imports',
      comment: 'Two files that need each other to run are one file, or want a third below them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-circles-of-types',
      comment:
        'A circle that a type-only import closes is gone once compiled, but not for a reader: who ' +
        'needs a part of what another file is says so in an interface. The few that stay are listed above.',
      severity: 'error',
      from: { path: '^src/', pathNot: circlesOfTypes.flatMap(({ files }) => files) },
      to: { circular: true },
    },
    {
      name: 'no-utils',
      comment: 'A helper lives with the noun it helps.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)utils?(/|\\.)', pathNot: 'node_modules' },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere cannot be checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/@types)/' },
    // Type-only imports count: they are knowledge too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json', '.wgsl', '.d.ts'],
    },
  },
};
