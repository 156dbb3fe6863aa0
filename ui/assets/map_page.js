/* What the map's scripts share: elements of the page, and questions to our own server. */
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  /* An element with a class and a text; the text is put on the page as text. */
  function made(tag, css, text) {
    const one = document.createElement(tag);
    if (css) one.className = css;
    if (text !== undefined) one.textContent = text;
    return one;
  }

  function drawn(tag, attributes, ...parts) {
    const one = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...parts);
    return one;
  }

  /* Ask our server. It never throws: where no answer of ours comes, because the server is
     away or a proxy answers for it, `found` is empty. */
  async function ask(address, { body, read } = {}) {
    const how = { credentials: "same-origin" };
    if (body) {
      Object.assign(how, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    }
    try {
      const answer = await fetch(address, how);
      return { ok: answer.ok, found: await (answer.ok && read ? read(answer) : answer.json()) };
    } catch (_) {
      return { ok: false, found: {} };
    }
  }

  const assets = document.currentScript.src.replace(/[^/]*$/, "");

  /* A script and its style that not every visitor needs. */
  function bring(name) {
    const style = made("link"), script = made("script");
    style.rel = "stylesheet";
    style.href = `${assets}${name}.css`;
    script.src = `${assets}${name}.js`;
    const there = new Promise((go, fail) => { script.onload = go; script.onerror = fail; });
    document.head.prepend(style);   // before our own, which has the last word
    document.head.append(script);
    return there;
  }

  L.landPage = { made, drawn, ask, bring };
})();
