export type ScalarName = 'f32' | 'i32' | 'u32' | 'bool' | 'abstract-int' | 'abstract-float';

export interface ScalarType {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
}
interface VectorType {
  readonly kind: 'vector';
  readonly scalar: ScalarName;
  readonly width: 2 | 3 | 4;
}
interface ArrayType {
  readonly kind: 'array';
  readonly element: Type;
  /** Undefined where the length is that of the binding. */
  readonly count: number | undefined;
}
export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly offset: number;
}
export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  readonly members: readonly Member[];
}
interface PointerType {
  readonly kind: 'pointer';
  readonly space: string;
  readonly target: Type;
}
interface VoidType {
  readonly kind: 'void';
}

/** A WGSL type. Equal types are the same object. */
export type Type = ScalarType | VectorType | ArrayType | StructType | PointerType | VoidType;

const scalars = new Map<ScalarName, ScalarType>();
const vectors = new Map<string, VectorType>();
const arrays = new WeakMap<Type, Map<number | undefined, ArrayType>>();
const pointers = new WeakMap<Type, Map<string, PointerType>>();

export function scalar(name: ScalarName): ScalarType {
  let type = scalars.get(name);
  if (!type) {
    type = { kind: 'scalar', scalar: name };
    scalars.set(name, type);
  }
  return type;
}

export function vector(width: number, name: ScalarName): VectorType {
  const key = `${width}${name}`;
  let type = vectors.get(key);
  if (!type) {
    type = { kind: 'vector', width: width as 2 | 3 | 4, scalar: name };
    vectors.set(key, type);
  }
  return type;
}

export function array(element: Type, count: number | undefined): ArrayType {
  let known = arrays.get(element);
  if (!known) {
    known = new Map();
    arrays.set(element, known);
  }
  let type = known.get(count);
  if (!type) {
    type = { kind: 'array', element, count };
    known.set(count, type);
  }
  return type;
}

export function pointer(space: string, target: Type): PointerType {
  let known = pointers.get(target);
  if (!known) {
    known = new Map();
    pointers.set(target, known);
  }
  let type = known.get(space);
  if (!type) {
    type = { kind: 'pointer', space, target };
    known.set(space, type);
  }
  return type;
}

export const F32 = scalar('f32');
export const I32 = scalar('i32');
export const U32 = scalar('u32');
export const BOOL = scalar('bool');
export const ABSTRACT_INT = scalar('abstract-int');
export const ABSTRACT_FLOAT = scalar('abstract-float');
export const VOID: VoidType = { kind: 'void' };

export type Numeric = ScalarType | VectorType;

export function isNumeric(type: Type): type is Numeric {
  return type.kind === 'scalar' || type.kind === 'vector';
}

/** A type of the same shape as `type` with other scalars. */
export function withScalar(type: Numeric, name: ScalarName): Numeric {
  return type.kind === 'scalar' ? scalar(name) : vector(type.width, name);
}

export function isAbstract(type: Type): boolean {
  if (isNumeric(type)) return type.scalar === 'abstract-int' || type.scalar === 'abstract-float';
  return type.kind === 'array' && isAbstract(type.element);
}

export function typeName(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'vector':
      return `vec${type.width}<${type.scalar}>`;
    case 'array':
      return `array<${typeName(type.element)}${type.count === undefined ? '' : `, ${type.count}`}>`;
    case 'struct':
      return type.name;
    case 'pointer':
      return `ptr<${type.space}, ${typeName(type.target)}>`;
    case 'void':
      return 'nothing';
  }
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** The alignment in bytes that WGSL gives a type in memory. */
function alignOf(type: Type): number {
  switch (type.kind) {
    case 'scalar':
      return 4;
    case 'vector':
      return type.width === 2 ? 8 : 16;
    case 'array':
      return alignOf(type.element);
    case 'struct':
      return Math.max(4, ...type.members.map((member) => alignOf(member.type)));
    default:
      return 4;
  }
}

/** Bytes of a value in memory; of an array without a count, of one element. */
export function sizeOf(type: Type): number {
  switch (type.kind) {
    case 'scalar':
      return 4;
    case 'vector':
      return type.width * 4;
    case 'array':
      return strideOf(type) * (type.count ?? 1);
    case 'struct': {
      const last = type.members[type.members.length - 1];
      return last ? roundUp(last.offset + sizeOf(last.type), alignOf(type)) : 0;
    }
    default:
      return 0;
  }
}

/** Bytes from one element of an array to the next. */
export function strideOf(type: ArrayType): number {
  return roundUp(sizeOf(type.element), alignOf(type.element));
}

export function struct(name: string, members: readonly { name: string; type: Type }[]): StructType {
  let offset = 0;
  const placed = members.map((member) => {
    const at = roundUp(offset, alignOf(member.type));
    offset = at + sizeOf(member.type);
    return { ...member, offset: at };
  });
  return { kind: 'struct', name, members: placed };
}
