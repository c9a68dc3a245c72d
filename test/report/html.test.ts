import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeHtml, html } from '../../src/report/html.ts';

const test = suite('html');

test('what is put in is escaped, markup is not', () => {
  const inner = html`<b>${'<i>'}</b>`;
  assert.is(inner.text, '<b>&lt;i&gt;</b>');
  assert.is(
    html`<p title="${`"'`}">${inner}</p>`.text,
    '<p title="&quot;&#39;"><b>&lt;i&gt;</b></p>',
  );
});

test('lists are put in one after the other, undefined as nothing', () => {
  const items = [1, 2].map((item) => html`<li>${item}</li>`);
  assert.is(
    html`<ul>${items}</ul>${undefined}${['a', '&']}`.text,
    '<ul><li>1</li><li>2</li></ul>a&amp;',
  );
});

test('an escaped text has no markup and can be had back', () => {
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'a;lt#39') }), (text) => {
      const escaped = escapeHtml(text);
      assert.not.match(escaped, /[<>"']/);
      const back = escaped.replace(
        /&(lt|gt|quot|#39|amp);/g,
        (entity) => entities[entity as keyof typeof entities],
      );
      assert.is(back, text);
    }),
  );
});

test.run();
