/**
 * Every error wgrad throws on purpose. Callers tell them apart with `instanceof`; each message
 * names what failed, the shapes, limit or file involved, and what to do about it.
 */
export class WgradError extends Error {
  // Written out in each class: the names of classes do not survive minification.
  override readonly name: string = 'WgradError';
}

/** Shapes that do not fit an operation, an axis that does not exist, an impossible reshape. */
export class ShapeError extends WgradError {
  override readonly name: string = 'ShapeError';
}

/** A dtype an operation does not accept, or two operands whose dtypes differ. */
export class DTypeError extends WgradError {
  override readonly name: string = 'DTypeError';
}

/** A number or option outside what an operation allows, such as a dropout rate of 2. */
export class ArgumentError extends WgradError {
  override readonly name: string = 'ArgumentError';
}

/** No usable device, or a device that refused what was asked of it. */
export class DeviceError extends WgradError {
  override readonly name: string = 'DeviceError';
}

/** The device went away (driver reset, laptop suspended): its tensors are gone with it. */
export class DeviceLostError extends DeviceError {
  override readonly name: string = 'DeviceLostError';
}

/** The device could not give the memory asked for. */
export class OutOfMemoryError extends DeviceError {
  override readonly name: string = 'OutOfMemoryError';
}

/** A tensor built from a variable's older value and not computed before the variable changed. */
export class StaleTensorError extends WgradError {
  override readonly name: string = 'StaleTensorError';
}

/** A data file that is missing, truncated, corrupt, or of another format. */
export class DataError extends WgradError {
  override readonly name: string = 'DataError';
}

/** A file or folder that cannot be written. */
export class FileError extends DataError {
  override readonly name: string = 'FileError';
}

/** A checkpoint that is unreadable or belongs to another model. */
export class CheckpointError extends WgradError {
  override readonly name: string = 'CheckpointError';
}

/** An optional package that what was asked for needs, and that is not installed. */
export class MissingPackageError extends WgradError {
  override readonly name: string = 'MissingPackageError';
}

/** Ranks that disagree, or a library of MPI that is missing or not the one that started them. */
export class DistributedError extends WgradError {
  override readonly name: string = 'DistributedError';
}
