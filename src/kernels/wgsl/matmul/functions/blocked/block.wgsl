// Blocks of 4 × 4 elements in the registers of one invocation: a function file.
//
//   x [ x0 x1 x2 x3 ]      each row one vec4
//   y [ y0 y1 y2 y3 ]
//   z [ z0 z1 z2 z3 ]      16 multiply-adds an outer product, no memory
//   w [ w0 w1 w2 w3 ]

struct Block {
  x: vec4<f32>,
  y: vec4<f32>,
  z: vec4<f32>,
  w: vec4<f32>,
}

fn turned(m: Block, turns: u32) -> Block {
  if (turns == 0u) { return m; }
  return Block(
    vec4<f32>(m.x.x, m.y.x, m.z.x, m.w.x),
    vec4<f32>(m.x.y, m.y.y, m.z.y, m.w.y),
    vec4<f32>(m.x.z, m.y.z, m.z.z, m.w.z),
    vec4<f32>(m.x.w, m.y.w, m.z.w, m.w.w),
  );
}

// With the products of four elements of a column of `a` and four of a row of `b`.
fn added(sums: Block, left: vec4<f32>, right: vec4<f32>) -> Block {
  return Block(
    fma(vec4<f32>(left.x), right, sums.x),
    fma(vec4<f32>(left.y), right, sums.y),
    fma(vec4<f32>(left.z), right, sums.z),
    fma(vec4<f32>(left.w), right, sums.w),
  );
}
