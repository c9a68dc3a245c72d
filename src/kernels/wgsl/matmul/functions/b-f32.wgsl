// The operand `b` where it is f32: read four neighbours at a time, 16 bytes, or one by one.
@group(0) @binding(2) var<storage, read> b: array<vec4<f32>>;

fn b_vector(i: u32) -> vec4<f32> { return b[i]; }
fn b_element(i: u32) -> f32 { return b[i >> 2u][i & 3u]; }
