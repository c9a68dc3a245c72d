// The frame of kernels that draw one number for each of `params.count` numbers that say of which
// distribution: shape [n] → [n].
//
//   given   2.5 0.3 …     one invocation owns one, and draws words by its position until it is done
//   result  3.1 0.0 …
//
// Per number: 4 bytes read, 4 written, about 130 operations for each four words.
// Completes each.wgsl.
//
// The file that completes it says
//   drawn(position, given)  the number at a position
struct Params {
  count: u32,
  // The position of the first.
  first: u32,
  stream: u32,
  seedLow: u32,
  seedHigh: u32,
  nan: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// After so many attempts, of which each fails once in ten times at most, there are no more.
const ATTEMPTS = 64u;

fn compute(i: u32) {
  result[i] = drawn(params.first + i, given[i]);
}

// Four numbers from (0, 1], others in each attempt; none of them is of those that `philox` gives.
fn evenly(position: u32, attempt: u32) -> vec4<f32> {
  let seed = vec2<u32>(params.seedLow, params.seedHigh);
  let words = philox_again(attempt + 1u, position, params.stream, seed);
  return vec4<f32>((words >> vec4<u32>(8u)) + vec4<u32>(1u)) * (1.0 / 16777216.0);
}
