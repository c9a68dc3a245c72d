// A product that nobody wants the sums of columns with, for matmul/blocked.wgsl.
fn keep_sums(split: u32, column: u32, sums: vec4<f32>) {}
