// e^x where the hardware has an instruction for it.
fn power(x: elements) -> elements {
  return exp(x);
}
