// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
// four random words from a position and a key, with no state to carry. Used inside fused kernels:
// the invocation that owns elements 4i … 4i+3 of a random tensor calls philox(i, …) once.

// The high word of a 32×32-bit product, from 16-bit halves: WGSL has no 64-bit integers.
fn multiply_high(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let low = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (low >> 16u);
}

fn philox(position: u32, stream: u32, seed: vec2<u32>) -> vec4<u32> {
  return philox_again(0u, position, stream, seed);
}

// Other words of the same position, where four are too few.
fn philox_again(attempt: u32, position: u32, stream: u32, seed: vec2<u32>) -> vec4<u32> {
  var counter = vec4<u32>(position, attempt, stream, 0u);
  var key = seed;
  for (var round = 0u; round < 10u; round++) {
    counter = vec4<u32>(
      multiply_high(0xcd9e8d57u, counter.z) ^ counter.y ^ key.x,
      0xcd9e8d57u * counter.z,
      multiply_high(0xd2511f53u, counter.x) ^ counter.w ^ key.y,
      0xd2511f53u * counter.x,
    );
    key += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return counter;
}

// One random word: the element at `index` of the tensor that philox fills four at a time.
fn philox_at(index: u32, stream: u32, seed: vec2<u32>) -> u32 {
  return philox(index >> 2u, stream, seed)[index & 3u];
}
