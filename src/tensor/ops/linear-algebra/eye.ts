import { checkShape } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { full, positions } from '../creation.ts';
import { reshape } from '../views.ts';

/**
 * The identity matrix: ones on the diagonal, f32.
 * @throws ShapeError where a side is not a whole number of 0 or more.
 */
export function eye(rows: number, columns = rows): Tensor {
  checkShape('eye', [rows, columns]);
  const row = reshape(positions([rows], 'i32'), [rows, 1]);
  const column = reshape(positions([columns], 'i32'), [1, columns]);
  return rows * columns === 0 ? full([rows, columns], 0) : cast(row.equal(column), 'f32');
}
