// Gradients whose losses nobody wants, or another kernel has computed.
fn keep_loss(at: Walk, scale: Scale) {}
