/* Copies the page's address, which site_map.js keeps true to what is on screen. */
export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.help;
  button.onclick = async () => {
    const link = data.base ? data.base + window.location.search : window.location.href;
    const copied = await copy(link);
    button.textContent = copied ? data.done : data.label;
    if (!copied) window.prompt(data.by_hand, link);
    setTimeout(() => { button.textContent = data.label; }, 2000);
  };

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (_) {   // an address that is not secure has no clipboard
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }
}
