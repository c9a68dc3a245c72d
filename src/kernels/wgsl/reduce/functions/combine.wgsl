// What a reduction does with two partial results, element by element. `elements` and `words` are
// the kernel's own aliases (one or four lanes of f32, i32 or u32, and as many u32).
const SUM = 0u;
const MAX = 1u;
const MIN = 2u;
const PROD = 3u;

fn combine(a: elements, b: elements) -> elements {
  if (OP == SUM) { return a + b; }
  if (OP == MAX) { return max(a, b); }
  if (OP == MIN) { return min(a, b); }
  return a * b;
}

fn combine_marked(a: elements, b: elements) -> elements {
  return marked(combine(a, b), max(magnitude(a), magnitude(b)));
}
