import fc from 'fast-check';

/** As many predictions as labels, up to 5 classes. */
export const pairs = fc.integer({ min: 1, max: 5 }).chain((classes) => {
  const value = fc.nat(classes - 1);
  return fc.tuple(fc.constant(classes), fc.array(fc.tuple(value, value), { maxLength: 60 }));
});

/** Labels and scores of which many are equal, up to 5 classes. */
export const scored = fc.integer({ min: 1, max: 5 }).chain((classes) =>
  fc
    .array(
      fc.tuple(
        fc.nat(classes - 1),
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: classes, maxLength: classes }),
      ),
      { maxLength: 30 },
    )
    .map((examples) => ({
      classes,
      labels: examples.map(([label]) => label),
      scores: examples.flatMap(([, row]) => row),
    })),
);

/** At least one positive and one negative in any order, scores of which many are equal. */
export const flagged = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: -6, max: 6 })), { minLength: 2, maxLength: 50 })
  .filter((examples) => new Set(examples.map(([flag]) => flag)).size === 2)
  .map((examples) => ({
    flags: examples.map(([flag]) => flag),
    scores: examples.map(([, score]) => score),
  }));
