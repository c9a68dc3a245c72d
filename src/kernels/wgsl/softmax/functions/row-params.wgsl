// What all kernels over rows of logits are told: the parts of all rows, how many elements (`elements`)
// a row and a part have, and in how many parts a pass before has seen a row.
struct Params {
  parts: u32,
  chunks: u32,
  size: u32,
  span: u32,
  seen: u32,
  width: u32,
  nan: u32,
}
