/**
 * Every error wgrad throws on purpose. Callers tell them apart with `instanceof`; each message
 * names what failed, the shapes, limit or file involved, and what to do about it.
 */
export class WgradError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Shapes that do not fit an operation, an axis that does not exist, an impossible reshape. */
export class ShapeError extends WgradError {}

/** A dtype an operation does not accept, or two operands whose dtypes differ. */
export class DTypeError extends WgradError {}

/** A number or option outside what an operation allows, such as a dropout rate of 2. */
export class ArgumentError extends WgradError {}

/** No usable device, or a device that refused what was asked of it. */
export class DeviceError extends WgradError {}

/** The device went away (driver reset, laptop suspended): its tensors are gone with it. */
export class DeviceLostError extends DeviceError {}

/** The device could not give the memory asked for. */
export class OutOfMemoryError extends DeviceError {}

/** A tensor built from a variable's older value and not computed before the variable changed. */
export class StaleTensorError extends WgradError {}

/** A data file that is missing, truncated, corrupt, or of another format. */
export class DataError extends WgradError {}

/** A file or folder that cannot be written. */
export class FileError extends DataError {}

/** A checkpoint that is unreadable or belongs to another model. */
export class CheckpointError extends WgradError {}

/** An optional package that what was asked for needs, and that is not installed. */
export class MissingPackageError extends WgradError {}
