// Where an axis has its highest or lowest element, the first of equals: [outer, size, inner] →
// [outer, chunks, inner].
//
//   size    0 1 2 0 1 2 0 1      one invocation owns every `chunks`-th element of the axis, so
//           └─────┴─────┘        that neighbours load neighbouring elements
//   result  an index a chunk     (chunks = 3 here, 1 where there are enough outputs)
//
// Per output: 4·size / chunks bytes read, 4 written, 3·size / chunks operations.
// Completes each.wgsl.
struct Params {
  count: u32,
  chunks: u32,
  size: u32,
  inner: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> values: array<scalar>;
@group(0) @binding(2) var<storage, read_write> result: array<i32>;

fn compute(i: u32) {
  let block = i / params.inner;
  let outer = block / params.chunks;
  let chunk = block - outer * params.chunks;

  var at = (outer * params.size + chunk) * params.inner + i - block * params.inner;
  let step = params.chunks * params.inner;
  var best = values[at];
  var index = chunk;
  for (var k = chunk + params.chunks; k < params.size; k += params.chunks) {
    at += step;
    let next = values[at];
    let wins = better(next, best);
    best = select(best, next, wins);
    index = select(index, k, wins);
  }
  result[i] = i32(index);
}
