// On the pages of the site: runs examples where they stand, and shows the playground on its page.
(() => {
  const assets = document.currentScript.src.replace(/custom\.js.*$/, '');
  addEventListener('DOMContentLoaded', () => {
    // What is scrolled can be reached by keyboard.
    const scrolled = '.tsd-typography table, .tsd-typography pre:has(> code:not([class]))';
    for (const element of document.querySelectorAll(scrolled)) element.tabIndex = 0;
  });
  const page = /documents\/([^/]+)\.html$/.exec(location.pathname)?.[1];
  if (page === undefined) return;
  const ready = () => (page === 'docs_playground' ? showPlayground() : loadExamples());
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', ready);
  else ready();

  function showPlayground() {
    const address = new URL('../playground/index.html', assets);
    const frame = document.createElement('iframe');
    frame.src = address;
    frame.title = 'The playground';
    frame.className = 'playground';
    const link = document.createElement('p');
    link.innerHTML = `<a href="${address}">The playground on a page of its own</a>`;
    const heading = document.querySelector('.tsd-panel h1');
    if (location.protocol !== 'file:') return heading.after(frame, link);
    const note = document.createElement('p');
    note.className = 'note';
    note.textContent =
      'The playground would stand here if this page came from a server: browsers load no modules from files.';
    heading.after(note);
  }

  function loadExamples() {
    const script = document.createElement('script');
    script.src = `${assets}examples.js`;
    script.onload = () => {
      const blocks = document.querySelectorAll('.tsd-panel pre > code.ts');
      for (const [at, program] of Object.entries(examples[page] ?? {})) offer(blocks[at], program);
    };
    document.head.append(script);
  }

  /** A button below a block that runs its program, and what it printed. */
  function offer(block, program) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Run';
    button.className = 'run-example';
    const output = document.createElement('output');
    output.className = 'printed';
    output.hidden = true;
    block.parentElement.after(button, output);
    button.onclick = () => run(program, button, output);
  }

  /** In a frame of its own, so that nothing is left on this page. */
  function run(program, button, output) {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    button.disabled = true;
    output.hidden = false;
    output.textContent = 'Running …';
    let lines = [];
    const show = () => {
      output.textContent = lines.join('\n');
    };
    const end = () => {
      frame.remove();
      button.disabled = false;
      if (lines.length === 0) lines.push('It printed nothing.');
      show();
    };
    frame.srcdoc = `<!doctype html><script src="${assets}wgrad.js"></script>`;
    frame.onload = () => {
      const inner = frame.contentWindow;
      inner.console.log = (...values) => {
        lines.push(values.map((value) => shown(value, true)).join(' '));
        show();
      };
      inner.exampleBegins = () => {
        lines = [];
      };
      inner.exampleEnds = end;
      const fail = (error) => {
        lines.push(String(error));
        end();
      };
      inner.onerror = (message) => fail(message);
      inner.onunhandledrejection = ({ reason }) => fail(reason);
      const script = inner.document.createElement('script');
      script.type = 'module';
      script.textContent = `${program}\nexampleEnds();`;
      inner.document.head.append(script);
    };
    document.body.append(frame);
  }

  /** A value as Node's console shows it, near enough. */
  function shown(value, isOutermost = false) {
    if (typeof value === 'string') return isOutermost ? value : `'${value}'`;
    if (Object.is(value, -0)) return '-0';
    if (typeof value !== 'object' || value === null) return String(value);
    // Made in the frame, whose classes are not those of this page.
    const name = value.constructor?.name ?? 'Object';
    if (/Error$/.test(name)) return String(value);
    const list = Array.isArray(value) || ArrayBuffer.isView(value);
    const parts = list
      ? Array.from(value, (part) => shown(part))
      : Object.entries(value).map(([key, part]) => `${key}: ${shown(part)}`);
    const prefix =
      Array.isArray(value) || name === 'Object' ? '' : `${name}${list ? `(${value.length})` : ''} `;
    const [open, close] = list ? '[]' : '{}';
    return `${prefix}${open}${parts.length > 0 ? ` ${parts.join(', ')} ` : ''}${close}`;
  }
})();
